/** Transfers of tokens, as ethers writes them. */
import { Interface } from "ethers";
import { expect, test } from "vitest";
import {
  decodeErc20Call,
  encodeTransfer,
  TRANSFER_TO,
  ZERO_ADDRESS,
} from "../../../../src/chains/evm/erc20.ts";
import { concatBytes, toHex } from "../../../../src/core/hex.ts";
import { expectRefusal } from "../../../bitcoin/refusal.ts";
import { stranger } from "../../../factory/safe-fixture.ts";
import { codeOf } from "../../../factory/thrown.ts";

const [token, to] = [stranger("token"), stranger("payee")];
const oracle = new Interface(["function transfer(address,uint256)"]);

test.each([0n, 1n, 10n ** 18n, 2n ** 256n - 1n])("a transfer of %d", (units) => {
  const data = encodeTransfer({ token, to, units });
  expect(`0x${toHex(data)}`).toBe(oracle.encodeFunctionData("transfer", [to, units]));
  expect(decodeErc20Call(data, token)).toEqual({ call: "transfer", to, units });
});

test("to the zero address, or the token itself: neither written nor read", () => {
  for (const receiver of [ZERO_ADDRESS, token]) {
    expectRefusal(() => encodeTransfer({ token, to: receiver, units: 1n }), TRANSFER_TO);
    // Another token's contract is somebody like any other here.
    const data = encodeTransfer({ token: to, to: token, units: 1n });
    expect(codeOf(() => decodeErc20Call(data, to))).toBe("none");
    expect(expectRefusal(() => decodeErc20Call(data, token), TRANSFER_TO).field).toBe("data.to");
  }
});

test("nothing behind it, nothing missing", () => {
  const data = encodeTransfer({ token, to, units: 1n });
  expect(codeOf(() => decodeErc20Call(concatBytes(data, Uint8Array.of(0)), token))).toBe(
    "EVM_CALLDATA_MALFORMED",
  );
  expect(codeOf(() => decodeErc20Call(data.subarray(0, 67), token))).toBe("EVM_CALLDATA_MALFORMED");
  for (const length of [0, 3]) {
    expect(codeOf(() => decodeErc20Call(data.subarray(0, length), token))).toBe("EVM_CALLDATA_UNKNOWN");
  }
});
