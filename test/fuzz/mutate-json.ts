/** Spoils JSON by its values: other types, edges, keys twice or strange, lists without end, and bytes inside of text. */
import { fromBase64, fromHex, toBase64, toHex, utf8 } from "../../src/core/hex.ts";
import type { Random } from "../attack/bench/random.ts";
import { mutateBytes } from "./mutate-bytes.ts";
import { spoiltText } from "./mutate-text.ts";
import { textOf, type Mutate } from "./target.ts";

/** Whatever JSON.parse gives; what is rendered may be of no kind of ours. */
export type Value = unknown;
type Path = readonly (string | number)[];

const EDGES: readonly Value[] = [
  null,
  true,
  false,
  0,
  1,
  -1,
  1.5,
  2 ** 31,
  2 ** 32,
  2 ** 53 - 1,
  2 ** 53,
  1e300,
  "",
  "0",
  "00",
  "-1",
  "0".repeat(64),
  "f".repeat(64),
  "9".repeat(78),
  "9".repeat(79),
  "a".repeat(70_000),
  "\u0000",
  "\u202e",
  "e\u0301",
  "a\u0316\u0301".repeat(40),
  "\ud800",
  "2026-11-22T20:00:00Z",
  "9999-12-31T23:59:59Z",
  "0000-00-00T00:00:00Z",
  [],
  [[]],
  [null],
  {},
  { kind: "policy", version: 1 },
  { length: 1 },
];

const KEYS = [
  "__proto__",
  "constructor",
  "toString",
  "signatures",
  "kind",
  "version",
  "",
  "é",
  "a".repeat(65),
];

/** All places in `value`, itself first. */
function placesIn(value: Value, path: Path = []): Path[] {
  if (Array.isArray(value)) return [path, ...value.flatMap((item, i) => placesIn(item, [...path, i]))];
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, item]) => placesIn(item, [...path, key]))];
}

function at(value: Value, path: Path): Value {
  return path.reduce<Value>((inner, step) => (inner as Record<string | number, Value>)[step], value);
}

/** `value` with `change` at one place. Objects are made from entries, so that even `__proto__` is a key. */
function changedAt(value: Value, [step, ...rest]: Path, change: (inner: Value) => Value): Value {
  if (step === undefined) return change(value);
  if (Array.isArray(value))
    return value.map((item, i) => (i === step ? changedAt(item, rest, change) : item));
  return Object.fromEntries(
    Object.entries(value as object).map(([key, item]) => [
      key,
      key === step ? changedAt(item, rest, change) : item,
    ]),
  );
}

function spoiltString(random: Random, text: string, other: string): Value {
  if (/^(?:[0-9a-f]{2}){4,}$/.test(text) && random.chance(50))
    return toHex(mutateBytes(random, fromHex(text), [fromHex(text)]));
  if (/^[A-Za-z0-9+/]{16,}={0,2}$/.test(text) && text.length % 4 === 0 && random.chance(80)) {
    const bytes = bytesOfBase64(text);
    if (bytes !== undefined) return toBase64(mutateBytes(random, bytes, [bytes]));
  }
  return spoiltText(random, text, other);
}

function bytesOfBase64(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(Buffer.from(text, "base64"));
  return toBase64(bytes) === text ? fromBase64(text) : undefined;
}

function spoiltArray(random: Random, list: readonly Value[]): Value {
  const index = random.below(Math.max(1, list.length));
  const item = list[index];
  const times = random.chance(70) ? 2 : random.below(3000);
  switch (random.below(4)) {
    case 0:
      return list.filter((_, i) => i !== index);
    case 1: {
      // Large items fewer times, so that a document stays below a megabyte or two.
      const room = Math.ceil(1_000_000 / (1 + JSON.stringify(item ?? null).length));
      return [...list, ...Array.from({ length: Math.min(times, room) }, () => item ?? null)];
    }
    case 2:
      return list.toReversed();
    default:
      return [...list, random.of(EDGES)];
  }
}

function spoiltObject(random: Random, value: object): Value {
  const entries = Object.entries(value) as [string, Value][];
  const index = random.below(Math.max(1, entries.length));
  switch (random.below(5)) {
    case 0:
      return Object.fromEntries(entries.filter((_, i) => i !== index));
    case 1:
      return Object.fromEntries([...entries, [random.of(KEYS), random.of(EDGES)]]);
    case 2:
      return Object.fromEntries(entries.map(([key, item], i) => [i === index ? random.of(KEYS) : key, item]));
    case 3: {
      const other = entries[random.below(Math.max(1, entries.length))];
      return Object.fromEntries(entries.map(([key, item], i) => [key, i === index ? other?.[1] : item]));
    }
    default:
      return Object.fromEntries([
        ...entries,
        ...Array.from({ length: 1 + random.below(300) }, (_, i) => [`k${i}`, 1] as const),
      ]);
  }
}

