/**
 * An account's attempt as a device of another maker is asked for it (ERC-4527), and what the device's answer is worth: a
 * signature over that very transaction, by the account's own key.
 */
import type { InputSignature } from "../../core/documents/receipt.ts";
import { declareError } from "../../core/errors.ts";
import { equalBytes, toHex } from "../../core/hex.ts";
import { addressBytes } from "./address.ts";
import type { AccountAttempt, EvmAttempt } from "./attempt.ts";
import { readSignature, recoverAddress, signatureBytes } from "./signature.ts";
import { encodeUnsigned } from "./transaction.ts";

export const ANSWERS_OTHERWISE = declareError(
  "EVM_ANSWERS_OTHERWISE",
  "verification",
  "A device's answer is not the account's signature over the transaction that it was asked for.",
);

export const ASKS_ACCOUNTS_ALONE = declareError(
  "EVM_ASKS_ACCOUNTS_ALONE",
  "usage",
  "Devices of other makers are asked for an account's transaction; a Safe's is signed by our own signers.",
);

/** What a device is asked, in the terms of ERC-4527. */
export type SignRequest = {
  /** A UUID's 16 bytes, made of the attempt's hash, so that the answer says which attempt it is. */
  readonly requestId: Uint8Array;
  readonly signData: Uint8Array;
  readonly dataType: "legacy" | "typedTransaction";
  readonly chainId: number;
  readonly path: { readonly path: readonly number[]; readonly fingerprint: string };
  readonly address: Uint8Array;
};

/** @throws EVM_ASKS_ACCOUNTS_ALONE */
export function signRequestOf(attempt: EvmAttempt): SignRequest {
  if (attempt.kind !== "account")
    throw ASKS_ACCOUNTS_ALONE(
      attempt.kind === "safe" ? `${attempt.safe.address} is a Safe` : "it is a text",
      {
        field: "--psbt",
        hint: "leave --psbt out",
      },
    );
  const { transaction, account } = attempt;
  return {
    requestId: requestIdOf(attempt),
    signData: encodeUnsigned(transaction),
    dataType: transaction.type === 0 ? "legacy" : "typedTransaction",
    chainId: Number(transaction.chainId),
    path: { path: account.key.path, fingerprint: account.key.fingerprint },
    address: addressBytes(account.address),
  };
}

/** Whether a device has answered what it was asked for this attempt. */
export function answers(attempt: EvmAttempt, requestId: Uint8Array): attempt is AccountAttempt {
  return attempt.kind === "account" && equalBytes(requestIdOf(attempt), requestId);
}

// Readers of UUIDs refuse what has not a version's and the variant's bits (RFC 9562, section 4); older ones know 1 to 5.
function requestIdOf({ hash }: EvmAttempt): Uint8Array {
  return hash.slice(0, 16).map((byte, place) => {
    if (place === 6) return (byte & 0x0f) | 0x40;
    return place === 8 ? (byte & 0x3f) | 0x80 : byte;
  });
}

/**
 * The answer as a partial signature of the attempt.
 * @param answer r and s in 32 bytes each, and v @throws EVM_ANSWERS_OTHERWISE, EVM_SIGNATURE_MALFORMED
 */
export function answerOf({ transaction, account, hash }: AccountAttempt, answer: Uint8Array): InputSignature {
  const number = (from: number, to?: number) => BigInt(`0x${toHex(answer.subarray(from, to))}`);
  const yParity = parityOf(number(64), transaction.chainId);
  const signature = readSignature({ r: number(0, 32), s: number(32, 64), yParity });
  if (recoverAddress(hash, signature) !== account.address)
    throw ANSWERS_OTHERWISE(`it is not a signature by ${account.address} over this transaction`, {
      field: "signature",
      hint: "have the very request signed that was written last, by the device that has this account",
    });
  return { input: 0, key: toHex(account.key.publicKey), signature: toHex(signatureBytes(signature)) };
}

// Devices write the parity itself, 27 more as messages have it, or what EIP-155 makes of it.
function parityOf(v: bigint, chainId: bigint): bigint {
  if (v >= 35n) return v - 35n - 2n * chainId;
  return v >= 27n ? v - 27n : v;
}
