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

const { previousTransaction, previousOutput, sighashType, derivation, tapDerivation } = INPUT_FIELD;
const { redeemScript, witnessScript, tapInternalKey, tapLeafScript, tapMerkleRoot } = INPUT_FIELD;

/** What proves keys and scripts of an input, by the kind of the wallet that pays. */
const PROOFS: Readonly<Record<DescriptorKind, readonly number[]>> = {
  p2wpkh: [derivation],
  "p2sh-p2wpkh": [derivation, redeemScript],
  p2tr: [tapDerivation, tapInternalKey],
  "p2wsh-sortedmulti": [derivation, witnessScript],
  "p2sh-p2wsh-sortedmulti": [derivation, redeemScript, witnessScript],
  "p2tr-sortedmulti": [tapDerivation, tapInternalKey, tapLeafScript, tapMerkleRoot],
};

/** Whole PSBTs. An output can be of any wallet of ours: what it claims is proven where the output is (`outputs.ts`). */
const whole = (kind: DescriptorKind): Allowed => ({
  global: [GLOBAL_FIELD.unsignedTransaction, GLOBAL_FIELD.version],
  input: [previousTransaction, previousOutput, sighashType, ...PROOFS[kind]],
  output: [
    OUTPUT_FIELD.redeemScript,
    OUTPUT_FIELD.witnessScript,
    OUTPUT_FIELD.derivation,
    OUTPUT_FIELD.tapInternalKey,
    OUTPUT_FIELD.tapTree,
    OUTPUT_FIELD.tapDerivation,
  ],
});

/** A plan's base: everything that the signer computes itself is left out, so that a base has one spelling. */
const compact = (kind: DescriptorKind): Allowed => ({
  global: [GLOBAL_FIELD.unsignedTransaction],
  input: PROOFS[kind].filter((type) => type === derivation || type === tapDerivation),
  output: [OUTPUT_FIELD.derivation, OUTPUT_FIELD.tapDerivation],
});

/** The base of a plan that signs a message: as `compact`, with the message; its one output is nobody's. */
const compactMessage = (kind: DescriptorKind): Allowed => ({
  global: [GLOBAL_FIELD.unsignedTransaction, GLOBAL_FIELD.signedMessage],
  input: compact(kind).input,
  output: [],
});

const SIGNATURES: readonly number[] = [
  INPUT_FIELD.partialSignature,
  INPUT_FIELD.finalScriptSig,
  INPUT_FIELD.finalWitness,
  INPUT_FIELD.tapKeySignature,
  INPUT_FIELD.tapScriptSignature,
];

/** @throws PSBT_FIELD_REFUSED, PSBT_SIGNED naming the map */
export function assertWholeFields(psbt: Psbt, kind: DescriptorKind): void {
  assertFields(psbt, whole(kind), "which this wallet's transactions do not need");
}

/** @throws PSBT_FIELD_REFUSED, PSBT_SIGNED naming the map */
export function assertCompactFields(psbt: Psbt, kind: DescriptorKind): void {
  assertFields(psbt, compact(kind), "which a plan's base leaves out");
}

/** @throws PSBT_FIELD_REFUSED, PSBT_SIGNED naming the map */
export function assertMessageFields(psbt: Psbt, kind: DescriptorKind): void {
  assertFields(psbt, compactMessage(kind), "which the base of a message leaves out");
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
