/** A signed message as text that any verifier of BIP-322 version 2 reads: `smp…`, `ful…`, or with coins `pof…`. */
import type { InputSignature } from "../../core/documents/receipt.ts";
import { assert } from "../../core/errors.ts";
import { toBase64 } from "../../core/hex.ts";
import { scriptSigOf, type BitcoinAttempt } from "./attempt.ts";
import { signedBy, witnessesOf } from "./finalize.ts";
import { psbtBytes, type PsbtField } from "./psbt-codec.ts";
import { GLOBAL_FIELD, INPUT_FIELD } from "./psbt-fields.ts";
import { outputBytes, strippedBytes, transactionBytes, witnessBytes } from "./transaction.ts";

/**
 * Without coins the witness stack of the one input ("simple"); everything else is computed from message and address. Where
 * the address is P2SH that is not enough, as its script signature holds the redeem script: then the whole `to_sign`
 * ("full"). With coins the finalised PSBT ("proof of funds"): each input with what it spends, its script signature and its
 * witness, as the BIP's vectors have it, so without the message, which a verifier is given beside it.
 * @param signatures verified ones @throws SIGNATURES_INCOMPLETE
 */
export function messageSignature(attempt: BitcoinAttempt, signatures: readonly InputSignature[]): string {
  const { message, unsigned, inputs } = attempt;
  assert(message !== undefined, "only what signs a message has a signature of its own");
  const witnesses = witnessesOf(attempt, signatures);
  const nested = inputs.some(({ redeemScript }) => redeemScript !== undefined);
  if (inputs.length === 1 && !nested) return `smp${toBase64(witnessBytes(witnesses[0] ?? []))}`;
  if (inputs.length === 1) return `ful${toBase64(transactionBytes(signedBy(attempt, witnesses)))}`;
  const maps = inputs.map((input, i) => [
    field(INPUT_FIELD.previousOutput, outputBytes(input)),
    ...(input.redeemScript === undefined
      ? []
      : [field(INPUT_FIELD.finalScriptSig, scriptSigOf(input.redeemScript))]),
    field(INPUT_FIELD.finalWitness, witnessBytes(witnesses[i] ?? [])),
  ]);
  const global = [field(GLOBAL_FIELD.unsignedTransaction, strippedBytes(unsigned))];
  return `pof${toBase64(psbtBytes([global, ...maps, []]))}`;
}

function field(type: number, value: Uint8Array): PsbtField {
  return { type, keyData: new Uint8Array(), value };
}
