import { assert, declareError } from "../../core/errors.ts";
import type { InputSignature } from "../../core/documents/receipt.ts";
import { fromHex, toHex } from "../../core/hex.ts";
import type { BitcoinAttempt, OwnedInput } from "./attempt.ts";
import { transactionBytes, transactionId } from "./transaction.ts";

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
 * The transaction's final bytes. A P2WPKH witness is signature and key (BIP-141). A P2WSH multisig witness is the empty
 * item that OP_CHECKMULTISIG takes and ignores (BIP-147), as many signatures as are needed in the order of the keys,
 * and the script; of more signatures those of the first keys are used, so that the same set gives the same bytes.
 * @param signatures verified ones
 * @throws SIGNATURES_INCOMPLETE naming the inputs
 */
export function combine(attempt: BitcoinAttempt, signatures: readonly InputSignature[]): Uint8Array {
  const { id, unsigned, message } = attempt;
  assert(message === undefined, "what signs a message is no transaction to send");
  const witnesses = witnessesOf(attempt, signatures);
  const signed = {
    ...unsigned,
    inputs: unsigned.inputs.map((input, i) => ({ ...input, witness: witnesses[i] ?? [] })),
  };
  assert(transactionId(signed) === id, "signing has changed the transaction id");
  return transactionBytes(signed);
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
  return inputs.map((input, i) => witnessOf(input, found[i] as KeyedSignature[], descriptor.threshold));
}

type KeyedSignature = { readonly publicKey: Uint8Array; readonly signature: string };

/** For each input the signatures of its keys, in the script's order. */
function signaturesByKey(
  { inputs }: BitcoinAttempt,
  signatures: readonly InputSignature[],
): readonly KeyedSignature[][] {
  const byPlace = new Map(signatures.map(({ input, key, signature }) => [`${input}:${key}`, signature]));
  return inputs.map(({ keys }, input) =>
    keys.flatMap(({ publicKey }) => {
      const signature = byPlace.get(`${input}:${toHex(publicKey)}`);
      return signature === undefined ? [] : [{ publicKey, signature }];
    }),
  );
}

function missingInputs(
  { descriptor }: BitcoinAttempt,
  found: readonly (readonly KeyedSignature[])[],
): readonly number[] {
  return found.flatMap((each, input) => (each.length < descriptor.threshold ? [input] : []));
}

const NULL_DUMMY = new Uint8Array();

function witnessOf(
  { witnessScript }: OwnedInput,
  found: readonly KeyedSignature[],
  threshold: number,
): readonly Uint8Array[] {
  const used = found.slice(0, threshold);
  const items = used.map(({ signature }) => fromHex(signature));
  if (witnessScript !== undefined) return [NULL_DUMMY, ...items, witnessScript];
  return [...items, (used[0] as KeyedSignature).publicKey];
}
