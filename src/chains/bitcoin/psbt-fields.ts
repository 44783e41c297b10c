/**
 * The fields of PSBT version 0 and what each may look like (BIP-174, 322, 371, 373): which keys have key data, and how
 * long values are. Fields that belong to version 2 alone are refused (attack B16: one reader takes the amount from
 * the unsigned transaction, the next from the field). Types that are not listed are kept and reported as unknown.
 */
import { LIMITS } from "../../core/limits.ts";
import {
  atEnd,
  broken,
  cursorOf,
  finish,
  take,
  takeBlob,
  takeByte,
  takeCount,
  type Cursor,
} from "./cursor.ts";
import { PSBT_MALFORMED, type PsbtField } from "./psbt-codec.ts";
import { takeOutput, takeWitness } from "./transaction.ts";

export type MapKind = "global" | "input" | "output";

export const GLOBAL_FIELD = { unsignedTransaction: 0x00, signedMessage: 0x09, version: 0xfb } as const;
export const INPUT_FIELD = {
  previousTransaction: 0x00,
  previousOutput: 0x01,
  partialSignature: 0x02,
  sighashType: 0x03,
  witnessScript: 0x05,
  derivation: 0x06,
  finalScriptSig: 0x07,
  finalWitness: 0x08,
  tapKeySignature: 0x13,
  tapScriptSignature: 0x14,
} as const;
export const OUTPUT_FIELD = { witnessScript: 0x01, derivation: 0x02 } as const;
const PROPRIETARY = 0xfc;

type Rule = {
  readonly name: string;
  /** Allowed lengths of the key data; none when left out. */
  readonly keyLengths?: readonly number[];
  /** Allowed lengths of the value; any when left out. */
  readonly lengths?: readonly number[];
  /** Further shape, read with typed errors. */
  readonly check?: (field: PsbtField, key: Cursor, value: Cursor) => void;
};

const PUBLIC_KEY_LENGTHS = [33, 65] as const;

const derivation: Pick<Rule, "keyLengths" | "check"> = {
  keyLengths: PUBLIC_KEY_LENGTHS,
  check: ({ keyData }, key, value) => {
    checkPublicKey(keyData, key);
    checkPath(value.bytes.length, value);
  },
};

// BIP-371: leaf hashes, then fingerprint and path.
const tapDerivation: Pick<Rule, "keyLengths" | "check"> = {
  keyLengths: [32],
  check: (_field, _key, value) => {
    take(value, 32 * takeCount(value, 32));
    checkPath(value.bytes.length - value.at, value);
  },
};

// BIP-373: the aggregate key, then the participants' keys.
const musigParticipants: Pick<Rule, "keyLengths" | "check"> = {
  keyLengths: [33],
  check: ({ keyData }, key, value) => {
    checkPublicKey(keyData, key);
    if (value.bytes.length === 0) throw broken(value, "names no participant");
    while (!atEnd(value)) checkPublicKey(take(value, 33), value);
  },
};

// BIP-373: participant key, aggregate key and, in a script path, the leaf hash.
const musigPart = (length: number): Pick<Rule, "keyLengths" | "lengths" | "check"> => ({
  keyLengths: [66, 98],
  lengths: [length],
  check: ({ keyData }, key) => {
    checkPublicKey(keyData.subarray(0, 33), key);
    checkPublicKey(keyData.subarray(33, 66), key);
  },
});

const RULES: Readonly<Record<MapKind, Readonly<Record<number, Rule>>>> = {
  global: {
    0x00: { name: "unsigned transaction" },
    0x01: { name: "extended public key", keyLengths: [78], check: checkExtendedKey },
    0x09: { name: "signed message" },
    0xfb: { name: "version", lengths: [4] },
  },
  input: {
    0x00: { name: "previous transaction" },
    0x01: {
      name: "previous output",
      check: (_field, _key, value) => {
        takeOutput(value);
        finish(value);
      },
    },
    0x02: {
      name: "partial signature",
      keyLengths: PUBLIC_KEY_LENGTHS,
      check: ({ keyData }, key) => checkPublicKey(keyData, key),
    },
    0x03: { name: "sighash type", lengths: [4] },
    0x04: { name: "redeem script" },
    0x05: { name: "witness script" },
    0x06: { name: "key origin", ...derivation },
    0x07: { name: "final script signature" },
    0x08: {
      name: "final witness",
      check: (_field, _key, value) => {
        takeWitness(value);
        finish(value);
      },
    },
    0x09: { name: "proof of reserves commitment" },
    0x0a: { name: "RIPEMD-160 preimage", keyLengths: [20] },
    0x0b: { name: "SHA-256 preimage", keyLengths: [32] },
    0x0c: { name: "HASH160 preimage", keyLengths: [20] },
    0x0d: { name: "HASH256 preimage", keyLengths: [32] },
    0x13: { name: "taproot key signature", lengths: [64, 65] },
    0x14: { name: "taproot script signature", keyLengths: [64], lengths: [64, 65] },
    0x15: {
      name: "taproot leaf script",
      keyLengths: controlBlockLengths(),
      check: (_field, _key, value) => void takeByte(value),
    },
    0x16: { name: "taproot key origin", ...tapDerivation },
    0x17: { name: "taproot internal key", lengths: [32] },
    0x18: { name: "taproot Merkle root", lengths: [32] },
    0x1a: { name: "MuSig2 participants", ...musigParticipants },
    0x1b: { name: "MuSig2 public nonce", ...musigPart(66) },
    0x1c: { name: "MuSig2 partial signature", ...musigPart(32) },
  },
  output: {
    0x00: { name: "redeem script" },
    0x01: { name: "witness script" },
    0x02: { name: "key origin", ...derivation },
    0x05: { name: "taproot internal key", lengths: [32] },
    0x06: { name: "taproot tree", check: checkTapTree },
    0x07: { name: "taproot key origin", ...tapDerivation },
    0x08: { name: "MuSig2 participants", ...musigParticipants },
  },
};

