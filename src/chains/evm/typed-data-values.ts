/**
 * Values of typed data, each to its word of 32 bytes (EIP-712, encodeData), and to a line that a person reads. Nothing
 * is left out and nothing is added: a field that is signed and not shown, or shown and not signed, is refused.
 */
import { declareError } from "../../core/errors.ts";
import { concatBytes, fromHex, toHex, utf8 } from "../../core/hex.ts";
import { excerpt, visibleText } from "../../core/text.ts";
import { addressBytes, addressOf, parseAddress } from "./address.ts";
import { keccak256 } from "./keccak.ts";
import { wordBytes } from "./quantity.ts";
import { fieldsOf, shapeOf, typeHash, type Shape, type TypedDataTypes } from "./typed-data-types.ts";

/** One value as it is signed. `value` is visible text: what moves or hides characters is written out (attack T5). */
export type TypedDataLine = { readonly path: string; readonly type: string; readonly value: string };

export const TYPED_DATA_VALUE = declareError(
  "EVM_TYPED_DATA_VALUE",
  "invalid",
  "A value of typed data is missing, unknown, or not of its type.",
);

/** Values in one message, lists included: more than a person can read. */
const LINES_MAX = 2048;

type Walk = { readonly types: TypedDataTypes; readonly lines: TypedDataLine[] };

/** keccak256(typeHash ‖ encodeData) of one struct; its values are added to `lines`. @throws EVM_TYPED_DATA_VALUE */
export function hashStruct(
  types: TypedDataTypes,
  name: string,
  value: unknown,
  { path, lines }: { readonly path: string; readonly lines: TypedDataLine[] },
): Uint8Array {
  return structHash({ types, lines }, name, value, path);
}

function structHash(walk: Walk, name: string, value: unknown, path: string): Uint8Array {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw refused(path, `is no ${name}`);
  }
  const members = value as Readonly<Record<string, unknown>>;
  const fields = fieldsOf(walk.types, name);
  const known = new Set(fields.map((field) => field.name));
  const stray = Object.keys(members).find((member) => !known.has(member));
  if (stray !== undefined) {
    throw refused(path, `has a field ${visibleText(excerpt(stray))} that ${name} does not have`);
  }
  const words = fields.map((field) => {
    const place = `${path}.${field.name}`;
    if (!Object.hasOwn(members, field.name)) throw refused(place, "is missing");
    return wordOf(walk, field.type, members[field.name], place);
  });
  return keccak256(typeHash(walk.types, name), ...words);
}

function wordOf(walk: Walk, type: string, value: unknown, path: string): Uint8Array {
  const shape = shapeOf(type, walk.types, path);
  if (shape.kind === "struct") return structHash(walk, shape.name, value, path);
  if (shape.kind === "array") return arrayHash(walk, type, shape, value, path);
  const { word, shown } = readAtom(shape, value, path);
  addLine(walk, { path, type, value: shown });
  return word;
}

function arrayHash(
  walk: Walk,
  type: string,
  { item, count }: Extract<Shape, { kind: "array" }>,
  value: unknown,
  path: string,
): Uint8Array {
  if (!Array.isArray(value)) throw refused(path, "is no list");
  if (count !== undefined && value.length !== count) {
    throw refused(path, `has ${value.length} items, its type ${type} has ${count}`);
  }
  if (value.length > LINES_MAX) throw tooMany(path);
  if (value.length === 0) addLine(walk, { path, type, value: "(empty)" });
  const words = value.map((one, place) => wordOf(walk, item, one, `${path}[${place}]`));
  return keccak256(concatBytes(...words));
}

type Atom = Exclude<Shape, { kind: "struct" } | { kind: "array" }>;
type Word = { readonly word: Uint8Array; readonly shown: string };

function readAtom(shape: Atom, value: unknown, path: string): Word {
  switch (shape.kind) {
    case "address":
      return addressWord(value, path);
    case "bool":
      if (typeof value !== "boolean") throw refused(path, "is neither true nor false");
      return { word: wordBytes(value ? 1n : 0n), shown: String(value) };
    case "string":
      if (typeof value !== "string") throw refused(path, "is no text");
      // A lone surrogate has no UTF-8: encoders put one and the same mark in place of each.
      if (/\p{Surrogate}/u.test(value)) throw refused(path, "is not well-formed Unicode");
      return { word: keccak256(utf8(value)), shown: visibleText(value) };
    case "bytes": {
      const bytes = bytesOf(value, path);
      return { word: keccak256(bytes), shown: `0x${toHex(bytes)}` };
    }
    case "fixed": {
      const bytes = bytesOf(value, path);
      if (bytes.length !== shape.bytes)
        throw refused(path, `has ${bytes.length} bytes, its type ${shape.bytes}`);
      return { word: concatBytes(bytes, new Uint8Array(32 - bytes.length)), shown: `0x${toHex(bytes)}` };
    }
    default:
      return numberWord(shape, value, path);
  }
}

// Small letters alone carry no checksum, and many programs write them; capitals that are no checksum are a misprint.
function addressWord(value: unknown, path: string): Word {
  if (typeof value !== "string") throw refused(path, "is no address");
  const address = /^0x[0-9a-f]{40}$/.test(value)
    ? addressOf(fromHex(value.slice(2)))
    : parseAddress(value, path);
  return { word: concatBytes(new Uint8Array(12), addressBytes(address)), shown: address };
}

function numberWord(
  { kind, bits }: Extract<Shape, { kind: "uint" | "int" }>,
  value: unknown,
  path: string,
): Word {
  const number = numberOf(value);
  if (number === undefined) throw refused(path, "is no whole number");
  const [least, above] =
    kind === "uint" ? [0n, 1n << BigInt(bits)] : [-(1n << BigInt(bits - 1)), 1n << BigInt(bits - 1)];
  if (number < least || number >= above) throw refused(path, `is out of the range of ${kind}${bits}`);
  return { word: wordBytes(BigInt.asUintN(256, number)), shown: number.toString() };
}

/** A bigint; a number that JSON carries exactly; decimal digits; or, as wallets write them, 0x and hex digits. */
function numberOf(value: unknown): bigint | undefined {
  if (typeof value === "bigint") return value;
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : undefined;
  if (typeof value !== "string") return undefined;
  return /^(?:0|-?[1-9]\d{0,77}|0x[0-9a-fA-F]{1,64})$/.test(value) ? BigInt(value) : undefined;
}

function bytesOf(value: unknown, path: string): Uint8Array {
  if (typeof value !== "string" || !/^0x(?:[0-9a-fA-F]{2})*$/.test(value)) {
    throw refused(path, "is not 0x and pairs of hex digits");
  }
  return fromHex(value.slice(2).toLowerCase(), path);
}

function addLine({ lines }: Walk, line: TypedDataLine): void {
  if (lines.length >= LINES_MAX) throw tooMany(line.path);
  lines.push(line);
}

function tooMany(path: string) {
  return refused(path, `is one of more than ${LINES_MAX} values, which nobody can read`);
}

function refused(field: string, why: string) {
  return TYPED_DATA_VALUE(`${field} ${why}`, {
    field,
    hint: "do not sign: have whoever made the message make it again",
  });
}
