/** Signatures of an account's attempts: one, by its key, as a receipt carries it. */
import { declareError } from "../../core/errors.ts";
import type { InputSignature } from "../../core/documents/receipt.ts";
import { fromHex, toHex } from "../../core/hex.ts";
import type { AccountAttempt, MessageAttempt } from "./attempt.ts";
import { parseSignature, recoverAddress } from "./signature.ts";
import { encodeSigned } from "./transaction.ts";

export const SIGNATURE_INVALID = declareError(
  "EVM_SIGNATURE_INVALID",
  "verification",
  "A signature is not by the account's key over the attempt that it came with.",
);
export const SIGNATURES_INCOMPLETE = declareError(
  "EVM_SIGNATURES_INCOMPLETE",
  "invalid",
  "An attempt of an account has one signature.",
);

/** @throws EVM_SIGNATURE_INVALID, EVM_SIGNATURE_MALFORMED */
export function verifySignatures(
  { account, hash }: AccountAttempt | MessageAttempt,
  signatures: readonly InputSignature[],
): void {
  for (const { input, key, signature } of signatures) {
    const field = `signatures[${input}]`;
    const signer = recoverAddress(hash, parseSignature(fromHex(signature, field), field));
    if (input === 0 && key === toHex(account.key.publicKey) && signer === account.address) continue;
    throw SIGNATURE_INVALID(`${field} is not by ${account.address} over this attempt`, {
      field,
      hint: "have it signed again",
    });
  }
}

export function isComplete(
  _attempt: AccountAttempt | MessageAttempt,
  signatures: readonly InputSignature[],
): boolean {
  return signatures.length === 1;
}

/** The bytes to broadcast. @throws EVM_SIGNATURES_INCOMPLETE */
export function combine(attempt: AccountAttempt, signatures: readonly InputSignature[]): Uint8Array {
  return encodeSigned(attempt.transaction, parseSignature(fromHex(onlyOf(signatures), "signature")));
}

/** The signature of a text as it is given away: r, s and v, v 27 or 28, in hex. @throws EVM_SIGNATURES_INCOMPLETE */
export function messageSignature(signatures: readonly InputSignature[]): string {
  return `0x${onlyOf(signatures)}`;
}

function onlyOf(signatures: readonly InputSignature[]): string {
  const [only, ...others] = signatures;
  if (only !== undefined && others.length === 0) return only.signature;
  throw SIGNATURES_INCOMPLETE(`an attempt has ${signatures.length} signatures, not one`, {
    field: "signatures",
  });
}
