/**
 * Partially signed transactions of version 2 (BIP-370), for looking at and for exchange with other makers. What is read
 * is turned into version 0, the only one that the rest of the project reads: no signer of ours meets version 2.
 */
import { LIMITS } from "../../core/limits.ts";
import { broken, cursorOf, finish, takeCompactSize, takeUint32, takeUint64, type Cursor } from "./cursor.ts";
import { openPsbt, PSBT_MALFORMED, psbtBytes, takeMap, type PsbtField } from "./psbt-codec.ts";
import { checkField, GLOBAL_FIELD, INPUT_FIELD, onlyIn, OUTPUT_FIELD, type MapKind } from "./psbt-fields.ts";
import { requiredLockTime, type RequiredLocks } from "./psbt-v2-lock-time.ts";
import { parsePsbt, PSBT_VERSION, psbtVersion, type Psbt } from "./psbt.ts";
import {
  strippedBytes,
  TRANSACTION_TOO_LARGE,
  type Transaction,
  type TransactionInput,
  type TransactionOutput,
} from "./transaction.ts";
import { txidText } from "./wire.ts";

type Fields = readonly PsbtField[];

export type PsbtV2 = {
  /** All fields in the order in which they stand. */
  readonly fields: Fields;
  readonly inputs: readonly Fields[];
  readonly outputs: readonly Fields[];
  /** What its makers may still change (PSBT_GLOBAL_TX_MODIFIABLE). */
  readonly modifiable: { readonly inputs: boolean; readonly outputs: boolean };
  /** The same transaction in version 0, without what that version has no field for: required locks, modifiable flags. */
  readonly plain: Psbt;
};

/** Final: BIP-370 has this for an input that says none. */
const SEQUENCE_FINAL = 0xffff_ffff;

// Smallest maps: id and index of what is spent; amount and an empty script; each with its separator.
const INPUT_MAP_BYTES_MIN = 43;
const OUTPUT_MAP_BYTES_MIN = 15;

/**
 * Parses a binary PSBT of version 2.
 * @throws PSBT_VERSION when it is of another version; PSBT_LOCK_TIME; and the errors of `parsePsbt`
 */
export function parsePsbtV2(bytes: Uint8Array, field = "PSBT"): PsbtV2 {
  if (psbtVersion(bytes, field) !== 2) {
    throw PSBT_VERSION(`${field} is of version 0 (BIP-174), version 2 (BIP-370) is read here`, {
      field,
      hint: "export it as PSBT version 2",
    });
  }
  const cursor = openPsbt(bytes, field);
  const fields = takeChecked(cursor, "global", "global");
  const counts = takeCounts(fields, cursor);
  const inputs = Array.from({ length: counts.inputs }, (_, i) => takeChecked(cursor, "input", `input ${i}`));
  const outputs = Array.from({ length: counts.outputs }, (_, i) =>
    takeChecked(cursor, "output", `output ${i}`),
  );
  finish(cursor);
  const unsigned = transactionOf({ fields, inputs, outputs }, field);
  const flags = found(fields, GLOBAL_FIELD.modifiable)?.value[0] ?? 0;
  return {
    fields,
    inputs,
    outputs,
    modifiable: { inputs: (flags & 1) !== 0, outputs: (flags & 2) !== 0 },
    plain: parsePsbt(plainBytes(unsigned, { fields, inputs, outputs }), field),
  };
}

/** The PSBT's bytes, every field as it was read. */
export function serialisePsbtV2({ fields, inputs, outputs }: Pick<PsbtV2, keyof Maps>): Uint8Array {
  return psbtBytes([fields, ...inputs, ...outputs]);
}

type Maps = {
  readonly fields: Fields;
  readonly inputs: readonly Fields[];
  readonly outputs: readonly Fields[];
};

function takeChecked(cursor: Cursor, kind: MapKind, where: string): Fields {
  const fields = takeMap(cursor, kind === "global" ? "global map" : where);
  for (const each of fields) checkField(kind, each, where, 2);
  return fields;
}

