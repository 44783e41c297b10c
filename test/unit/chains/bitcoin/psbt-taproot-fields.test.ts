/** BIP-371 fields: what BIP-340, 341 and 342 make impossible is refused where it is read, each beside what is possible. */
import { expect, test } from "vitest";
import type { PsbtField } from "../../../../src/chains/bitcoin/psbt-codec.ts";
import { checkField, type MapKind } from "../../../../src/chains/bitcoin/psbt-fields.ts";
import { codeOf } from "../../../factory/thrown.ts";
import { field } from "../../../bitcoin/edit-psbt.ts";

const verdict = (kind: MapKind, each: PsbtField) => codeOf(() => checkField(kind, each, "here"));
const bytes = (length: number, last?: number) =>
  Array.from({ length }, (_, i) => (i === length - 1 && last !== undefined ? last : 1));
const leaf = (depth: number, version = 0xc0, script = [0x51]) => [depth, version, script.length, ...script];

const control = (version: number, steps = 1) => [version, ...bytes(32 + 32 * steps)];
const origin = (hashes: number, steps: number) => [hashes, ...bytes(32 * hashes), ...bytes(4 + 4 * steps)];

const CASES: readonly [name: string, kind: MapKind, good: PsbtField, bad: PsbtField][] = [
  ["a key signature of 66 bytes", "input", field(0x13, bytes(65, 1)), field(0x13, bytes(66, 1))],
  ["a key signature with key data", "input", field(0x13, bytes(64)), field(0x13, bytes(64), [1])],
  ["sighash type 0 spelt out", "input", field(0x13, bytes(65, 0x81)), field(0x13, bytes(65, 0))],
  ["a sighash type that is none", "input", field(0x13, bytes(65, 0x83)), field(0x13, bytes(65, 0x84))],
  [
    "the same in a script signature",
    "input",
    field(0x14, bytes(65, 3), bytes(64)),
    field(0x14, bytes(65, 4), bytes(64)),
  ],
  [
    "a script signature for a compressed key",
    "input",
    field(0x14, bytes(64), bytes(64)),
    field(0x14, bytes(64), bytes(65)),
  ],
  [
    "a control block of half a step",
    "input",
    field(0x15, [0x51, 0xc0], control(0xc1)),
    field(0x15, [0x51, 0xc0], control(0xc1).slice(0, 49)),
  ],
  [
    "a control block of 129 steps",
    "input",
    field(0x15, [0x51, 0xc0], control(0xc1, 128)),
    field(0x15, [0x51, 0xc0], control(0xc1, 129)),
  ],
  [
    "a leaf version that the control block contradicts",
    "input",
    field(0x15, [0x51, 0xc0], control(0xc0)),
    field(0x15, [0x51, 0xc2], control(0xc0)),
  ],
  [
    "a leaf version that would begin an annex",
    "input",
    field(0x15, [0x51, 0x52], control(0x52)),
    field(0x15, [0x51, 0x50], control(0x50)),
  ],
  ["a leaf without a version", "input", field(0x15, [0xc0], control(0xc0)), field(0x15, [], control(0xc0))],
  [
    "more leaf hashes than there are",
    "input",
    field(0x16, origin(2, 1), bytes(32)),
    field(0x16, [3, ...origin(2, 1).slice(1)], bytes(32)),
  ],
  [
    "a path of 13 steps",
    "output",
    field(0x07, origin(1, 12), bytes(32)),
    field(0x07, origin(1, 13), bytes(32)),
  ],
  ["an internal key of 33 bytes", "input", field(0x17, bytes(32)), field(0x17, bytes(33))],
  ["an output's internal key of 33 bytes", "output", field(0x05, bytes(32)), field(0x05, bytes(33))],
  ["half a Merkle root", "input", field(0x18, bytes(32)), field(0x18, bytes(16))],
  ["a tree without leaves", "output", field(0x06, leaf(0)), field(0x06, [])],
  [
    "a tree with a branch missing",
    "output",
    field(0x06, [...leaf(1), ...leaf(2), ...leaf(2)]),
    field(0x06, [...leaf(1), ...leaf(2)]),
  ],
  [
    "a tree whose leaves are in another order",
    "output",
    field(0x06, [...leaf(2), ...leaf(2), ...leaf(1)]),
    field(0x06, [...leaf(2), ...leaf(1), ...leaf(2)]),
  ],
  [
    "a leaf behind a whole tree",
    "output",
    field(0x06, [...leaf(1), ...leaf(1)]),
    field(0x06, [...leaf(1), ...leaf(1), ...leaf(1)]),
  ],
  ["an odd leaf version", "output", field(0x06, leaf(0, 0xc2)), field(0x06, leaf(0, 0xc1))],
  ["a script that ends early", "output", field(0x06, leaf(0)), field(0x06, [0, 0xc0, 2, 0x51])],
];

test.each(CASES)("%s", (_, kind, good, bad) => {
  expect([verdict(kind, good), verdict(kind, bad)]).toEqual(["none", "PSBT_MALFORMED"]);
});

test("a tree of 128 levels, and one of 129", () => {
  const comb = (levels: number) =>
    Array.from({ length: levels }, (_, i) => leaf(i + 1))
      .concat([leaf(levels)])
      .flat();
  expect(verdict("output", field(0x06, comb(128)))).toBe("none");
  expect(verdict("output", field(0x06, comb(129)))).toBe("PSBT_MALFORMED");
});
