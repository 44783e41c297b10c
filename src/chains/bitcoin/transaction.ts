/**
 * Raw transactions: read strictly (nothing truncated, nothing trailing, no impossible amount) and written back.
 * Attack B17: a count is believed only when its bytes are there.
 */
import type { Digest } from "../../core/digest.ts";
import { declareError } from "../../core/errors.ts";
import { concatBytes } from "../../core/hex.ts";
import { LIMITS } from "../../core/limits.ts";
import {
  broken,
  cursorOf,
  finish,
  take,
  takeBlob,
  takeByte,
  takeCount,
  takeUint32,
  takeUint64,
  type Cursor,
} from "./cursor.ts";
import { compactSize, hash256, joined, txidBytes, txidText, uint32, uint64 } from "./wire.ts";

export type TransactionInput = {
  readonly txid: Digest;
  readonly vout: number;
  readonly scriptSig: Uint8Array;
  readonly sequence: number;
  /** Empty when the input has no witness. */
  readonly witness: readonly Uint8Array[];
};

/** `units` are satoshis. */
export type TransactionOutput = { readonly units: bigint; readonly script: Uint8Array };

export type Transaction = {
  readonly version: number;
  readonly inputs: readonly TransactionInput[];
  readonly outputs: readonly TransactionOutput[];
  readonly lockTime: number;
};

export const TRANSACTION_MALFORMED = declareError(
  "TRANSACTION_MALFORMED",
  "invalid",
  "Bytes are not one well-formed bitcoin transaction.",
);
export const TRANSACTION_TOO_LARGE = declareError(
  "TRANSACTION_TOO_LARGE",
  "invalid",
  "A transaction exceeds a limit of bytes, inputs or outputs.",
);

/** 21 million bitcoin: consensus's MAX_MONEY. */
export const MAX_MONEY = 2_100_000_000_000_000n;

// Smallest encodings: outpoint, empty script, sequence; and value, empty script.
const INPUT_BYTES_MIN = 41;
const OUTPUT_BYTES_MIN = 9;

/**
 * Parses a transaction as nodes exchange it, with or without witnesses (BIP-144).
 * @throws TRANSACTION_MALFORMED, TRANSACTION_TOO_LARGE
 */
export function parseTransaction(bytes: Uint8Array, field = "transaction"): Transaction {
  const cursor = open(bytes, field);
  const transaction = takeTransaction(cursor);
  finish(cursor);
  return transaction;
}

/** The next transaction of a longer byte string, a block's. */
export function takeTransaction(cursor: Cursor): Transaction {
  const version = takeUint32(cursor);
  const segwit = cursor.bytes[cursor.at] === 0;
  if (segwit) {
    take(cursor, 1);
    // A zero here is either BIP-144's marker, with flag 1, or a transaction without inputs, which cannot exist.
    if (takeByte(cursor) !== 1) throw broken(cursor, "has no inputs, or an unknown witness flag");
  }
  const inputs = takeInputs(cursor);
  if (inputs.length === 0) throw broken(cursor, "has no inputs");
  const outputs = takeOutputs(cursor);
  if (outputs.length === 0) throw broken(cursor, "has no outputs");
  const witnesses = segwit ? inputs.map(() => takeWitness(cursor)) : [];
  if (segwit && witnesses.every((witness) => witness.length === 0))
    throw broken(cursor, "has the witness flag but no witness");
  const lockTime = takeUint32(cursor);
  const complete = segwit ? inputs.map((input, i) => ({ ...input, witness: witnesses[i] ?? [] })) : inputs;
  return { version, inputs: complete, outputs, lockTime };
}

/**
 * Parses the unsigned transaction of a PSBT: never with witnesses (BIP-174 PSBT_GLOBAL_UNSIGNED_TX), possibly still
 * without inputs or outputs.
 * @throws TRANSACTION_MALFORMED, TRANSACTION_TOO_LARGE
 */
export function parseUnsigned(bytes: Uint8Array, field = "unsigned transaction"): Transaction {
  const cursor = open(bytes, field);
  const version = takeUint32(cursor);
  const inputs = takeInputs(cursor);
  const outputs = takeOutputs(cursor);
  const lockTime = takeUint32(cursor);
  finish(cursor);
  if (inputs.length > LIMITS.transactionInputsMax || outputs.length > LIMITS.transactionOutputsMax) {
    throw TRANSACTION_TOO_LARGE(
      `${field} has ${inputs.length} inputs and ${outputs.length} outputs, at most ${LIMITS.transactionInputsMax} and ${LIMITS.transactionOutputsMax} are handled`,
      { field },
    );
  }
  if (inputs.some(({ scriptSig }) => scriptSig.length > 0))
    throw broken(cursor, "carries a signature script");
  return { version, inputs, outputs, lockTime };
}

