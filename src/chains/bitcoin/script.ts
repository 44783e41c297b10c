/** Output scripts: the five kinds that have an address, and their templates. Everything else is unknown (law 5). */
import * as ecc from "tiny-secp256k1";
import { assert } from "../../core/errors.ts";
import { concatBytes } from "../../core/hex.ts";

export type ScriptKind = "p2pkh" | "p2sh" | "p2wpkh" | "p2wsh" | "p2tr";

/** Template bytes before and after the hash or key, and its length. */
type Template = {
  readonly kind: ScriptKind;
  readonly before: readonly number[];
  readonly length: number;
  readonly after: readonly number[];
};

const TEMPLATES: readonly Template[] = [
  { kind: "p2wpkh", before: [0x00, 0x14], length: 20, after: [] },
  { kind: "p2wsh", before: [0x00, 0x20], length: 32, after: [] },
  { kind: "p2tr", before: [0x51, 0x20], length: 32, after: [] },
  { kind: "p2pkh", before: [0x76, 0xa9, 0x14], length: 20, after: [0x88, 0xac] },
  { kind: "p2sh", before: [0xa9, 0x14], length: 20, after: [0x87] },
];

const OP_1 = 0x51;
const OP_NUMEQUAL = 0x9c;
const OP_CHECKSIG = 0xac;
const OP_CHECKMULTISIG = 0xae;
const OP_CHECKSIGADD = 0xba;

/** A script's kind with the hash or key it pays, or undefined when it is none of the five. */
export function classifyScript(script: Uint8Array): { kind: ScriptKind; payload: Uint8Array } | undefined {
  for (const { kind, before, length, after } of TEMPLATES) {
    const end = before.length + length;
    if (script.length !== end + after.length) continue;
    if (!before.every((byte, i) => script[i] === byte) || !after.every((byte, i) => script[end + i] === byte))
      continue;
    const payload = script.subarray(before.length, end);
    // BIP-341: only a key that is a point can be spent with. Paying another one burns the coins (attack B20).
    return kind === "p2tr" && !ecc.isXOnlyPoint(payload) ? undefined : { kind, payload };
  }
  return undefined;
}

/** The output script of `kind` over a 20- or 32-byte `payload`. */
export function scriptOf(kind: ScriptKind, payload: Uint8Array): Uint8Array {
  const template = TEMPLATES.find((candidate) => candidate.kind === kind);
  assert(template !== undefined && payload.length === template.length, "script payload of the wrong length");
  return concatBytes(Uint8Array.from(template.before), payload, Uint8Array.from(template.after));
}

/** `m <key> … <key> n OP_CHECKMULTISIG` over compressed keys in the order given, at most 16 (BIP-67 sorts them). */
export function multisigScript(threshold: number, publicKeys: readonly Uint8Array[]): Uint8Array {
  assert(
    threshold >= 1 && threshold <= publicKeys.length && publicKeys.length <= 16,
    "a script of m of n keys",
  );
  const pushes = publicKeys.flatMap((key) => [Uint8Array.of(key.length), key]);
  return concatBytes(
    Uint8Array.of(OP_1 + threshold - 1),
    ...pushes,
    Uint8Array.of(OP_1 + publicKeys.length - 1, OP_CHECKMULTISIG),
  );
}

/** `<key> OP_CHECKSIG <key> OP_CHECKSIGADD … m OP_NUMEQUAL` over x-only keys in the order given, at most 16 (BIP-387). */
export function multisigLeafScript(threshold: number, xOnlyKeys: readonly Uint8Array[]): Uint8Array {
  assert(
    threshold >= 1 && threshold <= xOnlyKeys.length && xOnlyKeys.length <= 16,
    "a tapscript of m of n keys",
  );
  const checks = xOnlyKeys.flatMap((key, place) => [
    Uint8Array.of(key.length),
    key,
    Uint8Array.of(place === 0 ? OP_CHECKSIG : OP_CHECKSIGADD),
  ]);
  return concatBytes(...checks, Uint8Array.of(OP_1 + threshold - 1, OP_NUMEQUAL));
}

/** Whether a script is provably unspendable data (OP_RETURN): value on it is destroyed (attack B20). */
export function isNullData(script: Uint8Array): boolean {
  return script[0] === 0x6a;
}

/**
 * Satoshis below which an output of `kind` is dust: Bitcoin Core's GetDustThreshold (policy/policy.cpp) at the default
 * dust relay rate of 3,000 sat/kvB, over the output's own size and that of the input which would spend it
 * (148 vB, or 32 + 4 + 1 + 107/4 + 4 = 67 vB for a witness program). Gives 294 p2wpkh, 330 p2wsh and p2tr, 540 p2sh,
 * 546 p2pkh (failure F16).
 */
export function dustThreshold(kind: ScriptKind): bigint {
  const template = TEMPLATES.find((candidate) => candidate.kind === kind) as Template;
  const scriptLength = template.before.length + template.length + template.after.length;
  const spend = kind === "p2pkh" || kind === "p2sh" ? 148 : 67;
  return (BigInt(8 + 1 + scriptLength + spend) * 3000n) / 1000n;
}
