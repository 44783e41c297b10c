/** E8: a transaction of type 4 gives an account to somebody's code (EIP-7702). It is refused, and so is taking it back. */
import { Transaction, ZeroAddress } from "ethers";
import { describe, expect, test } from "vitest";
import { parseSigned, parseUnsigned } from "../../src/chains/evm/transaction.ts";
import { addressOf } from "../../src/chains/evm/address.ts";
import { concatBytes, fromHex, toHex } from "../../src/core/hex.ts";
import { ANVIL } from "../factory/evm-account.ts";
import { fixtureBytes } from "../factory/identities.ts";
import { codeOf } from "../factory/thrown.ts";
import { BASE, fromAccount, offered, said, withBase } from "./evm-payment.ts";
import { pair } from "./pair.ts";

const bytesOf = (text: string) => fromHex(text.slice(2));
const delegate = addressOf(fixtureBytes("delegate").subarray(0, 20));
const payment = Transaction.from(`0x${toHex(BASE)}`);

/** The very payment, with an authorisation beside it. */
function withAuthorisation(address: string, chainId: bigint): Transaction {
  const signature = { r: `0x${"11".repeat(32)}`, s: `0x${"22".repeat(32)}`, v: 27 as const };
  const transaction = Transaction.from({ ...payment.toJSON(), type: 4 });
  transaction.authorizationList = [{ address, chainId, nonce: 8n, signature }];
  return transaction;
}

describe("E8", () => {
  test("E8 twin: the payment alone is signed", () => {
    expect(said(BASE)).toBe("none");
  });

  test.each([
    ["to a contract, on this chain", delegate, 31337n],
    ["to a contract, on every chain", delegate, 0n],
    ["revoked: the delegate is address 0", ZeroAddress, 31337n],
  ])("E8: the account is delegated %s", (_, address, chainId) => {
    const transaction = withAuthorisation(address, chainId);
    const unsigned = bytesOf(transaction.unsignedSerialized);
    expect(unsigned[0]).toBe(4);
    expect(said(unsigned)).toBe("G8_EVM_TRANSACTION_TYPE");
    // Signed by somebody else, it is not taken for one of ours either.
    transaction.signature = { r: `0x${"33".repeat(32)}`, s: `0x${"44".repeat(32)}`, v: 28 };
    expect(codeOf(() => parseSigned(bytesOf(transaction.serialized), ANVIL))).toBe("EVM_TRANSACTION_TYPE");
  });

  test("E8: a list without authorisations, or a payload of type 2 under the number 4", () => {
    const transaction = Transaction.from({ ...payment.toJSON(), type: 4 });
    transaction.authorizationList = [];
    expect(said(bytesOf(transaction.unsignedSerialized))).toBe("G8_EVM_TRANSACTION_TYPE");
    expect(said(concatBytes(Uint8Array.of(4), BASE.subarray(1)))).toBe("G8_EVM_TRANSACTION_TYPE");
  });

  test("E8: the refusal says what it is", () => {
    expect(() => parseUnsigned(Uint8Array.of(4, 0xc0), ANVIL)).toThrow(/EIP-7702/);
  });
});

pair("E8", "the payment carries an authorisation, by which the account runs somebody's code", {
  good: fromAccount,
  bad: (offer) => withBase(offer, bytesOf(withAuthorisation(delegate, 31337n).unsignedSerialized)),
  judge: offered,
  accepted: "signed",
  refused: "G8 EVM_TRANSACTION_TYPE",
  removes: ["a transaction is of type 0, 1 or 2"],
  without: "G5 EVM_TRANSACTION_MALFORMED",
});