/** Bytes without witnesses: what the transaction id commits to. */
export function strippedBytes(transaction: Transaction): Uint8Array {
  return joined([uint32(transaction.version), ...body(transaction), uint32(transaction.lockTime)]);
}

/** Bytes to broadcast: with witnesses when there are any (BIP-144). */
export function transactionBytes(transaction: Transaction): Uint8Array {
  if (transaction.inputs.every(({ witness }) => witness.length === 0)) return strippedBytes(transaction);
  const witnesses = transaction.inputs.flatMap(({ witness }) => witnessChunks(witness));
  return joined([
    uint32(transaction.version),
    Uint8Array.of(0, 1),
    ...body(transaction),
    ...witnesses,
    uint32(transaction.lockTime),
  ]);
}

/**
 * The transaction's id. Witnesses do not change it; script signatures do, so what p2sh inputs will be spent with is put in
 * before anybody signs (`attempt.ts`).
 */
export function transactionId(transaction: Transaction): Digest {
  return txidText(hash256(strippedBytes(transaction)));
}

/** One witness stack, as in a transaction and in PSBT_IN_FINAL_SCRIPTWITNESS. */
export function takeWitness(cursor: Cursor): Uint8Array[] {
  const count = takeCount(cursor, 1);
  const items: Uint8Array[] = [];
  for (let i = 0; i < count; i++) items.push(takeBlob(cursor));
  return items;
}

/** One output, as in a transaction and in PSBT_IN_WITNESS_UTXO. */
export function takeOutput(cursor: Cursor): TransactionOutput {
  const units = takeUint64(cursor);
  if (units > MAX_MONEY) throw broken(cursor, "has an amount above 21 million bitcoin");
  return { units, script: takeBlob(cursor) };
}

/** One witness stack as `takeWitness` reads it. */
export function witnessBytes(witness: readonly Uint8Array[]): Uint8Array {
  return joined(witnessChunks(witness));
}

export function outputBytes({ units, script }: TransactionOutput): Uint8Array {
  return concatBytes(uint64(units), compactSize(script.length), script);
}

function open(bytes: Uint8Array, field: string): Cursor {
  if (bytes.length > LIMITS.transactionBytesMax) {
    throw TRANSACTION_TOO_LARGE(
      `${field} has ${bytes.length} bytes, a block cannot hold more than ${LIMITS.transactionBytesMax}`,
      {
        field,
      },
    );
  }
  return cursorOf(bytes, field, TRANSACTION_MALFORMED);
}

function takeInputs(cursor: Cursor): TransactionInput[] {
  const count = takeCount(cursor, INPUT_BYTES_MIN);
  const inputs: TransactionInput[] = [];
  for (let i = 0; i < count; i++) {
    const txid = txidText(take(cursor, 32));
    const vout = takeUint32(cursor);
    inputs.push({ txid, vout, scriptSig: takeBlob(cursor), sequence: takeUint32(cursor), witness: [] });
  }
  return inputs;
}

function takeOutputs(cursor: Cursor): TransactionOutput[] {
  const count = takeCount(cursor, OUTPUT_BYTES_MIN);
  const outputs: TransactionOutput[] = [];
  let total = 0n;
  for (let i = 0; i < count; i++) {
    const output = takeOutput(cursor);
    outputs.push(output);
    total += output.units;
  }
  if (total > MAX_MONEY) throw broken(cursor, "has outputs that add up to more than 21 million bitcoin");
  return outputs;
}

function body({ inputs, outputs }: Transaction): Uint8Array[] {
  return [
    compactSize(inputs.length),
    ...inputs.flatMap(({ txid, vout, scriptSig, sequence }) => [
      txidBytes(txid),
      uint32(vout),
      compactSize(scriptSig.length),
      scriptSig,
      uint32(sequence),
    ]),
    compactSize(outputs.length),
    ...outputs.map(outputBytes),
  ];
}

function witnessChunks(witness: readonly Uint8Array[]): Uint8Array[] {
  return [compactSize(witness.length), ...witness.flatMap((item) => [compactSize(item.length), item])];
}
