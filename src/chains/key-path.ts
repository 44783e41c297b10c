import { LIMITS } from "../core/limits.ts";

/** First hardened child number (BIP-32). */
export const HARDENED = 0x8000_0000;

/** Where a key comes from: the master key's fingerprint (8 hex digits) and child numbers, hardened ones with bit 31. */
export type KeyOrigin = { readonly fingerprint: string; readonly path: readonly number[] };

/** A compressed public key of 33 bytes (of taproot with an even y) with the path that leads to it from its master. */
export type OriginKey = KeyOrigin & { readonly publicKey: Uint8Array };

/** `m/84h/0h/0h/1/5`; without steps `m`. */
export function formatKeyPath(path: readonly number[]): string {
  return ["m", ...path.map(formatStep)].join("/");
}

/** `84h` or `5`. */
export function formatStep(step: number): string {
  return step >= HARDENED ? `${step - HARDENED}h` : String(step);
}

/**
 * Reads steps like `84h/0'/7`; `h` and `'` both harden (BIP-380). Undefined when a step is out of range, written
 * with leading zeros, or when there are more steps than the limit.
 */
export function parseSteps(text: string): readonly number[] | undefined {
  const parts = text === "" ? [] : text.split("/");
  if (parts.length > LIMITS.derivationDepthMax) return undefined;
  const steps: number[] = [];
  for (const part of parts) {
    const match = /^(0|[1-9][0-9]{0,9})(h|')?$/.exec(part);
    const index = match === null ? HARDENED : Number(match[1]);
    if (index >= HARDENED) return undefined;
    steps.push(match?.[2] === undefined ? index : index + HARDENED);
  }
  return steps;
}
