/**
 * Partially signed transactions, version 0 (BIP-174), read with limits and in linear time. Everything that was read
 * is kept in order and written back byte for byte; what has no meaning here is listed, never acted on (attack B15).
 */
import { declareError } from "../../core/errors.ts";
import { toHex, utf8 } from "../../core/hex.ts";
import { cursorOf, finish, takeUint32 } from "./cursor.ts";
import type { OriginKey } from "./key-path.ts";
import { openPsbt, PSBT_MALFORMED, psbtBytes, takeMap, type PsbtField } from "./psbt-codec.ts";
import {
  checkField,
  fieldName,
  GLOBAL_FIELD,
  INPUT_FIELD,
  isKnownField,
  OUTPUT_FIELD,
  type MapKind,
} from "./psbt-fields.ts";
import {
  outputBytes,
  parseTransaction,
  parseUnsigned,
  strippedBytes,
  takeOutput,
  type Transaction,
  type TransactionOutput,
} from "./transaction.ts";
import { joined, uint32 } from "./wire.ts";

/** PSBT_IN_BIP32_DERIVATION, PSBT_OUT_BIP32_DERIVATION. */
export type PsbtDerivation = OriginKey;

export type PsbtSignature = { readonly publicKey: Uint8Array; readonly signature: Uint8Array };

export type PsbtInput = {
  /** All fields in the order in which they stand. */
  readonly fields: readonly PsbtField[];
  readonly previousTransaction: Transaction | undefined;
  readonly previousOutput: TransactionOutput | undefined;
  readonly sighashType: number | undefined;
  readonly witnessScript: Uint8Array | undefined;
  readonly derivations: readonly PsbtDerivation[];
  readonly signatures: readonly PsbtSignature[];
  /** Whether it holds a final script signature or witness. */
  readonly finalised: boolean;
};

export type PsbtOutput = {
  readonly fields: readonly PsbtField[];
  readonly witnessScript: Uint8Array | undefined;
  readonly derivations: readonly PsbtDerivation[];
};

export type Psbt = {
  readonly unsigned: Transaction;
  readonly fields: readonly PsbtField[];
  readonly inputs: readonly PsbtInput[];
  readonly outputs: readonly PsbtOutput[];
  /** Names of fields that this version does not know, with their place: `input 0: unknown field 0xf0`. */
  readonly unknown: readonly string[];
};

export const PSBT_VERSION = declareError(
  "PSBT_VERSION",
  "invalid",
  "A PSBT is of version 2 (BIP-370) or a later one; this version reads version 0.",
);

/**
 * Parses a binary PSBT. The result's byte strings are views of `bytes`.
 * @throws PSBT_MALFORMED, PSBT_TOO_LARGE, PSBT_VERSION, TRANSACTION_MALFORMED, TRANSACTION_TOO_LARGE
 */
export function parsePsbt(bytes: Uint8Array, field = "PSBT"): Psbt {
  const cursor = openPsbt(bytes, field);
  const globals = takeMap(cursor, "global map");
  assertVersion(globals, field);
  checkFields("global", globals, "global");
  const raw = globals.find(({ type }) => type === GLOBAL_FIELD.unsignedTransaction);
  if (raw === undefined) {
    throw PSBT_MALFORMED(`${field} has no unsigned transaction`, { field, hint: "export the PSBT again" });
  }
  const unsigned = parseUnsigned(raw.value);
  const inputs = unsigned.inputs.map((_, i) => readInput(takeMap(cursor, `input ${i}`), i));
  const outputs = unsigned.outputs.map((_, i) => readOutput(takeMap(cursor, `output ${i}`), i));
  finish(cursor);
  const unknown = [
    ...unknownFields("global", globals, "global"),
    ...inputs.flatMap(({ fields }, i) => unknownFields("input", fields, `input ${i}`)),
    ...outputs.flatMap(({ fields }, i) => unknownFields("output", fields, `output ${i}`)),
  ];
  return { unsigned, fields: globals, inputs, outputs, unknown };
}

/** The PSBT's bytes, every field as it was read. */
export function serialisePsbt({ fields, inputs, outputs }: Psbt): Uint8Array {
  return psbtBytes([
    fields,
    ...inputs.map((input) => input.fields),
    ...outputs.map((output) => output.fields),
  ]);
}

/** What we write for one input; a compact base (`plan-attempts.ts`) has key origins alone. */
export type NewPsbtInput = {
  /** Without witnesses, so that its hash is its id. */
  readonly previousTransaction?: Uint8Array;
  readonly previousOutput?: TransactionOutput;
  readonly witnessScript?: Uint8Array | undefined;
  readonly derivations: readonly PsbtDerivation[];
};

/** Key origins and witness script of an output that is ours; neither where it is somebody else's. */
export type NewPsbtOutput = Pick<NewPsbtInput, "witnessScript" | "derivations">;

/**
 * Bytes of a new PSBT: fields in ascending order of their types, key origins in the order given.
 * @param message of a virtual transaction that signs one (PSBT_GLOBAL_GENERIC_SIGNED_MESSAGE, BIP-322)
 */
