/**
 * Partially signed transactions, version 0 (BIP-174), read with limits and in linear time. Everything that was read
 * is kept in order and written back byte for byte; what has no meaning here is listed, never acted on (attack B15).
 */
import { declareError } from "../../core/errors.ts";
import { utf8 } from "../../core/hex.ts";
import { cursorOf, finish, takeUint32, type Cursor } from "./cursor.ts";
import type { KeyScripts } from "./kinds/kind.ts";
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
import type { PsbtVersion } from "./psbt-field-shapes.ts";
import { readInput, readOutput, type PsbtDerivation, type PsbtInput, type PsbtOutput } from "./psbt-maps.ts";
import {
  outputBytes,
  parseUnsigned,
  strippedBytes,
  type Transaction,
  type TransactionOutput,
} from "./transaction.ts";
import { leafField, treeField } from "./wallet-claims.ts";
import { compactSize, joined, uint32 } from "./wire.ts";

export type { PsbtDerivation, PsbtInput, PsbtOutput } from "./psbt-maps.ts";

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
  "A PSBT is of another version than is read here: signers of ours read version 0 (BIP-174) alone.",
);

/**
 * Which version a binary PSBT says it is of. Nothing else of it is read, for in the other version its fields mean
 * something else (attack B16).
 * @throws PSBT_VERSION, PSBT_MALFORMED, PSBT_TOO_LARGE
 */
export function psbtVersion(bytes: Uint8Array, field = "PSBT"): PsbtVersion {
  return versionOf(takeMap(openPsbt(bytes, field), "global map"), field);
}

/**
 * Parses a binary PSBT. The result's byte strings are views of `bytes`.
 * @throws PSBT_MALFORMED, PSBT_TOO_LARGE, PSBT_VERSION, TRANSACTION_MALFORMED, TRANSACTION_TOO_LARGE
 */
export function parsePsbt(bytes: Uint8Array, field = "PSBT"): Psbt {
  const cursor = openPsbt(bytes, field);
  const globals = takeMap(cursor, "global map");
  if (versionOf(globals, field) !== 0) {
    throw PSBT_VERSION(`${field} is of version 2 (BIP-370), version 0 (BIP-174) is read here`, {
      field,
      hint: "export it as PSBT version 0; `custody withdraw import` takes both",
    });
  }
  checkFields("global", globals, "global");
  const raw = globals.find(({ type }) => type === GLOBAL_FIELD.unsignedTransaction);
  if (raw === undefined) {
    throw PSBT_MALFORMED(`${field} has no unsigned transaction`, { field, hint: "export the PSBT again" });
  }
  const unsigned = parseUnsigned(raw.value);
  const inputs = unsigned.inputs.map((_, i) => readInput(checkedMap(cursor, "input", i), i));
  const outputs = unsigned.outputs.map((_, i) => readOutput(checkedMap(cursor, "output", i)));
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
  /** Left out where the reader computes them. */
  readonly scripts?: Omit<KeyScripts, "script"> | undefined;
  readonly derivations: readonly PsbtDerivation[];
};

/** Key origins and scripts of an output that is ours; neither where it is somebody else's. */
export type NewPsbtOutput = Pick<NewPsbtInput, "scripts" | "derivations">;

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
    ...inputs.map(inputFields),
    ...outputs.map(outputFields),
  ]);
}

function inputFields({
  previousTransaction,
  previousOutput,
  scripts,
  derivations,
}: NewPsbtInput): PsbtField[] {
  const leaf = scripts?.taproot?.leaf;
  return inOrder([
    ...optionalField(INPUT_FIELD.previousTransaction, previousTransaction),
    ...optionalField(INPUT_FIELD.previousOutput, previousOutput && outputBytes(previousOutput)),
    ...optionalField(INPUT_FIELD.redeemScript, scripts?.redeemScript),
    ...optionalField(INPUT_FIELD.witnessScript, scripts?.witnessScript),
    ...derivations.map((derivation) => derivationField(INPUT_FIELD, derivation)),
    ...(leaf === undefined
      ? []
      : [{ type: INPUT_FIELD.tapLeafScript, keyData: leaf.controlBlock, value: leafField(leaf) }]),
    ...optionalField(INPUT_FIELD.tapInternalKey, scripts?.taproot?.internalKey),
    ...optionalField(INPUT_FIELD.tapMerkleRoot, leaf?.hash),
  ]);
}

function outputFields({ scripts, derivations }: NewPsbtOutput): PsbtField[] {
  const leaf = scripts?.taproot?.leaf;
  return inOrder([
    ...optionalField(OUTPUT_FIELD.redeemScript, scripts?.redeemScript),
    ...optionalField(OUTPUT_FIELD.witnessScript, scripts?.witnessScript),
    ...derivations.map((derivation) => derivationField(OUTPUT_FIELD, derivation)),
    ...optionalField(OUTPUT_FIELD.tapInternalKey, scripts?.taproot?.internalKey),
    ...optionalField(OUTPUT_FIELD.tapTree, leaf && treeField(leaf)),
  ]);
}

const NO_KEY_DATA = new Uint8Array();

// A stable sort: what is of one type stays as it was given.
function inOrder(fields: PsbtField[]): PsbtField[] {
  return fields.sort((a, b) => a.type - b.type);
}

function plainField(type: number, value: Uint8Array): PsbtField {
  return { type, keyData: NO_KEY_DATA, value };
}

function optionalField(type: number, value: Uint8Array | undefined): readonly PsbtField[] {
  return value === undefined ? [] : [plainField(type, value)];
}

function derivationField(
  types: { readonly derivation: number; readonly tapDerivation: number },
  { publicKey, fingerprint, path, leafHashes }: PsbtDerivation,
): PsbtField {
  const origin = joined([Buffer.from(fingerprint, "hex"), ...path.map(uint32)]);
  if (leafHashes === undefined) return { type: types.derivation, keyData: publicKey, value: origin };
  const value = joined([compactSize(leafHashes.length), ...leafHashes, origin]);
  return { type: types.tapDerivation, keyData: publicKey, value };
}

// A version of another length than four bytes, or with key data, is refused where the fields of version 0 are checked.
function versionOf(globals: readonly PsbtField[], field: string): PsbtVersion {
  const version = globals.find(({ type, keyData }) => type === GLOBAL_FIELD.version && keyData.length === 0);
  if (version === undefined || version.value.length !== 4) return 0;
  const number = takeUint32(cursorOf(version.value, "PSBT version", PSBT_MALFORMED));
  if (number === 0 || number === 2) return number;
  throw PSBT_VERSION(`${field} says it is of version ${number}; there are 0 and 2`, {
    field,
    hint: "export it as PSBT version 0 (BIP-174)",
  });
}

function checkedMap(cursor: Cursor, kind: "input" | "output", index: number): readonly PsbtField[] {
  const where = `${kind} ${index}`;
  const fields = takeMap(cursor, where);
  checkFields(kind, fields, where);
  return fields;
}

function checkFields(kind: MapKind, fields: readonly PsbtField[], where: string): void {
  for (const field of fields) checkField(kind, field, where);
}

function unknownFields(kind: MapKind, fields: readonly PsbtField[], where: string): string[] {
  return fields
    .filter((field) => !isKnownField(kind, field))
    .map((field) => `${where}: ${fieldName(kind, field)}`);
}
