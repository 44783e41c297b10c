/** Batches packed as MultiSendCallOnly reads them. */
import { concat, Interface, solidityPacked } from "ethers";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addressOf } from "../../../../src/chains/evm/address.ts";
import {
  decodeMultiSend,
  encodeMultiSend,
  MULTI_SEND_CALLS_MAX,
  MULTI_SEND_MALFORMED,
  MULTI_SEND_REFUSED,
  type Call,
} from "../../../../src/chains/evm/multi-send.ts";
import { ZERO_ADDRESS } from "../../../../src/chains/evm/erc20.ts";
import { fromHex, toHex } from "../../../../src/core/hex.ts";
import { expectRefusal } from "../../../bitcoin/refusal.ts";
import { stranger } from "../../../factory/safe-fixture.ts";
import { codeOf } from "../../../factory/thrown.ts";

const oracle = new Interface(["function multiSend(bytes)"]);
const wrap = (packed: string) => fromHex(oracle.encodeFunctionData("multiSend", [packed]).slice(2));
const packedCall = ({ to, value, data }: Call, operation = 0, length = BigInt(data.length)) =>
  solidityPacked(["uint8", "address", "uint256", "uint256", "bytes"], [operation, to, value, length, data]);
const call: Call = { to: stranger("payee"), value: 3n, data: fromHex("aabb") };
const refused = (packed: string, kind = MULTI_SEND_MALFORMED) =>
  expectRefusal(() => decodeMultiSend(wrap(packed)), kind);

test("ethers packs the same, and what is packed is read", () => {
  const calls = fc.array(
    fc.record({
      to: fc
        .uint8Array({ minLength: 20, maxLength: 20 })
        .filter((bytes) => bytes.some(Boolean))
        .map(addressOf),
      value: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
      data: fc.uint8Array({ maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 5 },
  );
  fc.assert(
    fc.property(calls, (batch) => {
      const data = encodeMultiSend(batch);
      expect(toHex(data)).toBe(toHex(wrap(concat(batch.map((one) => packedCall(one))))));
      expect(decodeMultiSend(data)).toEqual(batch);
    }),
    { numRuns: 200 },
  );
});

describe("refused", () => {
  test("a delegate call, or an operation that there is not", () => {
    expect(refused(packedCall(call, 1), MULTI_SEND_REFUSED).message).toContain("delegate call");
    expect(refused(concat([packedCall(call), packedCall(call, 1)]), MULTI_SEND_REFUSED).field).toBe(
      "data[1]",
    );
    refused(packedCall(call, 2));
    refused(packedCall(call, 255));
  });

  test("a call that is cut, bytes behind the last one, a length beyond any number", () => {
    const whole = packedCall(call);
    for (let length = 4; length < whole.length; length += 2) refused(whole.slice(0, length));
    // Fewer than 32 bytes behind the last call are what the contract would pass over.
    for (const tail of ["0x00", `0x${"00".repeat(31)}`, `0x${"00".repeat(84)}`])
      refused(concat([whole, tail]));
    refused(packedCall(call, 0, 3n));
    for (const length of [2n ** 64n, 2n ** 256n - 1n]) refused(packedCall(call, 0, length));
  });

  test("no call, and more than one transaction's gas pays for", () => {
    expectRefusal(() => encodeMultiSend([]), MULTI_SEND_MALFORMED);
    refused("0x");
    const many = (count: number) => Array.from({ length: count }, () => call);
    expect(decodeMultiSend(encodeMultiSend(many(MULTI_SEND_CALLS_MAX)))).toHaveLength(MULTI_SEND_CALLS_MAX);
    expectRefusal(() => encodeMultiSend(many(MULTI_SEND_CALLS_MAX + 1)), MULTI_SEND_MALFORMED);
    refused(concat(many(MULTI_SEND_CALLS_MAX + 1).map((one) => packedCall(one))));
  });

  test("the zero address, which 1.5.0 takes for the Safe itself, and a batch within", () => {
    const nobody = { ...call, to: ZERO_ADDRESS };
    const within = { ...call, data: encodeMultiSend([call]) };
    for (const bad of [nobody, within]) {
      expectRefusal(() => encodeMultiSend([bad]), MULTI_SEND_REFUSED);
      refused(packedCall(bad), MULTI_SEND_REFUSED);
    }
  });

  test("another function, or bytes behind its argument", () => {
    expect(codeOf(() => decodeMultiSend(call.data))).toBe("EVM_CALLDATA_MALFORMED");
    const data = encodeMultiSend([call]);
    expect(codeOf(() => decodeMultiSend(new Uint8Array([...data, ...new Uint8Array(32)])))).toBe(
      "EVM_CALLDATA_MALFORMED",
    );
  });
});
