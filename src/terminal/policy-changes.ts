/**
 * What a policy changes of the one before it, field by field. It walks the documents and knows no field by name, so that
 * no change can be left out of the drawing because somebody forgot to draw it.
 */
import { assetFacts, tokenOrigin, type AssetId } from "../core/asset.ts";
import type { Json } from "../core/canonical.ts";
import type { PolicyDocument } from "../core/policy/policy.ts";
import { grouped } from "./table.ts";

export type PolicyChange = {
  /** `rows.small.quorum`, `tokens.USDC`; what has a name, chain, kind or symbol is found by it and not by its place. */
  readonly field: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
};

/** Fields of every succession, which say nothing of what is allowed. */
const HEADER: ReadonlySet<string> = new Set(["kind", "version", "network", "custody", "previous"]);

/** In order of fields; the number is the first. */
export function policyChanges(previous: PolicyDocument, next: PolicyDocument): readonly PolicyChange[] {
  const [old, now] = [fieldsOf(previous), fieldsOf(next)];
  const fields = [...new Set([...now.keys(), ...old.keys()])].filter(
    (field) => old.get(field) !== now.get(field),
  );
  return fields
    .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
    .map((field) => ({ field, before: old.get(field), after: now.get(field) }));
}

/** Changes as facts for `drawFacts`. */
export function drawChanges(changes: readonly PolicyChange[]): readonly (readonly [string, string])[] {
  return changes.map(({ field, before, after }) => [
    field,
    before === undefined
      ? `new: ${inGroups(after)}`
      : after === undefined
        ? `gone: ${inGroups(before)}`
        : `${inGroups(before)} -> ${inGroups(after)}`,
  ]);
}

// A key is compared with a paper card, and that shows it in groups of four.
function inGroups(value: string | undefined): string {
  return (value ?? "").replace(/\b[0-9a-f]{64}\b/g, grouped);
}

function rank(field: string): number {
  return field === "number" ? 0 : 1;
}

function fieldsOf({ body }: PolicyDocument): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of Object.entries(body as unknown as Record<string, Json>))
    if (!HEADER.has(name)) collect(name, value, found);
  return found;
}

function collect(field: string, value: Json, into: Map<string, string>): void {
  if (typeof value !== "object") {
    into.set(field, String(value));
  } else if (isList(value)) {
    if (value.every((inner) => typeof inner !== "object") && !value.some(isToken))
      into.set(field, value.length === 0 ? "none" : value.map(String).join(", "));
    else value.forEach((inner, place) => collect(`${field}.${keyOf(inner) ?? place + 1}`, inner, into));
  } else {
    for (const [name, inner] of Object.entries(value))
      if (inner !== undefined) collect(`${field}.${name}`, inner, into);
  }
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isToken(value: Json): value is AssetId {
  return typeof value === "string" && tokenOrigin(value as AssetId) !== undefined;
}

function keyOf(value: Json): string | undefined {
  if (isToken(value)) return assetFacts(value).symbol;
  const { name, chain, kind } = Object(value) as Record<string, unknown>;
  return [name, chain, kind].find((key): key is string => typeof key === "string");
}