function nested(random: Random, value: Value): Value {
  let deep = value;
  for (let depth = random.below(40); depth > 0; depth--) deep = random.chance(50) ? [deep] : { a: deep };
  return deep;
}

function spoiltNumber(random: Random, value: number): Value {
  return random.of([value + 1, value - 1, -value, value * 2, value / 3, value * 1e6, String(value), -0]);
}

function spoilt(random: Random, value: Value, other: Value): Value {
  if (random.chance(12)) return random.of(EDGES);
  if (random.chance(3)) return nested(random, value);
  if (random.chance(8)) return other;
  if (typeof value === "string")
    return spoiltString(random, value, typeof other === "string" ? other : value);
  if (typeof value === "number") return spoiltNumber(random, value);
  if (typeof value === "boolean") return !value;
  if (Array.isArray(value)) return spoiltArray(random, value);
  return typeof value === "object" && value !== null ? spoiltObject(random, value) : random.of(EDGES);
}

/** `value` with one to four places spoilt. */
export function spoiltValue(random: Random, value: Value): Value {
  let result = value;
  for (let edits = random.chance(60) ? 1 : 1 + random.below(4); edits > 0; edits--) {
    const places = placesIn(result);
    const other = at(result, random.of(places));
    result = changedAt(result, random.of(places), (inner) => spoilt(random, inner, other));
  }
  return result;
}

/** A value of the same kind as before, so that a document keeps its shape: what comes behind the first look is meant. */
function ofSameShape(random: Random, value: Value, others: readonly Value[]): Value {
  if (typeof value === "number") return Math.max(0, value + random.of([-1, 1, 2, 1000]));
  if (Array.isArray(value)) {
    const index = random.below(Math.max(1, value.length));
    return random.of<readonly Value[]>([
      value.filter((_, i) => i !== index),
      value.toReversed(),
      [...value, ...value.slice(index, index + 1)],
    ]);
  }
  if (typeof value !== "string") return value;
  const alike = others.filter((other) => typeof other === "string" && shapeOf(other) === shapeOf(value));
  if (alike.length > 0 && random.chance(60)) return random.of(alike);
  if (/^[0-9]+$/.test(value)) return String(BigInt(value) + random.of([-1n, 1n, 1000n, 10n ** 8n]));
  if (/^[0-9a-f]+$/.test(value)) return value.replace(/^./, (digit) => (digit === "f" ? "0" : "f"));
  return /^[A-Za-z0-9+/]{16,}={0,2}$/.test(value) ? spoiltString(random, value, value) : value;
}

/** What a string is told by at a glance: its length, and of what signs it is made. */
function shapeOf(text: string): string {
  if (/^[0-9]+$/.test(text)) return "digits";
  if (/^[0-9a-f]+$/.test(text)) return `hex ${text.length}`;
  return /^[0-9-]+T[0-9:]+Z$/.test(text) ? "time" : /^[a-z0-9-]{1,64}$/.test(text) ? "name" : "text";
}

/** `value` with one to three places changed to what could stand there. */
export function plausibleValue(random: Random, value: Value): Value {
  let result = value;
  for (let edits = random.chance(60) ? 1 : 1 + random.below(3); edits > 0; edits--) {
    const places = placesIn(result);
    const others = places.map((place) => at(result, place));
    result = changedAt(result, random.of(places), (inner) => ofSameShape(random, inner, others));
  }
  return result;
}

/** JSON with keys in canonical order, whatever the values are. */
export function rendered(value: Value): string {
  return (
    JSON.stringify(value, (_, item: unknown) =>
      typeof item === "object" && item !== null && !Array.isArray(item)
        ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
        : item,
    ) ?? "null"
  );
}

/** Values spoilt and spelt as they should be; at times spelt badly as well, or spoilt as bytes. */
export const mutateJson: Mutate = (random, sample, samples) => {
  if (random.chance(12)) return mutateBytes(random, sample, samples);
  const text = rendered(spoiltValue(random, JSON.parse(textOf(sample))));
  return utf8(random.chance(10) ? misspelt(random, text) : text);
};

/** The same value, or nearly, in a spelling that canonical JSON does not have. */
function misspelt(random: Random, text: string): string {
  switch (random.below(5)) {
    case 0:
      return text.replace(/"([a-z]+)":([^,{}[\]]+)/i, '"$1":$2,"$1":$2');
    case 1:
      return text.replace(/:/, random.of([" :", ": ", ":\n"]));
    case 2:
      return text.replace(/"([a-z])/, (_, letter: string) => `"\\u00${toHex(utf8(letter))}`);
    case 3:
      return text.replace(/([0-9])([,}])/, random.of(["$1.0$2", "$1e0$2", "-$1$2", "0$1$2"]));
    default:
      return random.of(["\ufeff", " ", ""]) + text + random.of(["\n", " ", ",", "}", ""]);
  }
}
