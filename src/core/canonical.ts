/**
 * Canonical JSON (RFC 8785), read strictly: what is read must be byte for byte what we would have written,
 * so that one document has one spelling. That alone refuses duplicate keys, odd numbers, white space and
 * needless escapes, each of which has been used to show one reader another document than the next.
 *
 * Our documents use a subset: objects, arrays, strings, booleans and integers below 2^53. `null`, fractions,
 * exponents and -0 do not occur. Keys are ASCII by pattern, strings are safe text (see `text.ts`).
 */
import { assert, declareError } from "./errors.ts";
import { equalBytes, utf8 } from "./hex.ts";
import { LIMITS } from "./limits.ts";
import { isSafeText } from "./text.ts";

export type Json = string | number | boolean | readonly Json[] | JsonObject;
export type JsonObject = { readonly [key: string]: Json | undefined };

export const CANONICAL_MALFORMED = declareError(
  "CANONICAL_MALFORMED",
  "invalid",
  "Bytes are not a canonical JSON document (RFC 8785, our subset).",
);
export const CANONICAL_TOO_LARGE = declareError(
  "CANONICAL_TOO_LARGE",
  "invalid",
  "A document exceeds a limit of size or depth.",
);

const KEY = /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/;

/** Canonical UTF-8 bytes of `value`. Fields that are `undefined` are left out. */
export function canonicalBytes(value: Json): Uint8Array {
  return utf8(canonicalText(value));
}

/** Canonical text of `value`. Values outside our subset are bugs of the caller. */
export function canonicalText(value: Json): string {
  switch (typeof value) {
    case "string":
      assert(isSafeText(value), "canonical JSON: unsafe text");
      return JSON.stringify(value);
    case "number":
      assert(
        Number.isSafeInteger(value) && !Object.is(value, -0),
        "canonical JSON: not an integer below 2^53",
      );
      return String(value);
    case "boolean":
      return String(value);
    default:
      return Array.isArray(value)
        ? `[${value.map((item: Json) => canonicalText(item)).join(",")}]`
        : canonicalObject(value as JsonObject);
  }
}

// RFC 8785 §3.2.3 sorts by UTF-16 code units, which for ASCII keys is the order of `<`.
function canonicalObject(value: JsonObject): string {
  const members: string[] = [];
  for (const key of Object.keys(value).sort()) {
    assert(KEY.test(key), `canonical JSON: key ${JSON.stringify(key)}`);
    const member = value[key];
    // The pattern leaves nothing in a key that would be escaped.
    if (member !== undefined) members.push(`"${key}":${canonicalText(member)}`);
  }
  return `{${members.join(",")}}`;
}

const AS_EXPORTED = "take the file as it was exported; an editor or a mail program may have changed it";

/**
 * Reads canonical JSON.
 * @param bytes UTF-8 without byte order mark and without a final newline
 * @throws CANONICAL_MALFORMED, CANONICAL_TOO_LARGE
 */
export function parseCanonical(bytes: Uint8Array, bytesMax: number = LIMITS.smallDocumentBytesMax): Json {
  if (bytes.length > bytesMax) {
    throw CANONICAL_TOO_LARGE(`document has ${bytes.length} bytes, at most ${bytesMax} are read`, {
      field: "document",
      hint: AS_EXPORTED,
    });
  }
  assertShape(bytes);
  const value = parseJson(bytes);
  assertSubset(value, "document");
  if (!equalBytes(canonicalBytes(value as Json), bytes)) {
    throw CANONICAL_MALFORMED(
      "document is not in canonical form: its keys, numbers, escapes or spaces are written another way",
      {
        field: "document",
        hint: AS_EXPORTED,
      },
    );
  }
  return value as Json;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)) as unknown;
  } catch (cause) {
    throw CANONICAL_MALFORMED("document is not JSON in UTF-8", {
      field: "document",
      hint: AS_EXPORTED,
      cause,
    });
  }
}

// Counts brackets and commas before parsing, so that deep nesting costs no stack and twenty million empty objects, which
// fit into the limit of bytes, cost no gigabytes.
function assertShape(bytes: Uint8Array): void {
  let depth = 0;
  let values = 1;
  let inString = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (inString) {
      if (byte === 0x5c) i++;
      else if (byte === 0x22) inString = false;
    } else if (byte === 0x22) inString = true;
    else if (byte === 0x2c) values++;
    else if (byte === 0x7b || byte === 0x5b) {
      values++;
      if (++depth > LIMITS.documentDepthMax) {
        throw CANONICAL_TOO_LARGE(`document nests deeper than ${LIMITS.documentDepthMax} levels`, {
          field: "document",
          hint: AS_EXPORTED,
        });
      }
    } else if (byte === 0x7d || byte === 0x5d) depth--;
  }
  if (values > LIMITS.documentValuesMax) {
    throw CANONICAL_TOO_LARGE(`document holds more than ${LIMITS.documentValuesMax} values`, {
      field: "document",
      hint: AS_EXPORTED,
    });
  }
}

function assertSubset(value: unknown, path: string): void {
  if (typeof value === "boolean") return;
  if (typeof value === "number") {
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) return;
    throw CANONICAL_MALFORMED(`${path} is a number that is not an integer below 2^53`, {
      field: path,
      hint: AS_EXPORTED,
    });
  }
  if (typeof value === "string") {
    if (isSafeText(value)) return;
    throw CANONICAL_MALFORMED(`${path} holds unsafe text`, { field: path, hint: AS_EXPORTED });
  }
  if (Array.isArray(value)) {
    value.forEach((item, index) => assertSubset(item, `${path}[${index}]`));
    return;
  }
  if (value === null || typeof value !== "object") {
    throw CANONICAL_MALFORMED(`${path} is null, which our documents do not use`, {
      field: path,
      hint: AS_EXPORTED,
    });
  }
  for (const [key, member] of Object.entries(value)) {
    if (!KEY.test(key))
      throw CANONICAL_MALFORMED(`${path} has a key outside the pattern`, { field: path, hint: AS_EXPORTED });
    assertSubset(member, `${path}.${key}`);
  }
}
