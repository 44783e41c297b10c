/** What another maker's signer hands back: partial signatures in a PSBT (BIP-174 PSBT_IN_PARTIAL_SIG). */
import type { Digest } from "../../core/digest.ts";
import type { InputSignature } from "../../core/documents/receipt.ts";
import { declareError } from "../../core/errors.ts";
import { toHex } from "../../core/hex.ts";
import { PSBT_MAGIC } from "./psbt-codec.ts";
import { parsePsbt } from "./psbt.ts";
import { transactionId } from "./transaction.ts";

export const PSBT_UNSIGNED = declareError(
  "PSBT_UNSIGNED",
  "pending",
  "A PSBT holds no partial signatures to take over.",
);

export type PartialSignatures = {
  /** The id that the transaction will have once signed. */
  readonly transaction: Digest;
  readonly signatures: readonly InputSignature[];
};

/** Whether `bytes` begin as a binary PSBT does. */
export function isPsbt(bytes: Uint8Array): boolean {
  return PSBT_MAGIC.every((byte, index) => bytes[index] === byte);
}

/**
 * Reads the signatures of a binary PSBT; nothing else in it is believed or kept.
 * @throws PSBT_UNSIGNED, and the typed errors of the parser
 */
export function partialSignatures(bytes: Uint8Array): PartialSignatures {
  const { unsigned, inputs } = parsePsbt(bytes);
  const signatures = inputs.flatMap(({ signatures: own }, input) =>
    own.map(({ publicKey, signature }) => ({ input, key: toHex(publicKey), signature: toHex(signature) })),
  );
  if (signatures.length > 0) return { transaction: transactionId(unsigned), signatures };
  const finalised = inputs.some((input) => input.finalised);
  throw PSBT_UNSIGNED(
    finalised ? "the PSBT is finalised: its partial signatures are gone" : "the PSBT holds no signatures",
    { field: "PSBT", hint: "sign it with the other maker's signer and save it without finalising" },
  );
}
