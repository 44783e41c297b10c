/**
 * The types of EIP-712: what a struct is made of, and the text whose hash stands for it. Names go into that text as
 * they are, so a name that is no identifier could spell another struct; it is refused.
 */
import { declareError } from "../../core/errors.ts";
import { utf8 } from "../../core/hex.ts";
import { excerpt, visibleText } from "../../core/text.ts";
import { keccak256 } from "./keccak.ts";

export type TypedDataField = { readonly name: string; readonly type: string };
export type TypedDataTypes = Readonly<Record<string, readonly TypedDataField[]>>;

export const TYPED_DATA_TYPE = declareError(
  "EVM_TYPED_DATA_TYPE",
  "invalid",
  "Types of typed data are unknown, unused, cyclic or not spelt as EIP-712 has them.",
);

/** What a value of a type is made of. */
export type Shape =
  | { readonly kind: "address" | "bool" | "bytes" | "string" }
  | { readonly kind: "uint" | "int"; readonly bits: number }
  | { readonly kind: "fixed"; readonly bytes: number }
  /** @param count items, where the type fixes it */
  | { readonly kind: "array"; readonly item: string; readonly count: number | undefined }
  | { readonly kind: "struct"; readonly name: string };

/** More than any message that a person can read has. */
const TYPES_MAX = 64;
const FIELDS_MAX = 64;
const ARRAY_DEPTH_MAX = 4;

const IDENTIFIER = /^[A-Za-z_$][A-Za-z0-9_$]{0,127}$/;
/**
 * Names that are types already, or would be read as one: aliases and sizes that do not exist are nobody's to define.
 */
const RESERVED = /^(?:u?int\d*|bytes\d*|byte|u?fixed(?:\d+x\d+)?|address|bool|string|function|EIP712Domain)$/;

/** The types of one message, all of them used, with `primary` at the head. @throws EVM_TYPED_DATA_TYPE */
export function readTypes(types: TypedDataTypes, primary: string): TypedDataTypes {
  const names = Object.keys(types);
  if (names.length > TYPES_MAX) throw refused("types", `are ${names.length}, more than ${TYPES_MAX}`);
  for (const name of names) assertStruct(name, types[name] as readonly TypedDataField[]);
  if (!Object.hasOwn(types, primary)) {
    throw refused("primaryType", `names ${visibleText(excerpt(primary))}, which no type is`);
  }
  const used = new Set<string>();
  follow(types, primary, [], used);
  const stray = names.find((name) => !used.has(name));
  if (stray !== undefined) throw refused(`types.${stray}`, "is used by nothing that is signed");
  return types;
}

/** What a type is, by its name alone and the structs there are. @throws EVM_TYPED_DATA_TYPE */
export function shapeOf(type: string, types: TypedDataTypes, field: string): Shape {
  const array = /^(.+)\[(\d{0,6})\]$/.exec(type);
  if (array !== null) {
    const [, item, count] = array as unknown as [string, string, string];
    if (count.startsWith("0")) throw unknown(type, field);
    if ((item.match(/\[/g)?.length ?? 0) >= ARRAY_DEPTH_MAX) {
      throw refused(field, `has lists more than ${ARRAY_DEPTH_MAX} deep`);
    }
    shapeOf(item, types, field);
    return { kind: "array", item, count: count === "" ? undefined : Number(count) };
  }
  if (type === "address" || type === "bool" || type === "bytes" || type === "string") return { kind: type };
  const [, name, digits] = /^(uint|int|bytes)([1-9]\d{0,2})$/.exec(type) ?? [];
  const size = Number(digits);
  if (name === "bytes" && size <= 32) return { kind: "fixed", bytes: size };
  if ((name === "uint" || name === "int") && size <= 256 && size % 8 === 0) return { kind: name, bits: size };
  if (!Object.hasOwn(types, type)) throw unknown(type, field);
  return { kind: "struct", name: type };
}

/** `Mail(Person from,Person to,string contents)Person(…)`: the struct, then those that it needs, by name. */
export function encodeType(types: TypedDataTypes, primary: string): string {
  const used = new Set<string>();
  follow(types, primary, [], used);
  used.delete(primary);
  const structs = [primary, ...[...used].sort()];
  return structs.map((name) => `${name}(${fieldsOf(types, name).map(spelt).join(",")})`).join("");
}

export function typeHash(types: TypedDataTypes, name: string): Uint8Array {
  return keccak256(utf8(encodeType(types, name)));
}

export function fieldsOf(types: TypedDataTypes, name: string): readonly TypedDataField[] {
  return types[name] as readonly TypedDataField[];
}

const spelt = ({ type, name }: TypedDataField) => `${type} ${name}`;

// EIP-712 leaves cyclic data undefined; nor would a review of it end.
function follow(types: TypedDataTypes, name: string, above: readonly string[], used: Set<string>): void {
  if (above.includes(name)) throw refused(`types.${name}`, "contains itself");
  if (used.has(name)) return;
  for (const { name: member, type } of fieldsOf(types, name)) {
    const struct = structOf(type, types, `types.${name}.${member}`);
    if (struct !== undefined) follow(types, struct, [...above, name], used);
  }
  used.add(name);
}

function structOf(type: string, types: TypedDataTypes, field: string): string | undefined {
  const shape = shapeOf(type, types, field);
  if (shape.kind === "array") return structOf(shape.item, types, field);
  return shape.kind === "struct" ? shape.name : undefined;
}

function assertStruct(name: string, fields: readonly TypedDataField[]): void {
  if (!IDENTIFIER.test(name) || RESERVED.test(name)) {
    throw refused("types", `define ${visibleText(excerpt(name))}, which cannot be a struct's name`);
  }
  const field = `types.${name}`;
  if (fields.length === 0 || fields.length > FIELDS_MAX) {
    throw refused(field, `has ${fields.length} fields, a struct has 1 to ${FIELDS_MAX}`);
  }
  const names = new Set<string>();
  for (const { name: member } of fields) {
    if (!IDENTIFIER.test(member)) throw refused(field, "has a field whose name is no identifier");
    if (names.has(member)) throw refused(`${field}.${member}`, "is defined twice");
    names.add(member);
  }
}

function unknown(type: string, field: string) {
  return refused(field, `is of type ${visibleText(excerpt(type))}, which is unknown`);
}

function refused(field: string, why: string) {
  return TYPED_DATA_TYPE(`${field} ${why}`, {
    field,
    hint: "do not sign: have whoever made the message make it again",
  });
}
