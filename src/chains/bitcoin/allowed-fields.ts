/** Which PSBT fields our signer takes. Attack B15: a field without meaning to us can mean something to another reader. */
import { declareError } from "../../core/errors.ts";
import type { DescriptorKind } from "./descriptor.ts";
import type { PsbtField } from "./psbt-codec.ts";
import { fieldName, GLOBAL_FIELD, INPUT_FIELD, OUTPUT_FIELD, type MapKind } from "./psbt-fields.ts";
import type { Psbt } from "./psbt.ts";

export const PSBT_FIELD_REFUSED = declareError(
  "PSBT_FIELD_REFUSED",
  "denied",
  "A PSBT carries a field that our signer gives no meaning to.",
);
export const PSBT_SIGNED = declareError(
  "PSBT_SIGNED",
  "denied",
  "A PSBT in a request already carries signatures.",
);

type Allowed = Readonly<Record<MapKind, readonly number[]>>;

/** Whole PSBTs, by the kind of the wallet that pays. An output's witness script is proven where the output is. */
const WHOLE: Readonly<Record<DescriptorKind, Allowed>> = {
  p2wpkh: whole([]),
  "p2wsh-sortedmulti": whole([INPUT_FIELD.witnessScript]),
};

/** A plan's base: everything that the signer computes itself is left out, so that a base has one spelling. */
const COMPACT: Allowed = {
  global: [GLOBAL_FIELD.unsignedTransaction],
  input: [INPUT_FIELD.derivation],
  output: [OUTPUT_FIELD.derivation],
};

/** The base of a plan that signs a message: as `COMPACT`, with the message; its one output is nobody's. */
const COMPACT_MESSAGE: Allowed = {
  global: [GLOBAL_FIELD.unsignedTransaction, GLOBAL_FIELD.signedMessage],
  input: [INPUT_FIELD.derivation],
  output: [],
};

const SIGNATURES: readonly number[] = [
  INPUT_FIELD.partialSignature,
  INPUT_FIELD.finalScriptSig,
  INPUT_FIELD.finalWitness,
  INPUT_FIELD.tapKeySignature,
  INPUT_FIELD.tapScriptSignature,
];

/** @throws PSBT_FIELD_REFUSED, PSBT_SIGNED naming the map */
export function assertWholeFields(psbt: Psbt, kind: DescriptorKind): void {
  assertFields(psbt, WHOLE[kind], "which this wallet's transactions do not need");
}

/** @throws PSBT_FIELD_REFUSED, PSBT_SIGNED naming the map */
export function assertCompactFields(psbt: Psbt): void {
  assertFields(psbt, COMPACT, "which a plan's base leaves out");
}

/** @throws PSBT_FIELD_REFUSED, PSBT_SIGNED naming the map */
export function assertMessageFields(psbt: Psbt): void {
  assertFields(psbt, COMPACT_MESSAGE, "which the base of a message leaves out");
}

function whole(more: readonly number[]): Allowed {
  const { previousTransaction, previousOutput, sighashType, derivation } = INPUT_FIELD;
  return {
    global: [GLOBAL_FIELD.unsignedTransaction, GLOBAL_FIELD.version],
    input: [previousTransaction, previousOutput, sighashType, derivation, ...more],
    output: [OUTPUT_FIELD.witnessScript, OUTPUT_FIELD.derivation],
  };
}

function assertFields({ fields, inputs, outputs }: Psbt, allowed: Allowed, why: string): void {
  assertMap("global", fields, "global", allowed, why);
  inputs.forEach((input, i) => assertMap("input", input.fields, `inputs[${i}]`, allowed, why));
  outputs.forEach((output, i) => assertMap("output", output.fields, `outputs[${i}]`, allowed, why));
}

function assertMap(
  kind: MapKind,
  fields: readonly PsbtField[],
  where: string,
  allowed: Allowed,
  why: string,
): void {
  for (const field of fields) {
    if (allowed[kind].includes(field.type)) continue;
    const name = fieldName(kind, field);
    if (kind === "input" && SIGNATURES.includes(field.type)) {
      throw PSBT_SIGNED(`${where} already has a ${name}`, { field: where, hint: "send the unsigned PSBT" });
    }
    throw PSBT_FIELD_REFUSED(`${where} has a ${name}, ${why}`, {
      field: where,
      hint: "build the PSBT with `custody withdraw build`",
    });
  }
}