export function newPsbt(
  unsigned: Transaction,
  inputs: readonly NewPsbtInput[],
  outputs: readonly NewPsbtOutput[],
  message?: string,
): Uint8Array {
  return psbtBytes([
    [
      plainField(GLOBAL_FIELD.unsignedTransaction, strippedBytes(unsigned)),
      ...optionalField(GLOBAL_FIELD.signedMessage, message === undefined ? undefined : utf8(message)),
    ],
    ...inputs.map(({ previousTransaction, previousOutput, witnessScript, derivations }) => [
      ...optionalField(INPUT_FIELD.previousTransaction, previousTransaction),
      ...optionalField(
        INPUT_FIELD.previousOutput,
        previousOutput === undefined ? undefined : outputBytes(previousOutput),
      ),
      ...optionalField(INPUT_FIELD.witnessScript, witnessScript),
      ...derivations.map((derivation) => derivationField(INPUT_FIELD.derivation, derivation)),
    ]),
    ...outputs.map(({ witnessScript, derivations }) => [
      ...optionalField(OUTPUT_FIELD.witnessScript, witnessScript),
      ...derivations.map((derivation) => derivationField(OUTPUT_FIELD.derivation, derivation)),
    ]),
  ]);
}

const NO_KEY_DATA = new Uint8Array();

function plainField(type: number, value: Uint8Array): PsbtField {
  return { type, keyData: NO_KEY_DATA, value };
}

function optionalField(type: number, value: Uint8Array | undefined): readonly PsbtField[] {
  return value === undefined ? [] : [plainField(type, value)];
}

function derivationField(type: number, { publicKey, fingerprint, path }: PsbtDerivation): PsbtField {
  return { type, keyData: publicKey, value: joined([Buffer.from(fingerprint, "hex"), ...path.map(uint32)]) };
}

// Before anything else: in version 2 the other fields mean something else (attack B16).
function assertVersion(globals: readonly PsbtField[], field: string): void {
  const version = globals.find(({ type, keyData }) => type === GLOBAL_FIELD.version && keyData.length === 0);
  if (version === undefined || version.value.length !== 4) return;
  const number = takeUint32(cursorOf(version.value, "PSBT version", PSBT_MALFORMED));
  if (number !== 0) {
    throw PSBT_VERSION(`${field} is of version ${number}, version 0 is read`, {
      field,
      hint: "export it as PSBT version 0 (BIP-174)",
    });
  }
}

function checkFields(kind: MapKind, fields: readonly PsbtField[], where: string): void {
  for (const field of fields) checkField(kind, field, where);
}

function readInput(fields: readonly PsbtField[], index: number): PsbtInput {
  const where = `input ${index}`;
  checkFields("input", fields, where);
  const value = (type: number) => fields.find((field) => field.type === type)?.value;
  const previousTransaction = value(INPUT_FIELD.previousTransaction);
  const previousOutput = value(INPUT_FIELD.previousOutput);
  const sighashType = value(INPUT_FIELD.sighashType);
  const cursor = (bytes: Uint8Array) => cursorOf(bytes, where, PSBT_MALFORMED);
  return {
    fields,
    previousTransaction:
      previousTransaction === undefined
        ? undefined
        : parseTransaction(previousTransaction, `${where} previous transaction`),
    previousOutput: previousOutput === undefined ? undefined : takeOutput(cursor(previousOutput)),
    sighashType: sighashType === undefined ? undefined : takeUint32(cursor(sighashType)),
    witnessScript: value(INPUT_FIELD.witnessScript),
    derivations: readDerivations(fields, INPUT_FIELD.derivation),
    signatures: fields
      .filter(({ type }) => type === INPUT_FIELD.partialSignature)
      .map(({ keyData, value: signature }) => ({ publicKey: keyData, signature })),
    finalised: fields.some(
      ({ type }) => type === INPUT_FIELD.finalScriptSig || type === INPUT_FIELD.finalWitness,
    ),
  };
}

function readOutput(fields: readonly PsbtField[], index: number): PsbtOutput {
  checkFields("output", fields, `output ${index}`);
  const witnessScript = fields.find(({ type }) => type === OUTPUT_FIELD.witnessScript)?.value;
  return { fields, witnessScript, derivations: readDerivations(fields, OUTPUT_FIELD.derivation) };
}

function readDerivations(fields: readonly PsbtField[], type: number): readonly PsbtDerivation[] {
  return fields
    .filter((field) => field.type === type)
    .map(({ keyData, value }) => {
      const cursor = cursorOf(value, "key origin", PSBT_MALFORMED);
      cursor.at = 4;
      const path = Array.from({ length: value.length / 4 - 1 }, () => takeUint32(cursor));
      return { publicKey: keyData, fingerprint: toHex(value.subarray(0, 4)), path };
    });
}

function unknownFields(kind: MapKind, fields: readonly PsbtField[], where: string): string[] {
  return fields
    .filter((field) => !isKnownField(kind, field))
    .map((field) => `${where}: ${fieldName(kind, field)}`);
}