// Attack B17: both counts are compared with the limits, and with the bytes that are left, before a map is read.
function takeCounts(fields: Fields, cursor: Cursor): { readonly inputs: number; readonly outputs: number } {
  const inputs = takeCompactSize(needed(fields, GLOBAL_FIELD.inputCount, "global map", "input count"));
  const outputs = takeCompactSize(needed(fields, GLOBAL_FIELD.outputCount, "global map", "output count"));
  if (inputs > LIMITS.transactionInputsMax || outputs > LIMITS.transactionOutputsMax) {
    throw TRANSACTION_TOO_LARGE(
      `${cursor.field} has ${inputs} inputs and ${outputs} outputs, at most ${LIMITS.transactionInputsMax} and ${LIMITS.transactionOutputsMax} are handled`,
      { field: cursor.field, hint: "spend fewer coins at once" },
    );
  }
  if (inputs * INPUT_MAP_BYTES_MIN + outputs * OUTPUT_MAP_BYTES_MIN > cursor.bytes.length - cursor.at)
    throw broken(cursor, `declares ${inputs} inputs and ${outputs} outputs, more than its bytes can hold`);
  return { inputs, outputs };
}

function transactionOf({ fields, inputs, outputs }: Maps, field: string): Transaction {
  const { transactionVersion, fallbackLockTime } = GLOBAL_FIELD;
  const version = takeUint32(needed(fields, transactionVersion, "global map", "transaction version"));
  const fallback = optionalUint32(fields, fallbackLockTime) ?? 0;
  return {
    version,
    inputs: inputs.map(inputOf),
    outputs: outputs.map(outputOf),
    lockTime: requiredLockTime(inputs.map(locksOf), fallback, field),
  };
}

function inputOf(fields: Fields, index: number): TransactionInput {
  const where = `input ${index}`;
  const { previousTxid, outputIndex, sequence } = INPUT_FIELD;
  return {
    txid: txidText(needed(fields, previousTxid, where, "previous transaction id").bytes),
    vout: takeUint32(needed(fields, outputIndex, where, "output index")),
    scriptSig: new Uint8Array(),
    sequence: optionalUint32(fields, sequence) ?? SEQUENCE_FINAL,
    witness: [],
  };
}

function outputOf(fields: Fields, index: number): TransactionOutput {
  const where = `output ${index}`;
  return {
    units: takeUint64(needed(fields, OUTPUT_FIELD.amount, where, "amount")),
    script: needed(fields, OUTPUT_FIELD.script, where, "script").bytes,
  };
}

function locksOf(fields: Fields): RequiredLocks {
  return {
    time: optionalUint32(fields, INPUT_FIELD.timeLock),
    height: optionalUint32(fields, INPUT_FIELD.heightLock),
  };
}

function plainBytes(unsigned: Transaction, { fields, inputs, outputs }: Maps): Uint8Array {
  const global = shared("global", fields).filter(({ type }) => type !== GLOBAL_FIELD.version);
  const transaction = {
    type: GLOBAL_FIELD.unsignedTransaction,
    keyData: new Uint8Array(),
    value: strippedBytes(unsigned),
  };
  return psbtBytes([
    [transaction, ...global],
    ...inputs.map((map) => shared("input", map)),
    ...outputs.map((map) => shared("output", map)),
  ]);
}

const shared = (kind: MapKind, fields: Fields): Fields => fields.filter((each) => !onlyIn(2, kind, each));

const found = (fields: Fields, type: number): PsbtField | undefined =>
  fields.find((each) => each.type === type);

function optionalUint32(fields: Fields, type: number): number | undefined {
  const value = found(fields, type)?.value;
  return value === undefined ? undefined : takeUint32(cursorOf(value, "PSBT", PSBT_MALFORMED));
}

/** What BIP-370 demands of each PSBT of version 2, its shape checked before. */
function needed(fields: Fields, type: number, where: string, name: string): Cursor {
  const value = found(fields, type)?.value;
  if (value !== undefined) return cursorOf(value, `${where} ${name}`, PSBT_MALFORMED);
  throw PSBT_MALFORMED(`${where} has no ${name}, which PSBT version 2 demands`, {
    field: where,
    hint: "export the PSBT again",
  });
}
