/** Changes a PSBT below the level that our builder offers: what an owned online host would do. */
import { psbtBytes, type PsbtField } from "../../src/chains/bitcoin/psbt-codec.ts";
import { parsePsbt } from "../../src/chains/bitcoin/psbt.ts";
import { strippedBytes, type Transaction } from "../../src/chains/bitcoin/transaction.ts";

export type EditablePsbt = {
  unsigned: Transaction;
  global: PsbtField[];
  inputs: PsbtField[][];
  outputs: PsbtField[][];
};

/** `bytes` after `edit`; the unsigned transaction is written from `unsigned`, all other fields as they are left. */
export function editPsbt(bytes: Uint8Array, edit: (psbt: EditablePsbt) => void): Uint8Array {
  const { unsigned, fields, inputs, outputs } = parsePsbt(bytes);
  const psbt: EditablePsbt = {
    unsigned,
    global: fields.filter(({ type }) => type !== 0),
    inputs: inputs.map((input) => [...input.fields]),
    outputs: outputs.map((output) => [...output.fields]),
  };
  edit(psbt);
  const transaction = field(0, strippedBytes(psbt.unsigned));
  return psbtBytes([[transaction, ...psbt.global], ...psbt.inputs, ...psbt.outputs]);
}

export function field(
  type: number,
  value: Uint8Array | readonly number[],
  keyData: Uint8Array | readonly number[] = [],
): PsbtField {
  return { type, keyData: Uint8Array.from(keyData), value: Uint8Array.from(value) };
}

/** `fields` with every field of `type` replaced. */
export function replaced(
  fields: readonly PsbtField[],
  type: number,
  change: (value: PsbtField) => PsbtField,
): PsbtField[] {
  return fields.map((each) => (each.type === type ? change(each) : each));
}

/** `list` with the element at `index` changed. */
export function changed<T>(list: readonly T[], index: number, change: (element: T) => T): T[] {
  return list.map((element, i) => (i === index ? change(element) : element));
}
