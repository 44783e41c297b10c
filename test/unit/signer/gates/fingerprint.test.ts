/** Law 2, B18: whatever changes between review and signature changes the digest; what V8 does with memory meanwhile does not. */
import { describe, expect, test } from "vitest";
import { markConfirmed, register, takeConfirmed } from "../../../../signer/gates/approved.ts";
import { fingerprint } from "../../../../signer/gates/fingerprint.ts";
import { toHex } from "../../../../src/core/hex.ts";
import { goodRequest, makeCustody, stateFor } from "../../../factory/custody.ts";
import { reviewed } from "../../../factory/gates.ts";
import { OLGA } from "../../../factory/identities.ts";

const sample = () => ({
  script: Uint8Array.of(1, 2, 3),
  units: 5n,
  sequence: 1,
  witness: [Uint8Array.of(4)],
  locks: ["block 7"],
  final: false,
  path: undefined,
});

/** Of one shape in V8's eyes, whatever stands in it. */
const makeInput = (sequence: number) => ({ vout: 0, sequence });

const sequenceOf = ({ sequence }: ReturnType<typeof makeInput>) => sequence;

describe("a fingerprint", () => {
  const before = toHex(fingerprint(sample()));

  test("is the same of the same", () => {
    expect(toHex(fingerprint(sample()))).toBe(before);
  });

  test.each<[string, object]>([
    ["a byte", { script: Uint8Array.of(1, 9, 3) }],
    ["bytes that are fewer", { script: Uint8Array.of(1, 2) }],
    ["an amount", { units: 6n }],
    ["an amount that is a number", { units: 5 }],
    ["a number", { sequence: 2 }],
    ["a number that is a text", { sequence: "1" }],
    ["bytes deeper in", { witness: [Uint8Array.of(5)] }],
    ["one more of a list", { witness: [Uint8Array.of(4), Uint8Array.of(4)] }],
    ["a text", { locks: ["block 8"] }],
    ["two texts in the place of one", { locks: ["block", "7"] }],
    ["a truth value", { final: true }],
    ["what was not there", { path: "m/0" }],
    ["a field more", { other: 1 }],
  ])("is another one of another: %s", (_, change) => {
    expect(toHex(fingerprint({ ...sample(), ...change }))).not.toBe(before);
  });

  test("reads what stands in two places, in both", () => {
    const script = Uint8Array.of(1);
    const once = toHex(fingerprint([script, script, Uint8Array.of(2)]));
    script.fill(7);
    expect(toHex(fingerprint([script, script, Uint8Array.of(2)]))).not.toBe(once);
    expect(toHex(fingerprint([script, Uint8Array.of(2), script]))).not.toBe(
      toHex(fingerprint([script, script, Uint8Array.of(2)])),
    );
  });

  test("is of nothing that could hide a change", () => {
    expect(() => fingerprint({ keys: new Map([[1, 2]]) })).toThrow("plain values");
    expect(() => fingerprint({ read: () => 1 })).toThrow("a fingerprint of this");
  });
});

test("G12: a review stays good when V8 keeps its numbers in another way", () => {
  const { review } = reviewed(goodRequest(makeCustody()), stateFor(makeCustody()));
  const tx = makeInput(1);
  const plans = [{ rungs: [{ tx, transaction: review.digest }], cancel: undefined }] as never;
  const audit = { epoch: 1, size: 0, root: review.digest };
  const at = "2026-11-22T09:00:00Z" as never;
  const approved = register(review, { plans, at, officer: OLGA.key, head: undefined, audit });
  markConfirmed(approved);
  // Another transaction's sequence is above 2^31: from then on the shape holds no small integers.
  makeInput(0xfffffffd);
  for (let read = 0; read < 1000; read++) sequenceOf(tx);
  expect(takeConfirmed(approved).plans).toBe(plans);
});
