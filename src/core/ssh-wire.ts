/** Reads what SSH writes: byte strings, each with its length before it (RFC 4251 §5). */
import type { ErrorKind } from "./errors.ts";
import { concatBytes, equalBytes, utf8 } from "./hex.ts";
import { quoted } from "./text.ts";

/** Bytes read from the front. What is too short or too long is refused with `kind`, under the name `field`. */
export type SshReader = {
  readonly bytes: Uint8Array;
  readonly kind: ErrorKind;
  readonly field: string;
  position: number;
};

export function sshReader(bytes: Uint8Array, kind: ErrorKind, field: string): SshReader {
  return { bytes, kind, field, position: 0 };
}

/** `value` with its length before it, four bytes big-endian. */
export function sshString(value: Uint8Array): Uint8Array {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, value.length);
  return concatBytes(length, value);
}

/** The next `count` bytes. Nothing is allocated for a length that only claims to be there. */
export function readBytes(reader: SshReader, count: number): Uint8Array {
  const { bytes, position } = reader;
  if (count > bytes.length - position) {
    throw refusal(reader, `ends early: ${count} bytes expected at byte ${position} of ${bytes.length}`);
  }
  reader.position = position + count;
  return bytes.subarray(position, position + count);
}

export function readUint32(reader: SshReader): number {
  const bytes = readBytes(reader, 4);
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);
}

export function readString(reader: SshReader): Uint8Array {
  return readBytes(reader, readUint32(reader));
}

/** Reads a string that may have one value alone; another is refused with `kind`. */
export function readExpected(
  reader: SshReader,
  expected: string,
  what: { readonly name: string; readonly kind: ErrorKind; readonly hint: string },
): void {
  const found = readString(reader);
  if (equalBytes(found, utf8(expected))) return;
  const text = quoted(Buffer.from(found).toString("latin1"));
  throw what.kind(`${reader.field} has ${what.name} ${text}, expected "${expected}"`, {
    field: what.name,
    hint: what.hint,
  });
}

/** Refuses bytes that nobody reads: what they mean is not signed, and two files would be one signature. */
export function readEnd(reader: SshReader): void {
  const left = reader.bytes.length - reader.position;
  if (left > 0) throw refusal(reader, `has ${left} bytes after its end`);
}

function refusal({ kind, field }: SshReader, what: string) {
  return kind(`${field} ${what}`, { field, hint: "give the file as ssh-keygen wrote it" });
}
