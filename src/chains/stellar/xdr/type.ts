/**
 * What XDR types are made of (RFC 4506 §4). A type reads bytes in their one form and writes a value as those very bytes; a
 * value that it could not have read is a fault of the program.
 */
import { assert } from "../../../core/errors.ts";
import { equalBytes } from "../../../core/hex.ts";
import { XdrReader, XdrWriter } from "./cursor.ts";

const UINT32_MAX = 0xffff_ffffn;

/** Methods, so that a type of a narrow value stands where one of any value is wanted. */
export interface Xdr<T> {
  read(reader: XdrReader): T;
  write(writer: XdrWriter, value: T): void;
}

/** The values of a type. */
export type ValueOf<Type> = Type extends Xdr<infer T> ? T : never;

/** @throws STELLAR_XDR_MALFORMED, STELLAR_XDR_TOO_DEEP: also where bytes are left, or would be written otherwise */
export function decodeXdr<T>(type: Xdr<T>, bytes: Uint8Array, field: string): T {
  const reader = new XdrReader(bytes, field);
  const value = type.read(reader);
  reader.end();
  if (!equalBytes(encodeXdr(type, value), bytes)) throw reader.malformed("is not in its one form");
  return value;
}

export function encodeXdr<T>(type: Xdr<T>, value: T): Uint8Array {
  const writer = new XdrWriter();
  type.write(writer, value);
  return writer.bytes();
}

/** Of 0 to 2^32 - 1. */
export const uint32: Xdr<number> = {
  read: (reader) => reader.uint32(),
  write: (writer, value) => writer.uint32(value),
};

/** An amount of money of 0 to 2^32 - 1: in the one type that money has here. */
export const uint32Money: Xdr<bigint> = {
  read: (reader) => BigInt(reader.uint32()),
  write(writer, value) {
    assert(value >= 0n && value <= UINT32_MAX, "an amount of 32 bits fits into them");
    writer.uint32(Number(value));
  },
};

export const int32: Xdr<number> = {
  read: (reader) => reader.int32(),
  write: (writer, value) => writer.int32(value),
};

export const uint64: Xdr<bigint> = {
  read: (reader) => reader.uint64(),
  write: (writer, value) => writer.uint64(value),
};

export const int64: Xdr<bigint> = {
  read: (reader) => reader.int64(),
  write: (writer, value) => writer.int64(value),
};

export const bool: Xdr<boolean> = {
  read(reader) {
    const value = reader.uint32();
    if (value > 1) throw reader.malformed(`is ${value}, and neither 0 nor 1`);
    return value === 1;
  },
  write: (writer, value) => writer.uint32(value ? 1 : 0),
};

/** Exactly so many bytes. */
export function opaque(length: number): Xdr<Uint8Array> {
  return {
    read: (reader) => reader.opaque(length),
    write(writer, value) {
      assert(value.length === length, "an opaque of fixed length has that length");
      writer.opaque(value);
    },
  };
}

/** At most so many bytes. Strings of XDR are these: no character set is said. */
export function varOpaque(lengthMax = 2 ** 32 - 1): Xdr<Uint8Array> {
  return {
    read(reader) {
      const length = reader.uint32();
      if (length > lengthMax) throw reader.malformed(`has ${length} bytes, more than ${lengthMax}`);
      return reader.opaque(length);
    },
    write(writer, value) {
      assert(value.length <= lengthMax, "an opaque is no longer than its type lets it be");
      writer.uint32(value.length);
      writer.opaque(value);
    },
  };
}

/** At most so many items. */
export function list<T>(item: Xdr<T>, countMax = 2 ** 32 - 1): Xdr<readonly T[]> {
  return {
    read(reader) {
      const count = reader.uint32();
      // Every item has four bytes at least.
      if (count > countMax || count > reader.left / 4)
        throw reader.malformed(`has ${count} items, more than there can be`);
      return Array.from({ length: count }, (_, place) =>
        reader.within(String(place), () => item.read(reader)),
      );
    },
    write(writer, value) {
      assert(value.length <= countMax, "a list is no longer than its type lets it be");
      writer.uint32(value.length);
      for (const one of value) item.write(writer, one);
    },
  };
}

/** XDR's `*`: there or not. */
export function optional<T>(type: Xdr<T>): Xdr<T | undefined> {
  return {
    read: (reader) => (bool.read(reader) ? type.read(reader) : undefined),
    write(writer, value) {
      bool.write(writer, value !== undefined);
      if (value !== undefined) type.write(writer, value);
    },
  };
}

type Fields = Readonly<Record<string, Xdr<unknown>>>;

export function struct<F extends Fields>(fields: F): Xdr<{ readonly [Name in keyof F]: ValueOf<F[Name]> }> {
  const entries = Object.entries(fields);
  return {
    read: (reader) =>
      Object.fromEntries(
        entries.map(([name, type]) => [name, reader.within(name, () => type.read(reader))]),
      ) as { readonly [Name in keyof F]: ValueOf<F[Name]> },
    write(writer, value) {
      for (const [name, type] of entries) type.write(writer, value[name]);
    },
  };
}

/** An enumeration's names by their numbers; unknown numbers are refused. */
export function enumeration<Name extends string>(numbers: Readonly<Record<Name, number>>): Xdr<Name> {
  const names = new Map(Object.entries<number>(numbers).map(([name, number]) => [number, name as Name]));
  return {
    read(reader) {
      const number = reader.int32();
      const name = names.get(number);
      if (name === undefined) throw reader.malformed(`is of kind ${number}, which is not known`);
      return name;
    },
    write: (writer, value) => writer.int32(numbers[value]),
  };
}

/** An arm's number, and what it holds, if anything. */
type Arms = Readonly<Record<string, readonly [number, Xdr<unknown>?]>>;

/** Arms that hold nothing have no `value`. */
export type UnionOf<A extends Arms> = {
  [Name in keyof A]: A[Name] extends readonly [number, Xdr<infer T>]
    ? { readonly type: Name; readonly value: T }
    : { readonly type: Name };
}[keyof A];

export function union<const A extends Arms>(arms: A): Xdr<UnionOf<A>> {
  const byNumber = new Map(Object.entries(arms).map(([name, [number, type]]) => [number, { name, type }]));
  return {
    read(reader) {
      const number = reader.int32();
      const arm = byNumber.get(number);
      if (arm === undefined) throw reader.malformed(`is of kind ${number}, which is not known`);
      const { name, type } = arm;
      const held = type === undefined ? {} : { value: reader.within(name, () => type.read(reader)) };
      return { type: name, ...held } as UnionOf<A>;
    },
    write(writer, held) {
      const { type: name, value } = held as { readonly type: string; readonly value?: unknown };
      const arm = arms[name];
      assert(arm !== undefined, "a union's value is of one of its arms");
      writer.int32(arm[0]);
      arm[1]?.write(writer, value);
    },
  };
}

/** A type that holds values of its own kind: known when it is first asked, and no deeper than a person could read. */
export function recursive<T>(type: () => Xdr<T>): Xdr<T> {
  return {
    read: (reader) => reader.deeper(() => type().read(reader)),
    write: (writer, value) => type().write(writer, value),
  };
}
