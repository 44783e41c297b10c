/**
 * The registry against the examples that its standards print: BCR-2020-007, BCR-2020-010, BCR-2020-015 and BCR-2023-010.
 * Their hex is the oracle: what we write for the same content is the same bytes.
 */
import { describe, expect, test } from "vitest";
import { decodeCbor, encodeCbor, type Cbor } from "../../../../src/airgap/cbor.ts";
import { accountCbor, outputCbor, readAccountKeys } from "../../../../src/airgap/registry/account-keys.ts";
import { readAccount } from "../../../../src/airgap/registry/account.ts";
import { readHdKey, UR_PRIVATE_KEY, writeHdKey } from "../../../../src/airgap/registry/hd-key.ts";
import { readOutput } from "../../../../src/airgap/registry/output.ts";
import { UR_STRUCTURE_MALFORMED } from "../../../../src/airgap/registry/structure.ts";
import { UrDecoder } from "../../../../src/airgap/ur-decoder.ts";
import { encodeUr, FRAGMENT_BYTES_MAX } from "../../../../src/airgap/ur.ts";
import { assert } from "../../../../src/core/errors.ts";
import { fromHex, toHex } from "../../../../src/core/hex.ts";
import { codeOf } from "../../../factory/thrown.ts";
import { ACCOUNT, DESCRIPTOR_V3, HD_KEY, OUTPUT_OF_ONE_KEY } from "./published.ts";

const decode = (hex: string) => decodeCbor(fromHex(hex));
const refusal = (read: () => unknown) => codeOf(read);

describe("crypto-hdkey (BCR-2020-007)", () => {
  test("example 2: a public key of a test network, byte for byte", () => {
    const key = readHdKey(decode(HD_KEY.publicHex));
    expect(key).toMatchObject({ testnet: true, parentFingerprint: "e9181cf3", branches: "unsaid" });
    expect(key.origin.path).toEqual([0x8000002c, 0x80000001, 0x80000001, 0, 1]);
    expect(toHex(encodeCbor(writeHdKey(key)))).toBe(HD_KEY.publicHex);
  });

  test("example 1, a master's private key, is refused; so is one that calls itself public", () => {
    expect(refusal(() => readHdKey(decode(HD_KEY.privateHex)))).toBe(UR_PRIVATE_KEY.code);
    const bare = new Map(decode(HD_KEY.privateHex) as ReadonlyMap<number, Cbor>);
    bare.delete(1);
    expect(refusal(() => readHdKey(bare))).toBe(UR_PRIVATE_KEY.code);
  });

  test.each([
    ["a field that is not known", 11, 1],
    ["a coin other than bitcoin", 5, { tag: 305, value: new Map([[1, 60]]) }],
    ["a point that is not compressed", 3, new Uint8Array(33).fill(4)],
    ["no chain code", 4, undefined],
    ["a path without its tag", 6, new Map([[1, []]])],
    ["half a step", 6, { tag: 304, value: new Map([[1, [44]]]) }],
    ["hardened children", 7, { tag: 304, value: new Map([[1, [0, false, [], true]]]) }],
  ] as const)("refuses %s", (_, field, value) => {
    const map = new Map(decode(HD_KEY.publicHex) as ReadonlyMap<number, Cbor>);
    expect(refusal(() => readHdKey(new Map(map)))).toBe("none");
    if (value === undefined) map.delete(field);
    else map.set(field, value);
    expect(refusal(() => readHdKey(map))).toBe(UR_STRUCTURE_MALFORMED.code);
  });
});

describe("crypto-output (BCR-2020-010)", () => {
  test("example 4: one key with its origin and the change branch, byte for byte", () => {
    const output = readOutput(decode(OUTPUT_OF_ONE_KEY.hex));
    expect(output).toMatchObject({ scripts: ["pkh"], keys: [{ branches: "change" }] });
    expect(output.keys[0]?.origin).toEqual({
      path: [0x8000002c, 0x80000000, 0x80000000],
      fingerprint: "d34db33f",
    });
    expect(toHex(outputCbor(output))).toBe(OUTPUT_OF_ONE_KEY.hex);
  });

  test.each([
    [
      "example 1, a single key",
      "d90193d90132a103582102c6047f9441ed7d6d3045406e95c07cd85c778e4b8cef3ca7abac09b95c709ee5",
    ],
    ["sh(tr(…))", OUTPUT_OF_ONE_KEY.hex.replace("d90193", "d90190d90199")],
    ["wsh(multi(…)), whose order has to be kept", "d90191d90196a2010102" + "80"],
    ["a request of an Ethereum device under the tag of wsh (T8)", "d90191a10150" + "00".repeat(16)],
    ["nothing around a key", OUTPUT_OF_ONE_KEY.hex.slice(6)],
  ])("refuses %s", (_, hex) => {
    expect(refusal(() => readOutput(decode(hex)))).toBe(UR_STRUCTURE_MALFORMED.code);
  });
});

