/** A function with the names of its parameters, as ERC-7730 has it: `submitOrder((address token,uint256 amount) order,bytes32 salt)`. */
import { malformed } from "./errors.ts";

export type Parameter = {
  readonly name: string;
  readonly type: Type;
};
export type Type =
  | { readonly kind: "word"; readonly type: string }
  | { readonly kind: "bytes"; readonly type: "bytes" | "string" }
  | { readonly kind: "tuple"; readonly members: readonly Parameter[] }
  /** @param count undefined where calldata says it */
  | { readonly kind: "list"; readonly item: Type; readonly count: number | undefined };

export type Fragment = { readonly name: string; readonly parameters: readonly Parameter[] };

const IDENTIFIER = /^[A-Za-z_$][A-Za-z0-9_$]{0,63}/;
const LENGTH_MAX = 2048;
const DEPTH_MAX = 6;

/** @throws ERC7730_MALFORMED */
export function parseFragment(text: string): Fragment {
  if (text.length > LENGTH_MAX) throw malformed("display.formats", "names a function that is too long");
  const reader = { text, place: 0 };
  const name = take(reader, IDENTIFIER);
  const parameters = members(reader, 0);
  if (reader.place !== text.length) throw wrong(reader);
  return { name, parameters };
}

/** `submitOrder((address,uint256),bytes32)`: what its first four bytes are the hash of. */
export function signatureOf({ name, parameters }: Fragment): string {
  return `${name}${spelt({ kind: "tuple", members: parameters })}`;
}

function spelt(type: Type): string {
  if (type.kind === "tuple") return `(${type.members.map((member) => spelt(member.type)).join(",")})`;
  if (type.kind === "list") return `${spelt(type.item)}[${type.count ?? ""}]`;
  return type.type;
}

type Reader = { readonly text: string; place: number };

function members(reader: Reader, depth: number): readonly Parameter[] {
  if (depth > DEPTH_MAX) throw malformed("display.formats", `has tuples more than ${DEPTH_MAX} deep`);
  expect(reader, "(");
  const found: Parameter[] = [];
  while (reader.text[reader.place] !== ")") {
    if (found.length > 0) expect(reader, ",");
    const type = typeAt(reader, depth);
    expect(reader, " ");
    found.push({ name: take(reader, IDENTIFIER), type });
  }
  expect(reader, ")");
  const names = new Set(found.map(({ name }) => name));
  if (names.size !== found.length) throw malformed("display.formats", "has two parameters of one name");
  return found;
}

function typeAt(reader: Reader, depth: number): Type {
  let type: Type =
    reader.text[reader.place] === "("
      ? { kind: "tuple", members: members(reader, depth + 1) }
      : plain(take(reader, /^[a-z0-9]{1,16}/), reader);
  for (let nested = 0; reader.text[reader.place] === "["; nested++) {
    if (nested >= DEPTH_MAX) throw wrong(reader);
    const count = take(reader, /^\[(?:[1-9][0-9]{0,3})?\]/).slice(1, -1);
    type = { kind: "list", item: type, count: count === "" ? undefined : Number(count) };
  }
  return type;
}

function plain(type: string, reader: Reader): Type {
  if (type === "bytes" || type === "string") return { kind: "bytes", type };
  if (!isWord(type)) throw wrong(reader);
  return { kind: "word", type };
}

function isWord(type: string): boolean {
  const [, name, digits] = /^(uint|int|bytes)([1-9][0-9]{0,2})$/.exec(type) ?? [];
  const size = Number(digits);
  if (name === "bytes") return size <= 32;
  if (name !== undefined) return size <= 256 && size % 8 === 0;
  return type === "address" || type === "bool";
}

function take(reader: Reader, pattern: RegExp): string {
  const [found] = pattern.exec(reader.text.slice(reader.place)) ?? [];
  if (found === undefined) throw wrong(reader);
  reader.place += found.length;
  return found;
}

function expect(reader: Reader, letter: string): void {
  if (reader.text[reader.place] !== letter) throw wrong(reader);
  reader.place += 1;
}

function wrong({ place }: Reader) {
  return malformed(
    "display.formats",
    `has a function that is spelt otherwise than canonically, at letter ${place + 1}`,
  );
}
