/** What the maps of inputs and outputs say (BIP-174, BIP-371). Claims, all of it: whoever uses one proves it first. */
import { toHex } from "../../core/hex.ts";
import { cursorOf, take, takeCount, takeUint32 } from "./cursor.ts";
import type { OriginKey } from "../key-path.ts";
import { PSBT_MALFORMED, type PsbtField } from "./psbt-codec.ts";
import { INPUT_FIELD, OUTPUT_FIELD } from "./psbt-fields.ts";
import { parseTransaction, takeOutput, type Transaction, type TransactionOutput } from "./transaction.ts";

/**
 * A key with its origin: PSBT_IN_BIP32_DERIVATION and its fellow of outputs; or, with leaf hashes,
 * PSBT_IN_TAP_BIP32_DERIVATION and its fellow, where `publicKey` is x-only (32 bytes).
 */
export type PsbtDerivation = OriginKey & {
  /** The scripts that the key is in, 32 bytes each; none where it is the internal key alone. */
  readonly leafHashes?: readonly Uint8Array[] | undefined;
};

export type PsbtSignature = { readonly publicKey: Uint8Array; readonly signature: Uint8Array };

/** By a key in a script, or by the output's own key, which the field does not name. */
export type PsbtTapSignature = {
  readonly signature: Uint8Array;
  /** x-only, 32 bytes. */
  readonly leafKey: Uint8Array | undefined;
};

export type PsbtInput = {
  /** All fields in the order in which they stand. */
  readonly fields: readonly PsbtField[];
  readonly previousTransaction: Transaction | undefined;
  readonly previousOutput: TransactionOutput | undefined;
  readonly sighashType: number | undefined;
  readonly redeemScript: Uint8Array | undefined;
  readonly witnessScript: Uint8Array | undefined;
  readonly taproot: {
    readonly internalKey: Uint8Array | undefined;
    readonly merkleRoot: Uint8Array | undefined;
    /** `script` with its leaf version as the last byte, as the field has it. */
    readonly leaves: readonly { readonly controlBlock: Uint8Array; readonly script: Uint8Array }[];
    readonly signatures: readonly PsbtTapSignature[];
  };
  readonly derivations: readonly PsbtDerivation[];
  readonly signatures: readonly PsbtSignature[];
  /** Whether it holds a final script signature or witness. */
  readonly finalised: boolean;
};

export type PsbtOutput = {
  readonly fields: readonly PsbtField[];
  readonly redeemScript: Uint8Array | undefined;
  readonly witnessScript: Uint8Array | undefined;
  readonly taproot: {
    readonly internalKey: Uint8Array | undefined;
    /** Depth, leaf version and script of each leaf (BIP-371). */
    readonly tree: Uint8Array | undefined;
  };
  readonly derivations: readonly PsbtDerivation[];
};

/** @param fields of sound shape (`checkField`) @throws TRANSACTION_MALFORMED, TRANSACTION_TOO_LARGE */
export function readInput(fields: readonly PsbtField[], index: number): PsbtInput {
  const where = `input ${index}`;
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
    redeemScript: value(INPUT_FIELD.redeemScript),
    witnessScript: value(INPUT_FIELD.witnessScript),
    taproot: {
      internalKey: value(INPUT_FIELD.tapInternalKey),
      merkleRoot: value(INPUT_FIELD.tapMerkleRoot),
      leaves: fields
        .filter(({ type }) => type === INPUT_FIELD.tapLeafScript)
        .map(({ keyData, value: script }) => ({ controlBlock: keyData, script })),
      signatures: fields.flatMap(readTapSignature),
    },
    derivations: readDerivations(fields, INPUT_FIELD),
    signatures: fields
      .filter(({ type }) => type === INPUT_FIELD.partialSignature)
      .map(({ keyData, value: signature }) => ({ publicKey: keyData, signature })),
    finalised: fields.some(
      ({ type }) => type === INPUT_FIELD.finalScriptSig || type === INPUT_FIELD.finalWitness,
    ),
  };
}

/** @param fields of sound shape (`checkField`) */
export function readOutput(fields: readonly PsbtField[]): PsbtOutput {
  const value = (type: number) => fields.find((field) => field.type === type)?.value;
  return {
    fields,
    redeemScript: value(OUTPUT_FIELD.redeemScript),
    witnessScript: value(OUTPUT_FIELD.witnessScript),
    taproot: { internalKey: value(OUTPUT_FIELD.tapInternalKey), tree: value(OUTPUT_FIELD.tapTree) },
    derivations: readDerivations(fields, OUTPUT_FIELD),
  };
}

function readTapSignature({ type, keyData, value: signature }: PsbtField): readonly PsbtTapSignature[] {
  if (type === INPUT_FIELD.tapKeySignature) return [{ leafKey: undefined, signature }];
  // The leaf hash behind the key is not read: the digest that the signature is verified with has our own.
  if (type === INPUT_FIELD.tapScriptSignature) return [{ leafKey: keyData.subarray(0, 32), signature }];
  return [];
}

function readDerivations(
  fields: readonly PsbtField[],
  types: { readonly derivation: number; readonly tapDerivation: number },
): readonly PsbtDerivation[] {
  return fields.flatMap(({ type, keyData: publicKey, value }): PsbtDerivation[] => {
    const cursor = cursorOf(value, "key origin", PSBT_MALFORMED);
    const origin = () => {
      const fingerprint = toHex(take(cursor, 4));
      const steps = (value.length - cursor.at) / 4;
      return { publicKey, fingerprint, path: Array.from({ length: steps }, () => takeUint32(cursor)) };
    };
    if (type === types.derivation) return [origin()];
    if (type !== types.tapDerivation) return [];
    const count = takeCount(cursor, 32);
    const leafHashes = Array.from({ length: count }, () => take(cursor, 32));
    return [{ ...origin(), leafHashes }];
  });
}
