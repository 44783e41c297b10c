/** A signed message as text that any verifier of BIP-322 version 2 reads: `smp…`, or with coins `pof…`. */
import type { InputSignature } from "../../core/documents/receipt.ts";
import { assert } from "../../core/errors.ts";
import { toBase64 } from "../../core/hex.ts";
import type { BitcoinAttempt } from "./attempt.ts";
import { witnessesOf } from "./finalize.ts";
import { psbtBytes, type PsbtField } from "./psbt-codec.ts";
import { GLOBAL_FIELD, INPUT_FIELD } from "./psbt-fields.ts";
import { outputBytes, strippedBytes, witnessBytes } from "./transaction.ts";

/**
 * Without coins the witness stack of the one input ("simple"); everything else is computed from message and address. With
 * coins the finalised PSBT ("proof of funds"): each input with what it spends and its witness, as the BIP's vectors have
 * it, so without the message, which a verifier is given beside it.
 * @param signatures verified ones @throws SIGNATURES_INCOMPLETE
 */
export function messageSignature(attempt: BitcoinAttempt, signatures: readonly InputSignature[]): string {
  const { message, unsigned, inputs } = attempt;
  assert(message !== undefined, "only what signs a message has a signature of its own");
  const witnesses = witnessesOf(attempt, signatures).map(witnessBytes);
  const [first, ...more] = witnesses;
  if (more.length === 0) return `smp${toBase64(first as Uint8Array)}`;
  const maps = inputs.map((input, i) => [
    field(INPUT_FIELD.previousOutput, outputBytes(input)),
    field(INPUT_FIELD.finalWitness, witnesses[i] as Uint8Array),
  ]);
  const global = [field(GLOBAL_FIELD.unsignedTransaction, strippedBytes(unsigned))];
  return `pof${toBase64(psbtBytes([global, ...maps, []]))}`;
}

function field(type: number, value: Uint8Array): PsbtField {
  return { type, keyData: new Uint8Array(), value };
}
