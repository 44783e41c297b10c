/** Every single change of a request, and what the attacker and those who are with him can make fit again after it. */
import { canonicalBytes, type Json, type JsonObject } from "../../../src/core/canonical.ts";
import { taggedDigest, type Digest } from "../../../src/core/digest.ts";
import type { Instant } from "../../../src/core/instant.ts";
import { signDigest, type Signature } from "../../../src/core/signature.ts";
import type { Plan } from "../../../src/core/documents/plan.ts";
import type { Ground } from "./grounds/ground.ts";
import type { Cast } from "../../factory/identities.ts";

/** One change: where, as a pattern without indices, and the request after it. */
export type Mutation = { readonly where: string; readonly how: string; readonly request: JsonObject };

type Path = readonly (string | number)[];
type Change = { readonly how: string; readonly value: Json | undefined };

/**
 * Changes of every value of `request`, its embedded documents' signatures included, and of its plans' transactions as
 * the ground's `rewrites` know them. `foreign` are values to swap in.
 */
export function* mutationsOf(
  request: JsonObject,
  foreign: readonly string[],
  rewrites: Ground["rewrites"] = () => [],
): Generator<Mutation> {
  for (const { path, value } of valuesOf(request, [])) {
    for (const { how, value: next } of changesOf(value, foreign))
      yield { where: patternOf(path), how, request: replaced(request, path, next) as JsonObject };
  }
  yield* rewritten(request, rewrites);
}

/** Of a plan whose transaction was changed, by its place: what passes for one payment may be too dear for a smaller one. */
export const REWRITTEN = /^plans\[\d+\] of /;

function* rewritten(request: JsonObject, rewrites: Ground["rewrites"]): Generator<Mutation> {
  for (const [place, plan] of listOf(request, "plans").entries()) {
    for (const { how, fields } of rewrites(plan as unknown as Plan))
      yield {
        where: `plans[${place}] of ${how}`,
        how,
        request: replaced(request, ["plans", place], { ...plan, ...fields }) as JsonObject,
      };
  }
}

function* valuesOf(value: Json, path: Path): Generator<{ path: Path; value: Json }> {
  if (path.length > 0) yield { path, value };
  if (typeof value !== "object") return;
  const entries = Array.isArray(value) ? value.map((item, i) => [i, item] as const) : Object.entries(value);
  for (const [key, item] of entries) yield* valuesOf(item as Json, [...path, key]);
}

function changesOf(value: Json, foreign: readonly string[]): readonly Change[] {
  const removed: Change = { how: "removed", value: undefined };
  if (typeof value === "string") return [removed, ...textChanges(value, foreign)];
  if (typeof value === "number")
    return [
      removed,
      ...[value + 1, value - 1, 0].filter((n) => n !== value).map((n) => ({ how: `${n}`, value: n })),
    ];
  if (Array.isArray(value)) return [removed, ...listChanges(value)];
  if (typeof value === "object") return [removed, { how: "unknown field", value: { ...value, zzz: "1" } }];
  return [removed, { how: "negated", value: !value }];
}

function textChanges(text: string, foreign: readonly string[]): readonly Change[] {
  const last = text.at(-1) === "0" ? "1" : "0";
  const changes: Change[] = [
    { how: "last character", value: `${text.slice(0, -1)}${last}` },
    { how: "emptied", value: "" },
    { how: "lengthened", value: `${text}0` },
  ];
  if (/^[0-9]+$/.test(text)) changes.push({ how: "one more", value: `${BigInt(text) + 1n}` });
  if (/^\d{4}-/.test(text)) changes.push({ how: "next century", value: text.replace(/^../, "21") });
  // Of the same shape, from elsewhere in the request: another key, digest, name or account.
  const alike = foreign.filter((other) => other !== text && shapeOf(other) === shapeOf(text)).slice(0, 3);
  return [...changes, ...alike.map((other) => ({ how: "another's", value: other }))];
}