describe("crypto-account (BCR-2020-015)", () => {
  test("the example: seven kinds of script, whose UR we write letter for letter", () => {
    const message = new UrDecoder().receive(ACCOUNT.ur);
    assert(message.type === "done", "one frame is the whole message");
    const keys = readAccountKeys(message);
    expect(keys.map(({ scripts }) => scripts?.join())).toEqual([
      "pkh",
      "sh,wpkh",
      "wpkh",
      "sh",
      "sh,wsh",
      "wsh",
      "tr",
    ]);
    expect(new Set(keys.map(({ key }) => key.origin.fingerprint))).toEqual(new Set(["37b5eed4"]));
    const account = readAccount(decodeCbor(message.cbor));
    const bare = account.outputs.map((output) => ({
      ...output,
      keys: output.keys.map((key) => ({ ...key, origin: { path: key.origin.path } })),
    }));
    const cbor = accountCbor({ ...account, outputs: bare });
    expect(encodeUr("crypto-account", cbor, FRAGMENT_BYTES_MAX).single).toBe(ACCOUNT.ur);
  });

  test("a cosigner's mark (tag 410) and tag 308 around an entry change nothing", () => {
    const [plain] = (decode(ACCOUNT.hex) as ReadonlyMap<number, Cbor>).get(2) as readonly Cbor[];
    const { tag, value } = plain as { readonly tag: number; readonly value: Cbor };
    const marked: Cbor = { tag: 308, value: { tag, value: { tag: 410, value } } };
    const read = (entry: Cbor) =>
      readAccount(
        new Map<number, Cbor>([
          [1, 0x37b5eed4],
          [2, [entry]],
        ]),
      );
    expect(read(marked)).toEqual(read(plain as Cbor));
  });

  test("an account of nobody, or of no key, is refused", () => {
    const whole = decode(ACCOUNT.hex) as ReadonlyMap<number, Cbor>;
    for (const [field, value] of [
      [1, 0],
      [2, []],
    ] as const)
      expect(refusal(() => readAccount(new Map(whole).set(field, value)))).toBe(UR_STRUCTURE_MALFORMED.code);
  });
});

describe("version 2 (BCR-2023-010, BCR-2023-019)", () => {
  const wallet = decode(DESCRIPTOR_V3.hex) as { readonly value: ReadonlyMap<number, Cbor> };
  const key = (wallet.value.get(2) as readonly Cbor[])[0] as Cbor;
  const descriptor = (source: string, keys: readonly Cbor[] = [key]): Cbor =>
    new Map<number, Cbor>([
      [1, source],
      [2, keys],
    ]);
  const read = (urType: string, value: Cbor) => readAccountKeys({ urType, cbor: encodeCbor(value) });

  test("a cosigner's key is read from each of the types, with its tags above 40,000", () => {
    const expected = { origin: { fingerprint: "dc567276" }, branches: "both", parentFingerprint: "18f8c2e7" };
    const cosigner = descriptor("wsh(cosigner(@0))");
    const account = new Map<number, Cbor>([
      [1, 0xdc567276],
      [2, [{ tag: 40308, value: cosigner }]],
    ]);
    expect(read("hdkey", (key as { readonly value: Cbor }).value)).toMatchObject([{ key: expected }]);
    expect(read("hdkey", key)).toMatchObject([{ key: expected }]);
    expect(read("output-descriptor", cosigner)).toMatchObject([{ scripts: ["wsh"], key: expected }]);
    expect(read("account-descriptor", account)).toMatchObject([{ scripts: ["wsh"], key: expected }]);
  });

  test("a whole wallet, another text, and more keys than the text names are no account key", () => {
    for (const value of [
      wallet.value,
      descriptor("wsh(pk(@0))"),
      descriptor("wsh(cosigner(@0))", [key, key]),
    ])
      expect(refusal(() => read("output-descriptor", value))).toBe(UR_STRUCTURE_MALFORMED.code);
  });
});
