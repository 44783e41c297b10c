import { assert, declareError } from "../../core/errors.ts";
import type { InputSignature } from "../../core/documents/receipt.ts";
import { fromHex, toHex } from "../../core/hex.ts";
import { withScriptSigs, type BitcoinAttempt } from "./attempt.ts";
import type { KeyedSignature } from "./kinds/kind.ts";
import { walletKind } from "./kinds/table.ts";
import { transactionBytes, transactionId, type Transaction } from "./transaction.ts";

export const SIGNATURES_INCOMPLETE = declareError(
  "SIGNATURES_INCOMPLETE",
  "pending",
  "Some inputs of a transaction do not have enough signatures yet.",
);

/** Whether every input has signatures by as many keys as the wallet asks for. @param signatures verified ones */
export function isComplete(attempt: BitcoinAttempt, signatures: readonly InputSignature[]): boolean {
  return missingInputs(attempt, signaturesByKey(attempt, signatures)).length === 0;
}

/**
 * The transaction's final bytes, each input with its kind's witness and script signature (`kinds/`). Of more signatures
 * than are needed those of the first keys are used, so that the same set gives the same bytes.
 * @param signatures verified ones
 * @throws SIGNATURES_INCOMPLETE naming the inputs
 */
export function combine(attempt: BitcoinAttempt, signatures: readonly InputSignature[]): Uint8Array {
  assert(attempt.message === undefined, "what signs a message is no transaction to send");
  return transactionBytes(signedBy(attempt, witnessesOf(attempt, signatures)));
}

/** The transaction with everything that it is signed by. @param witnesses of its inputs, in their order */
export function signedBy(
  { id, unsigned, inputs }: BitcoinAttempt,
  witnesses: readonly (readonly Uint8Array[])[],
): Transaction {
  const final = withScriptSigs(unsigned, inputs);
  const signed = {
    ...final,
    inputs: final.inputs.map((input, i) => ({ ...input, witness: witnesses[i] ?? [] })),
  };
  assert(transactionId(signed) === id, "signing has changed the transaction id");
  return signed;
}

/** The witness stack of each input. @param signatures verified ones @throws SIGNATURES_INCOMPLETE naming the inputs */
export function witnessesOf(
  attempt: BitcoinAttempt,
  signatures: readonly InputSignature[],
): readonly (readonly Uint8Array[])[] {
  const { inputs, descriptor } = attempt;
  const found = signaturesByKey(attempt, signatures);
  const missing = missingInputs(attempt, found);
  if (missing.length > 0) {
    throw SIGNATURES_INCOMPLETE(
      `${missing.length} of ${inputs.length} inputs have fewer signatures than the ${descriptor.threshold} needed, first input ${missing[0]}`,
      {
        field: "signatures",
        hint: "import the receipts of the other signers",
        details: { missing: missing.slice(0, 20).map(String) },
      },
    );
  }
  const { witness } = walletKind(descriptor.kind);
  return inputs.map((input, i) => witness(input, found[i] as KeyedSignature[], descriptor.threshold));
}

/** For each input the signatures of its keys, in the script's order. */
function signaturesByKey(
  { inputs }: BitcoinAttempt,
  signatures: readonly InputSignature[],
): readonly KeyedSignature[][] {
  const byPlace = new Map(signatures.map(({ input, key, signature }) => [`${input}:${key}`, signature]));
  return inputs.map(({ keys }, input) =>
    keys.flatMap(({ publicKey }) => {
      const signature = byPlace.get(`${input}:${toHex(publicKey)}`);
      return signature === undefined ? [] : [{ publicKey, signature: fromHex(signature) }];
    }),
  );
}

function missingInputs(
  { descriptor }: BitcoinAttempt,
  found: readonly (readonly KeyedSignature[])[],
): readonly number[] {
  return found.flatMap((each, input) => (each.length < descriptor.threshold ? [input] : []));
}