function listChanges(list: readonly Json[]): readonly Change[] {
  const [first] = list;
  const changes: Change[] = [];
  if (first !== undefined) {
    changes.push({ how: "first taken out", value: list.slice(1) });
    changes.push({ how: "first twice", value: [first, ...list] });
    changes.push({ how: "last twice", value: [...list, list[list.length - 1] ?? first] });
  }
  if (list.length > 1) changes.push({ how: "reversed", value: [...list].reverse() });
  return changes;
}

const shapeOf = (text: string) => (/^[0-9a-f]{64}$/.test(text) ? "digest" : text.replace(/[0-9a-z]+/g, "x"));

const patternOf = (path: Path) =>
  path
    .map((step) => (typeof step === "number" ? "[]" : `.${step}`))
    .join("")
    .slice(1);

function replaced(value: Json, [step, ...rest]: Path, next: Json | undefined): Json {
  if (step === undefined) return next as Json;
  if (Array.isArray(value)) {
    const changed = value.map((item, i) => (i === step ? replaced(item as Json, rest, next) : item));
    return changed.filter((item) => item !== undefined) as Json;
  }
  const entries = Object.entries(value as JsonObject).map(([key, item]) => [
    key,
    key === step ? replaced(item as Json, rest, next) : item,
  ]);
  return Object.fromEntries(entries.filter(([, item]) => item !== undefined)) as Json;
}

/** The digest that a document has after whatever was done to it. */
export function digestOf({ signatures: _, ...body }: JsonObject): Digest {
  return taggedDigest(
    `custody/${body["kind"] as string}/v${body["version"] as number}`,
    canonicalBytes(body),
  );
}

type Loose = JsonObject & { readonly signatures?: readonly Signature[] };
const listOf = (request: JsonObject, field: string) => (request[field] ?? []) as unknown as readonly Loose[];

/**
 * Names every embedded document by its new digest, from destinations to proofs of death, and has everyone who is with
 * the attacker sign anew: `accomplices` sign whatever of theirs has lost its signature.
 */
export function refitted(
  before: JsonObject,
  after: JsonObject,
  accomplices: readonly Cast[],
  when: Instant,
): JsonObject {
  let text = JSON.stringify(after);
  for (const field of ["beneficiaries", "superseded", "intents", "plans"]) {
    const current = JSON.parse(text) as JsonObject;
    listOf(before, field).forEach((original, index) => {
      const now = listOf(current, field)[index];
      if (now === undefined || typeof now !== "object") return;
      const [old, fresh] = [digestOf(original), digestOf(now)];
      if (old !== fresh) text = text.replaceAll(old, fresh);
    });
  }
  const fitted = JSON.parse(text) as JsonObject;
  const again = (document: Loose): Loose => resigned(document, accomplices, when);
  return {
    ...fitted,
    ...(typeof fitted["delegation"] === "object" ? { delegation: again(fitted["delegation"] as Loose) } : {}),
    ...Object.fromEntries(
      ["beneficiaries", "approvals", "clearances", "dead"].flatMap((field) =>
        Array.isArray(fitted[field]) ? [[field, listOf(fitted, field).map(again)]] : [],
      ),
    ),
  };
}

function resigned(document: Loose, accomplices: readonly Cast[], when: Instant): Loose {
  if (typeof document !== "object" || !Array.isArray(document.signatures)) return document;
  const digest = digestOf(document);
  const signatures = document.signatures.map((signature) => {
    const who = accomplices.find(({ key }) => key === signature.by);
    return who === undefined ? signature : signDigest(digest, who.seed, when);
  });
  return { ...document, signatures };
}

/** The request under a signature of the session key. */
export function sessionSigned(request: JsonObject, session: Cast, when: Instant): JsonObject {
  const signature = signDigest(digestOf(request), session.seed, when);
  return { ...request, signatures: [signature] };
}
