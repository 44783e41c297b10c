/**
 * Arguments of a call by any function's types (Solidity's contract ABI), each value by its path. What is read is written again
 * and must be the same bytes, so that no second reading of them is possible.
 */
import { concatBytes, equalBytes, toHex } from "../../../core/hex.ts";
import { visibleText } from "../../../core/text.ts";
import { SELECTOR_BYTES, CALLDATA_MALFORMED } from "../abi.ts";
import { addressOf } from "../address.ts";
import { wordBytes } from "../quantity.ts";
import type { Fragment, Type } from "./fragment.ts";

/** One value, where it stands, and what it is for a person. Members by name, items as `[0]`. */
export type Atom = { readonly path: readonly string[]; readonly type: string; readonly text: string };

const WORD = 32;
/** Values of one call: more than a person can read. */
const ATOMS_MAX = 1024;

/** @throws EVM_CALLDATA_MALFORMED */
export function readArguments(data: Uint8Array, { parameters }: Fragment): readonly Atom[] {
  const body = data.slice(SELECTOR_BYTES);
  const atoms: Atom[] = [];
  const written = read({ kind: "tuple", members: parameters }, { body, from: 0, atoms }, []);
  if (!equalBytes(written, body)) throw unreadable("has bytes that no argument is made of");
  return atoms;
}

type Place = { readonly body: Uint8Array; readonly from: number; readonly atoms: Atom[] };

/** Reads a value whose encoding begins at `from`. @returns its encoding, as Solidity writes it */
function read(type: Type, place: Place, path: readonly string[]): Uint8Array {
  switch (type.kind) {
    case "word":
      return readWord(type.type, place, path);
    case "bytes":
      return readBytes(type.type, place, path);
    case "tuple":
      return readAll(
        type.members.map((member) => ({ type: member.type, path: [...path, member.name] })),
        place,
      );
    default:
      return readList(type, place, path);
  }
}

function readList(
  { item, count }: Extract<Type, { kind: "list" }>,
  place: Place,
  path: readonly string[],
): Uint8Array {
  const length = count ?? sizeAt(place.body, place.from);
  if (length > ATOMS_MAX) throw unreadable(`has a list of ${length}`);
  const items = Array.from({ length }, (_, at) => ({ type: item, path: [...path, `[${at}]`] }));
  if (count !== undefined) return readAll(items, place);
  return concatBytes(wordBytes(BigInt(length)), readAll(items, { ...place, from: place.from + WORD }));
}

/** Heads one after the other, what has no fixed length behind them by its offset. */
function readAll(
  all: readonly { readonly type: Type; readonly path: readonly string[] }[],
  place: Place,
): Uint8Array {
  const heads: Uint8Array[] = [];
  const tails: Uint8Array[] = [];
  let head = place.from;
  let offset = all.reduce((sum, { type }) => sum + headBytes(type), 0);
  for (const { type, path } of all) {
    if (!isDynamic(type)) {
      heads.push(read(type, { ...place, from: head }, path));
    } else {
      const tail = read(type, { ...place, from: place.from + sizeAt(place.body, head) }, path);
      heads.push(wordBytes(BigInt(offset)));
      tails.push(tail);
      offset += tail.length;
    }
    head += headBytes(type);
  }
  return concatBytes(...heads, ...tails);
}

function isDynamic(type: Type): boolean {
  if (type.kind === "bytes") return true;
  if (type.kind === "tuple") return type.members.some((member) => isDynamic(member.type));
  return type.kind === "list" && (type.count === undefined || isDynamic(type.item));
}

function headBytes(type: Type): number {
  if (isDynamic(type) || type.kind === "word") return WORD;
  if (type.kind === "tuple") return type.members.reduce((sum, member) => sum + headBytes(member.type), 0);
  return type.kind === "list" ? (type.count ?? 0) * headBytes(type.item) : WORD;
}

function readWord(type: string, { body, from, atoms }: Place, path: readonly string[]): Uint8Array {
  const word = wordAt(body, from);
  const number = BigInt(`0x${toHex(word)}`);
  const bits = Number(/^u?int(\d+)$/.exec(type)?.[1] ?? 0);
  const add = (text: string, canonical: Uint8Array) => {
    addAtom(atoms, { path, type, text });
    return canonical;
  };
  if (type === "address")
    return add(addressOf(word.subarray(12)), concatBytes(new Uint8Array(12), word.subarray(12)));
  if (type === "bool") return add(String(number === 1n), wordBytes(number === 1n ? 1n : 0n));
  if (type.startsWith("uint")) return add(number.toString(), wordBytes(BigInt.asUintN(bits, number)));
  if (type.startsWith("int")) {
    const signed = BigInt.asIntN(bits, number);
    return add(signed.toString(), wordBytes(BigInt.asUintN(256, signed)));
  }
  const length = Number(type.slice("bytes".length));
  const kept = word.subarray(0, length);
  return add(`0x${toHex(kept)}`, concatBytes(kept, new Uint8Array(WORD - length)));
}

function readBytes(
  type: "bytes" | "string",
  { body, from, atoms }: Place,
  path: readonly string[],
): Uint8Array {
  const length = sizeAt(body, from);
  const start = from + WORD;
  if (start + length > body.length) throw unreadable("ends too early");
  const bytes = body.subarray(start, start + length);
  const text = type === "bytes" ? `0x${toHex(bytes)}` : visibleText(new TextDecoder().decode(bytes));
  addAtom(atoms, { path, type, text });
  return concatBytes(wordBytes(BigInt(length)), bytes, new Uint8Array(-length & (WORD - 1)));
}

function addAtom(atoms: Atom[], atom: Atom): void {
  if (atoms.length >= ATOMS_MAX) throw unreadable(`has more than ${ATOMS_MAX} values`);
  atoms.push(atom);
}

function sizeAt(body: Uint8Array, place: number): number {
  const number = BigInt(`0x${toHex(wordAt(body, place))}`);
  if (number > BigInt(body.length)) throw unreadable("points behind the end");
  return Number(number);
}

function wordAt(body: Uint8Array, place: number): Uint8Array {
  if (place + WORD > body.length) throw unreadable("ends too early");
  return body.slice(place, place + WORD);
}

function unreadable(why: string) {
  return CALLDATA_MALFORMED(`the call's data ${why}`, { field: "data" });
}