/** BIP-370: fields that version 0 must not have. */
const VERSION_2_ONLY: Readonly<Record<MapKind, readonly number[]>> = {
  global: [0x02, 0x03, 0x04, 0x05, 0x06],
  input: [0x0e, 0x0f, 0x10, 0x11, 0x12],
  output: [0x03, 0x04],
};

/** Checks a field's shape. @throws PSBT_MALFORMED naming `where` and the field; unknown types pass */
export function checkField(kind: MapKind, field: PsbtField, where: string): void {
  const label = `${where} ${fieldName(kind, field)}`;
  const value = cursorOf(field.value, label, PSBT_MALFORMED);
  if (VERSION_2_ONLY[kind].includes(field.type))
    throw broken(value, "belongs to PSBT version 2, this is version 0");
  const rule = RULES[kind][field.type];
  if (rule === undefined) return;
  const key = cursorOf(field.keyData, `key of ${label}`, PSBT_MALFORMED);
  const { keyLengths = [0], lengths } = rule;
  if (!keyLengths.includes(field.keyData.length))
    throw broken(key, `has ${field.keyData.length} bytes of key data`);
  if (lengths?.includes(field.value.length) === false) throw broken(value, `has ${field.value.length} bytes`);
  rule.check?.(field, key, value);
}

/** Whether this version knows what the field means. */
export function isKnownField(kind: MapKind, { type }: PsbtField): boolean {
  return RULES[kind][type] !== undefined;
}

/** What people call the field: "redeem script", "unknown field 0xf0", "proprietary field". */
export function fieldName(kind: MapKind, { type }: PsbtField): string {
  if (type === PROPRIETARY) return "proprietary field";
  return RULES[kind][type]?.name ?? `unknown field 0x${type.toString(16).padStart(2, "0")}`;
}

function checkPublicKey(bytes: Uint8Array, at: Cursor): void {
  const prefix = bytes[0];
  const sound = bytes.length === 33 ? prefix === 2 || prefix === 3 : bytes.length === 65 && prefix === 4;
  if (!sound) throw broken(at, "is not a public key");
}

// Master fingerprint and child numbers, four bytes each. Attack B17: paths deep enough to keep a signer busy.
function checkPath(length: number, value: Cursor): void {
  if (length < 4 || length % 4 !== 0) throw broken(value, "is not a fingerprint and a path");
  if (length / 4 - 1 > LIMITS.derivationDepthMax)
    throw broken(value, `has a path deeper than ${LIMITS.derivationDepthMax} steps`);
}

// BIP-174: the path must have as many steps as the key's own depth byte says.
function checkExtendedKey({ keyData }: PsbtField, _key: Cursor, value: Cursor): void {
  checkPath(value.bytes.length, value);
  if (value.bytes.length / 4 - 1 !== keyData[4])
    throw broken(value, "has a path that does not fit its key's depth");
}

// BIP-371: {depth, leaf version, script} in depth-first order; a Merkle path has at most 128 steps (BIP-341).
function checkTapTree(_field: PsbtField, _key: Cursor, value: Cursor): void {
  if (atEnd(value)) throw broken(value, "is empty");
  while (!atEnd(value)) {
    if (takeByte(value) > 128) throw broken(value, "is deeper than 128 levels");
    if ((takeByte(value) & 1) !== 0) throw broken(value, "has an odd leaf version");
    takeBlob(value);
  }
}

function controlBlockLengths(): number[] {
  return Array.from({ length: 129 }, (_, steps) => 33 + 32 * steps);
}
