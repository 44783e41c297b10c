/** Signatures of a Safe's attempts: of each owner one, over the Safe's hash of the transaction, until there are enough. */
import { declareError } from "../../core/errors.ts";
import type { InputSignature } from "../../core/documents/receipt.ts";
import { concatBytes, fromHex, toHex } from "../../core/hex.ts";
import { ADDRESS_BYTES, addressBytes, addressOf, type Address } from "./address.ts";
import type { SafeAttempt } from "./attempt.ts";
import { wordBytes } from "./quantity.ts";
import { encodeExecution } from "./safe-execution.ts";
import { packSignatures } from "./safe-signatures.ts";
import { parseSignature, recoverAddress } from "./signature.ts";

export const SAFE_SIGNATURE_INVALID = declareError(
  "SAFE_SIGNATURE_INVALID",
  "verification",
  "A signature is not by an owner of the Safe over the transaction that it came with.",
);

/** @throws SAFE_SIGNATURE_INVALID, EVM_SIGNATURE_MALFORMED */
export function verifySafeSignatures(
  { safe, hash }: SafeAttempt,
  signatures: readonly InputSignature[],
): void {
  signatures.forEach(({ input, key, signature }, place) => {
    const field = `signatures[${place}]`;
    const signer = recoverAddress(hash, parseSignature(fromHex(signature, field), field));
    const owner = safe.keys.find((one) => toHex(one.key.publicKey) === key);
    if (input === 0 && owner !== undefined && signer === owner.address) return;
    throw SAFE_SIGNATURE_INVALID(`${field} is not by an owner of ${safe.address} over this transaction`, {
      field,
      hint: "have it signed again",
    });
  });
}

export function isSafeComplete({ safe }: SafeAttempt, signatures: readonly InputSignature[]): boolean {
  return new Set(signatures.map(({ key }) => key)).size >= safe.threshold;
}

/**
 * What a relayer needs: a tag that no transaction begins with, the Safe, its nonce, and the call that executes the
 * transaction.
 */
export type SafeExecution = { readonly safe: Address; readonly nonce: bigint; readonly data: Uint8Array };

/** No type of EIP-2718, nor a list of RLP that is shorter than 2^56 bytes. */
const TAG = 0xff;

/** @throws SAFE_SIGNATURES */
export function combineSafe(
  { transaction, safe, hash }: SafeAttempt,
  signatures: readonly InputSignature[],
): Uint8Array {
  const parsed = signatures.map(({ signature }) => parseSignature(fromHex(signature, "signature")));
  const data = encodeExecution(transaction, packSignatures(hash, parsed, safe));
  return executionBytes({ safe: safe.address, nonce: transaction.nonce, data });
}

export function executionBytes({ safe, nonce, data }: SafeExecution): Uint8Array {
  return concatBytes(Uint8Array.of(TAG), addressBytes(safe), wordBytes(nonce), data);
}

/** Undefined where the bytes are an account's transaction. */
export function readSafeExecution(bytes: Uint8Array): SafeExecution | undefined {
  if (bytes[0] !== TAG || bytes.length < 1 + ADDRESS_BYTES + 32) return undefined;
  const nonce = BigInt(`0x${toHex(bytes.subarray(1 + ADDRESS_BYTES, 33 + ADDRESS_BYTES))}`);
  return {
    safe: addressOf(bytes.subarray(1, 1 + ADDRESS_BYTES)),
    nonce,
    data: bytes.slice(33 + ADDRESS_BYTES),
  };
}
