/** PSBTs from one version to the other, at the edge to other makers alone: between ourselves there is version 0. */
import type { PsbtField } from "./psbt-codec.ts";
import { GLOBAL_FIELD, INPUT_FIELD, onlyIn, OUTPUT_FIELD } from "./psbt-fields.ts";
import { parsePsbtV2, serialisePsbtV2 } from "./psbt-v2.ts";
import { parsePsbt, psbtVersion, serialisePsbt } from "./psbt.ts";
import { compactSize, txidBytes, uint32, uint64 } from "./wire.ts";

/**
 * A binary PSBT of either version in version 0: one of version 0 as it is, its fields unread. Required locks become the
 * lock time that they mean; modifiable flags have no place there, for nobody can add to version 0.
 * @throws PSBT_VERSION where there is no such version, and the errors of `parsePsbtV2`
 */
export function asPsbtV0(bytes: Uint8Array, field = "PSBT"): Uint8Array {
  return psbtVersion(bytes, field) === 0 ? bytes : serialisePsbt(parsePsbtV2(bytes, field).plain);
}

/**
 * A binary PSBT of version 0 in version 2: the same transaction, to which nothing may be added. Every other field is kept,
 * in its order; sequences and the lock time are said even where a reader would assume them. What was written is read
 * again, because an unknown field of version 0 can be a broken one of version 2.
 * @throws the errors of `parsePsbt` and `parsePsbtV2`
 */
export function asPsbtV2(bytes: Uint8Array, field = "PSBT"): Uint8Array {
  const { unsigned, fields, inputs, outputs } = parsePsbt(bytes, field);
  const kept = fields.filter((each) => !onlyIn(0, "global", each) && each.type !== GLOBAL_FIELD.version);
  const written = serialisePsbtV2({
    fields: [
      plainField(GLOBAL_FIELD.transactionVersion, uint32(unsigned.version)),
      plainField(GLOBAL_FIELD.fallbackLockTime, uint32(unsigned.lockTime)),
      plainField(GLOBAL_FIELD.inputCount, compactSize(inputs.length)),
      plainField(GLOBAL_FIELD.outputCount, compactSize(outputs.length)),
      ...kept,
      plainField(GLOBAL_FIELD.version, uint32(2)),
    ],
    inputs: unsigned.inputs.map(({ txid, vout, sequence }, i) => [
      ...(inputs[i]?.fields ?? []),
      plainField(INPUT_FIELD.previousTxid, txidBytes(txid)),
      plainField(INPUT_FIELD.outputIndex, uint32(vout)),
      plainField(INPUT_FIELD.sequence, uint32(sequence)),
    ]),
    outputs: unsigned.outputs.map(({ units, script }, i) => [
      ...(outputs[i]?.fields ?? []),
      plainField(OUTPUT_FIELD.amount, uint64(units)),
      plainField(OUTPUT_FIELD.script, script),
    ]),
  });
  parsePsbtV2(written, field);
  return written;
}

function plainField(type: number, value: Uint8Array): PsbtField {
  return { type, keyData: new Uint8Array(), value };
}
