import { assert, declareError } from "../../core/errors.ts";
import type { InputSignature } from "../../core/documents/receipt.ts";
import { fromHex } from "../../core/hex.ts";
import type { BitcoinAttempt } from "./attempt.ts";
import { transactionBytes, transactionId } from "./transaction.ts";

export const SIGNATURES_INCOMPLETE = declareError(
  "SIGNATURES_INCOMPLETE",
  "pending",
  "Some inputs of a transaction have no signature yet.",
);

/**
 * The transaction's final bytes: each input's witness is its signature and its key (BIP-141 P2WPKH).
 * @param signatures verified ones
 * @throws SIGNATURES_INCOMPLETE naming the inputs
 */
export function combine(
  { id, unsigned, inputs }: BitcoinAttempt,
  signatures: readonly InputSignature[],
): Uint8Array {
  const byInput = new Map(signatures.map(({ input, signature }) => [input, signature]));
  const missing = inputs.flatMap((_, input) => (byInput.has(input) ? [] : [input]));
  if (missing.length > 0) {
    throw SIGNATURES_INCOMPLETE(
      `${missing.length} of ${inputs.length} inputs have no signature, first input ${missing[0]}`,
      {
        field: "signatures",
        hint: "import the receipts of the other signers",
        details: { missing: missing.slice(0, 20).map(String) },
      },
    );
  }
  const signed = {
    ...unsigned,
    inputs: unsigned.inputs.map((input, i) => ({
      ...input,
      witness: [fromHex(byInput.get(i) as string), (inputs[i] as (typeof inputs)[number]).publicKey],
    })),
  };
  assert(transactionId(signed) === id, "signing has changed the transaction id");
  return transactionBytes(signed);
}
