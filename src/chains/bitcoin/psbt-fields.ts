/**
 * The fields of PSBT versions 0 and 2 and what each may look like (BIP-174, 322, 370, 371, 373): which keys have key data,
 * and how long values are. A field that belongs to the other version is refused (attack B16: one reader takes the amount
 * from the unsigned transaction, the next from the field). Types that are not listed are kept and reported as unknown.
 */
import { broken, cursorOf } from "./cursor.ts";
import { PSBT_MALFORMED, type PsbtField } from "./psbt-codec.ts";
import {
  amount,
  count,
  derivation,
  extendedKey,
  heightLock,
  leafScript,
  leafSignature,
  musigPart,
  musigParticipants,
  output,
  partialSignature,
  schnorrSignature,
  tapDerivation,
  tapTree,
  timeLock,
  witness,
  type FieldRule,
  type PsbtVersion,
} from "./psbt-field-shapes.ts";

export type MapKind = "global" | "input" | "output";

export const GLOBAL_FIELD = {
  unsignedTransaction: 0x00,
  transactionVersion: 0x02,
  fallbackLockTime: 0x03,
  inputCount: 0x04,
  outputCount: 0x05,
  modifiable: 0x06,
  signedMessage: 0x09,
  version: 0xfb,
} as const;
export const INPUT_FIELD = {
  previousTransaction: 0x00,
  previousOutput: 0x01,
  partialSignature: 0x02,
  sighashType: 0x03,
  redeemScript: 0x04,
  witnessScript: 0x05,
  derivation: 0x06,
  finalScriptSig: 0x07,
  finalWitness: 0x08,
  previousTxid: 0x0e,
  outputIndex: 0x0f,
  sequence: 0x10,
  timeLock: 0x11,
  heightLock: 0x12,
  tapKeySignature: 0x13,
  tapScriptSignature: 0x14,
  tapLeafScript: 0x15,
  tapDerivation: 0x16,
  tapInternalKey: 0x17,
  tapMerkleRoot: 0x18,
} as const;
export const OUTPUT_FIELD = {
  redeemScript: 0x00,
  witnessScript: 0x01,
  derivation: 0x02,
  amount: 0x03,
  script: 0x04,
  tapInternalKey: 0x05,
  tapTree: 0x06,
  tapDerivation: 0x07,
} as const;
const PROPRIETARY = 0xfc;

const RULES: Readonly<Record<MapKind, Readonly<Record<number, FieldRule>>>> = {
  global: {
    0x00: { name: "unsigned transaction", only: 0 },
    0x01: { name: "extended public key", ...extendedKey },
    0x02: { name: "transaction version", only: 2, lengths: [4] },
    0x03: { name: "fallback lock time", only: 2, lengths: [4] },
    0x04: { name: "input count", only: 2, ...count },
    0x05: { name: "output count", only: 2, ...count },
    0x06: { name: "modifiable flags", only: 2, lengths: [1] },
    0x09: { name: "signed message" },
    0xfb: { name: "version", lengths: [4] },
  },
  input: {
    0x00: { name: "previous transaction" },
    0x01: { name: "previous output", ...output },
    0x02: { name: "partial signature", ...partialSignature },
    0x03: { name: "sighash type", lengths: [4] },
    0x04: { name: "redeem script" },
    0x05: { name: "witness script" },
    0x06: { name: "key origin", ...derivation },
    0x07: { name: "final script signature" },
    0x08: { name: "final witness", ...witness },
    0x09: { name: "proof of reserves commitment" },
    0x0a: { name: "RIPEMD-160 preimage", keyLengths: [20] },
    0x0b: { name: "SHA-256 preimage", keyLengths: [32] },
    0x0c: { name: "HASH160 preimage", keyLengths: [20] },
    0x0d: { name: "HASH256 preimage", keyLengths: [32] },
    0x0e: { name: "previous transaction id", only: 2, lengths: [32] },
    0x0f: { name: "output index", only: 2, lengths: [4] },
    0x10: { name: "sequence", only: 2, lengths: [4] },
    0x11: { name: "required time lock", only: 2, ...timeLock },
    0x12: { name: "required height lock", only: 2, ...heightLock },
    0x13: { name: "taproot key signature", ...schnorrSignature },
    0x14: { name: "taproot script signature", ...leafSignature },
    0x15: { name: "taproot leaf script", ...leafScript },
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
    0x03: { name: "amount", only: 2, ...amount },
    0x04: { name: "script", only: 2 },
    0x05: { name: "taproot internal key", lengths: [32] },
    0x06: { name: "taproot tree", ...tapTree },
    0x07: { name: "taproot key origin", ...tapDerivation },
    0x08: { name: "MuSig2 participants", ...musigParticipants },
  },
};

/**
 * Checks a field's shape.
 * @param version of the PSBT that it stands in
 * @throws PSBT_MALFORMED naming `where` and the field; unknown types pass
 */
export function checkField(kind: MapKind, field: PsbtField, where: string, version: PsbtVersion = 0): void {
  const rule = RULES[kind][field.type];
  if (rule === undefined || isUnknownToVersion0(rule, field, version)) return;
  const { name, only = version, keyLengths = [0], lengths } = rule;
  const value = cursorOf(field.value, `${where} ${name}`, PSBT_MALFORMED);
  if (only !== version) throw broken(value, `belongs to PSBT version ${only}, this is version ${version}`);
  const key = cursorOf(field.keyData, `key of ${where} ${name}`, PSBT_MALFORMED);
  if (!keyLengths.includes(field.keyData.length))
    throw broken(key, `has ${field.keyData.length} bytes of key data`);
  if (lengths?.includes(field.value.length) === false) throw broken(value, `has ${field.value.length} bytes`);
  rule.check?.(field, key, value);
}

// A field of version 2 is its type alone. BIP-174's own vectors have such a type with key data, from before BIP-370: in
// version 0 that key is nobody's, kept as any other unknown one.
function isUnknownToVersion0({ only }: FieldRule, { keyData }: PsbtField, version: PsbtVersion): boolean {
  return version === 0 && only === 2 && keyData.length > 0;
}

/** Whether the version knows what the field means. */
export function isKnownField(kind: MapKind, { type }: PsbtField, version: PsbtVersion = 0): boolean {
  const rule = RULES[kind][type];
  return rule !== undefined && (rule.only ?? version) === version;
}

/** What people call the field: "redeem script", "unknown field 0xf0", "proprietary field". */
export function fieldName(kind: MapKind, field: PsbtField, version: PsbtVersion = 0): string {
  if (field.type === PROPRIETARY) return "proprietary field";
  const rule = isKnownField(kind, field, version) ? RULES[kind][field.type] : undefined;
  return rule?.name ?? `unknown field 0x${field.type.toString(16).padStart(2, "0")}`;
}

/** Whether the field belongs to one version alone, so that the other has no place for it. */
export function onlyIn(version: PsbtVersion, kind: MapKind, { type }: PsbtField): boolean {
  return RULES[kind][type]?.only === version;
}
