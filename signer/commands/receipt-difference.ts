import type { Json } from "../../src/core/canonical.ts";
import type { ReceiptDocument } from "../../src/core/documents/receipt.ts";

/**
 * The first field in which two receipts differ, identity signatures aside: those of the signer and of the officer, of
 * which only the times are a matter of the request.
 * @returns undefined when they are the same byte for byte
 */
export function differenceIn(a: ReceiptDocument, b: ReceiptDocument): string | undefined {
  return firstDifference("receipt", comparable(a), comparable(b));
}

function comparable({ body, signatures }: ReceiptDocument): Json {
  const { outcome } = body;
  if (outcome.type !== "signed") return { ...body, signatures: timesOf(signatures) };
  const review = { ...outcome.review, signatures: timesOf(outcome.review.signatures ?? []) };
  return { ...body, outcome: { ...outcome, review }, signatures: timesOf(signatures) };
}

function timesOf(signatures: ReceiptDocument["signatures"]): Json {
  return signatures.map(({ at }) => ({ at }));
}

function firstDifference(field: string, a: Json | undefined, b: Json | undefined): string | undefined {
  if (typeof a !== "object" || typeof b !== "object") return a === b ? undefined : field;
  const left = new Map<string, Json | undefined>(Object.entries(a));
  const right = new Map<string, Json | undefined>(Object.entries(b));
  for (const name of new Set([...left.keys(), ...right.keys()])) {
    const inner = Array.isArray(a) ? `${field}[${name}]` : `${field}.${name}`;
    const found = firstDifference(inner, left.get(name), right.get(name));
    if (found !== undefined) return found;
  }
  return undefined;
}
