/** ERC-4527's structures, read strictly: what is missing, of another kind or not known is refused. */
import { describe, expect, test } from "vitest";
import { encodeCbor, type Cbor } from "../../../../src/airgap/cbor.ts";
import {
  ethSignatureCbor,
  ethSignRequestCbor,
  readEthSignature,
  readEthSignRequest,
} from "../../../../src/airgap/registry/eth-sign-request.ts";
import { writeKeyPath } from "../../../../src/airgap/registry/key-path.ts";
import { UR_STRUCTURE_MALFORMED } from "../../../../src/airgap/registry/structure.ts";
import { fixtureBytes } from "../../../factory/identities.ts";
import { codeOf } from "../../../factory/thrown.ts";

const ID = fixtureBytes("request").subarray(0, 16);
const UUID = { tag: 37, value: ID };
const PATH = { path: [0, 1], fingerprint: "12345678" };

describe("a request", () => {
  const whole = new Map<number, Cbor>([
    [1, UUID],
    [2, fixtureBytes("data")],
    [3, 4],
    [4, 31337],
    [5, writeKeyPath(PATH)],
  ]);
  const changed = (...changes: readonly (readonly [number, Cbor | undefined])[]): Uint8Array => {
    const map = new Map(whole);
    for (const [key, value] of changes) {
      if (value === undefined) map.delete(key);
      else map.set(key, value);
    }
    return encodeCbor(map);
  };

  test("twin: whole, and under its tag", () => {
    const read = readEthSignRequest(encodeCbor(whole));
    expect(read).toMatchObject({ dataType: "typedTransaction", chainId: 31337, path: PATH });
    expect(readEthSignRequest(encodeCbor({ tag: 401, value: whole }))).toEqual(read);
    expect(ethSignRequestCbor(read)).toEqual(encodeCbor(whole));
  });

  test.each<[string, Uint8Array]>([
    ["another tag", encodeCbor({ tag: 402, value: whole })],
    ["no map", encodeCbor([1])],
    ["no id", changed([1, undefined])],
    ["an id without its tag", changed([1, ID])],
    ["a shorter id", changed([1, { tag: 37, value: ID.subarray(1) }])],
    ["no data", changed([2, undefined])],
    ["data of no bytes", changed([2, new Uint8Array(0)])],
    ["data that is text", changed([2, "f8"])],
    ["an unknown kind of data", changed([3, 5])],
    ["no kind", changed([3, undefined])],
    // Without a chain a signature may be good on another one (attack E1).
    ["no chain", changed([4, undefined])],
    ["chain 0", changed([4, 0])],
    ["no path", changed([5, undefined])],
    ["an account of 19 bytes", changed([6, ID])],
    ["an origin that is no text", changed([7, 1])],
    ["an origin without end", changed([7, "x".repeat(10_000)])],
    ["a field that is not known", changed([8, 1])],
  ])("%s is refused", (_what, cbor) => {
    expect(codeOf(() => readEthSignRequest(cbor))).toBe(UR_STRUCTURE_MALFORMED.code);
  });
});

describe("an answer", () => {
  const SIGNATURE = new Uint8Array(65).fill(1);
  const answer = (changes: readonly (readonly [number, Cbor])[]) =>
    encodeCbor(new Map<number, Cbor>([[1, UUID], [2, SIGNATURE], ...changes]));

  test("twin: whole, with v in several bytes, and under its tag", () => {
    expect(readEthSignature(answer([]))).toEqual({ requestId: ID, signature: SIGNATURE });
    const long = new Uint8Array(68).fill(1);
    expect(readEthSignature(answer([[2, long]])).signature).toEqual(long);
    const map = new Map<number, Cbor>([
      [1, UUID],
      [2, SIGNATURE],
    ]);
    expect(readEthSignature(encodeCbor({ tag: 402, value: map }))).toEqual(readEthSignature(answer([])));
    expect(ethSignatureCbor({ requestId: ID, signature: SIGNATURE })).toEqual(answer([]));
  });

  test.each<[string, Uint8Array]>([
    ["no id", encodeCbor(new Map<number, Cbor>([[2, SIGNATURE]]))],
    ["64 bytes", answer([[2, SIGNATURE.subarray(1)]])],
    ["v of nine bytes", answer([[2, new Uint8Array(73)]])],
    ["a signature that is text", answer([[2, "signature"]])],
    ["a request in its place", answer([[4, 1]])],
  ])("%s is refused", (_what, cbor) => {
    expect(codeOf(() => readEthSignature(cbor))).toBe(UR_STRUCTURE_MALFORMED.code);
  });
});
