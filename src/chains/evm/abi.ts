/**
 * Calldata (Solidity's contract ABI) of the few shapes that this folder knows: words, and byte strings or lists of
 * addresses behind them. What is read is written again and must be the same bytes, so only the layout of Solidity's
 * own encoder is read: no dirty padding, no offset elsewhere, nothing behind the end (attack E6).
 */
import { assert, declareError } from "../../core/errors.ts";
import { concatBytes, equalBytes, toHex, utf8 } from "../../core/hex.ts";
import { addressBytes, addressOf, type Address } from "./address.ts";
import { keccak256 } from "./keccak.ts";
import { wordBytes } from "./quantity.ts";

export type AbiType = "address" | "uint256" | "uint8" | "bool" | "bytes4" | "bytes32" | "bytes" | "address[]";
export type AbiInput = readonly [name: string, type: AbiType];
export type AbiFunction = { readonly name: string; readonly inputs: readonly AbiInput[] };

type Values = {
  address: Address;
  uint256: bigint;
  uint8: bigint;
  bool: boolean;
  bytes4: Uint8Array;
  bytes32: Uint8Array;
  bytes: Uint8Array;
  "address[]": readonly Address[];
};
type AbiValue = Values[AbiType];

/** The arguments of a function by their names. */
export type AbiArguments<F extends AbiFunction> = {
  readonly [Input in F["inputs"][number] as Input[0]]: Values[Input[1]];
};

export const CALLDATA_MALFORMED = declareError(
  "EVM_CALLDATA_MALFORMED",
  "invalid",
  "Calldata does not have the arguments of its function, or not in their one spelling.",
);

export const SELECTOR_BYTES = 4;
const WORD = 32;

/** `transfer(address,uint256)` */
export function signatureOf({ name, inputs }: AbiFunction): string {
  return `${name}(${inputs.map(([, type]) => type).join(",")})`;
}

/** The first four bytes of the hash of a function's signature, by which contracts tell functions apart. */
export function selectorOf(signature: string): Uint8Array {
  return keccak256(utf8(signature)).subarray(0, SELECTOR_BYTES);
}

/** Whether `data` calls the function. Of data shorter than a selector, never. */
export function calls(data: Uint8Array, called: AbiFunction): boolean {
  return equalBytes(data.subarray(0, SELECTOR_BYTES), selectorOf(signatureOf(called)));
}

export function encodeCall<const F extends AbiFunction>(called: F, given: AbiArguments<F>): Uint8Array {
  const values = given as Readonly<Record<string, AbiValue>>;
  const heads: Uint8Array[] = [];
  const tails: Uint8Array[] = [];
  let offset = called.inputs.length * WORD;
  for (const [name, type] of called.inputs) {
    const encoded = encodeValue(type, values[name] as AbiValue);
    if (!isDynamic(type)) {
      heads.push(encoded);
      continue;
    }
    heads.push(wordBytes(BigInt(offset)));
    tails.push(encoded);
    offset += encoded.length;
  }
  return concatBytes(selectorOf(signatureOf(called)), ...heads, ...tails);
}

/** The arguments of a call of exactly this function. @throws EVM_CALLDATA_MALFORMED */
export function decodeCall<const F extends AbiFunction>(
  called: F,
  data: Uint8Array,
  field = "data",
): AbiArguments<F> {
  if (!calls(data, called)) throw malformed(field, `does not call ${called.name}`);
  const body = data.slice(SELECTOR_BYTES);
  const values = Object.fromEntries(
    called.inputs.map(([name, type], place) => [
      name,
      decodeValue(type, body, place * WORD, `${field}.${name}`),
    ]),
  ) as AbiArguments<F>;
  // Pair assertion: whatever reading let through, writing gives these very bytes again.
  if (!equalBytes(encodeCall(called, values), data)) {
    throw malformed(field, `has bytes in ${called.name} that no argument is made of`);
  }
  return values;
}

const isDynamic = (type: AbiType) => type === "bytes" || type === "address[]";

function encodeValue(type: AbiType, value: AbiValue): Uint8Array {
  switch (type) {
    case "address":
      return addressWord(value as Address);
    case "bool":
      return wordBytes(value === true ? 1n : 0n);
    case "uint8":
      assert((value as bigint) < 256n, "a uint8 has 8 bits");
      return wordBytes(value as bigint);
    case "uint256":
      return wordBytes(value as bigint);
    case "bytes4":
      return leftAligned(value as Uint8Array, SELECTOR_BYTES);
    case "bytes32":
      return leftAligned(value as Uint8Array, WORD);
    case "bytes": {
      const bytes = value as Uint8Array;
      return concatBytes(wordBytes(BigInt(bytes.length)), bytes, new Uint8Array(-bytes.length & (WORD - 1)));
    }
    case "address[]": {
      const items = value as readonly Address[];
      return concatBytes(wordBytes(BigInt(items.length)), ...items.map(addressWord));
    }
  }
}

const addressWord = (address: Address) => concatBytes(new Uint8Array(12), addressBytes(address));

function leftAligned(bytes: Uint8Array, length: number): Uint8Array {
  assert(bytes.length === length, `a value has ${length} bytes`);
  return concatBytes(bytes, new Uint8Array(WORD - length));
}

function decodeValue(type: AbiType, body: Uint8Array, place: number, field: string): AbiValue {
  if (!isDynamic(type)) return decodeWord(type, wordAt(body, place, field), field);
  const start = sizeAt(body, place, field);
  const length = sizeAt(body, start, field);
  const from = start + WORD;
  if (type === "bytes") {
    if (from + length > body.length) throw malformed(field, "ends too early");
    return body.slice(from, from + length);
  }
  if (from + length * WORD > body.length) throw malformed(field, "ends too early");
  return Array.from({ length }, (_, item) => {
    const path = `${field}[${item}]`;
    return decodeWord("address", wordAt(body, from + item * WORD, path), path) as Address;
  });
}

function decodeWord(type: AbiType, word: Uint8Array, field: string): AbiValue {
  const number = BigInt(`0x${toHex(word)}`);
  switch (type) {
    case "address":
      if (number >> 160n !== 0n) throw malformed(field, "has more than an address in its word");
      return addressOf(word.subarray(12));
    case "bool":
      if (number > 1n) throw malformed(field, "is neither 0 nor 1");
      return number === 1n;
    case "uint8":
      if (number > 255n) throw malformed(field, "is above 255");
      return number;
    case "bytes4":
      if (word.subarray(SELECTOR_BYTES).some((byte) => byte !== 0)) {
        throw malformed(field, "has more than four bytes in its word");
      }
      return word.slice(0, SELECTOR_BYTES);
    case "bytes32":
      return word;
    default:
      return number;
  }
}

/** An offset or a length: nothing that points beyond the calldata. */
function sizeAt(body: Uint8Array, place: number, field: string): number {
  const number = BigInt(`0x${toHex(wordAt(body, place, field))}`);
  if (number > BigInt(body.length)) throw malformed(field, "points behind the end");
  return Number(number);
}

function wordAt(body: Uint8Array, place: number, field: string): Uint8Array {
  if (place + WORD > body.length) throw malformed(field, "ends too early");
  return body.slice(place, place + WORD);
}

function malformed(field: string, why: string) {
  return CALLDATA_MALFORMED(`${field} ${why}`, { field, hint: "do not sign: have the call made again" });
}
