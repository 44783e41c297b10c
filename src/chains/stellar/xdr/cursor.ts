/** Bytes that are read and written as RFC 4506 says, and the refusals that reading has. */
import { declareError, type CustodyError } from "../../../core/errors.ts";

export const XDR_MALFORMED = declareError(
  "STELLAR_XDR_MALFORMED",
  "invalid",
  "Bytes are not the XDR that they should be: too short, too long, or not in their one form (RFC 4506).",
);
export const XDR_TOO_DEEP = declareError(
  "STELLAR_XDR_TOO_DEEP",
  "invalid",
  "XDR lies in itself deeper than anything that a person could read.",
);

/** Values within values. Nothing that people sign comes near; whoever writes deeper wants readers to fail. */
const DEPTH_MAX = 64;

/** Reads from the front. What stands where is said by the path of the fields that lead there. */
export class XdrReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #path: string[];
  #at = 0;
  #depth = 0;

  constructor(bytes: Uint8Array, field: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#path = [field];
  }

  /** Bytes that are left. */
  get left(): number {
    return this.#bytes.length - this.#at;
  }

  uint32(): number {
    return this.#view.getUint32(this.#take(4));
  }

  int32(): number {
    return this.#view.getInt32(this.#take(4));
  }

  uint64(): bigint {
    return this.#view.getBigUint64(this.#take(8));
  }

  int64(): bigint {
    return this.#view.getBigInt64(this.#take(8));
  }

  /** `length` bytes and zeros up to a multiple of four (RFC 4506 §4.9). */
  opaque(length: number): Uint8Array {
    const start = this.#take(length);
    const pad = this.#take(padding(length));
    if (this.#bytes.subarray(pad, this.#at).some((byte) => byte !== 0))
      throw this.malformed("is followed by something else than zeros");
    return this.#bytes.slice(start, start + length);
  }

  /** Reads within a named part of what is being read. */
  within<T>(name: string, read: () => T): T {
    this.#path.push(name);
    const value = read();
    this.#path.pop();
    return value;
  }

  /** Reads a value that may hold others of its kind. @throws STELLAR_XDR_TOO_DEEP */
  deeper<T>(read: () => T): T {
    if (this.#depth >= DEPTH_MAX) {
      throw XDR_TOO_DEEP(`${this.#field()} lies more than ${DEPTH_MAX} deep`, {
        field: this.#field(),
        hint: "do not sign: nobody writes this by accident",
      });
    }
    this.#depth += 1;
    const value = read();
    this.#depth -= 1;
    return value;
  }

  /** @throws STELLAR_XDR_MALFORMED where bytes are left */
  end(): void {
    if (this.left > 0) throw this.malformed(`is followed by ${this.left} bytes`);
  }

  malformed(why: string): CustodyError {
    return XDR_MALFORMED(`${this.#field()} ${why}`, {
      field: this.#field(),
      hint: "take the bytes from their source again, whole",
    });
  }

  #field(): string {
    return this.#path.join(".");
  }

  // Asked for before memory is taken: a length can claim four gigabytes.
  #take(length: number): number {
    if (length > this.left) throw this.malformed(`ends ${length - this.left} bytes too early`);
    const at = this.#at;
    this.#at += length;
    return at;
  }
}

/** Writes what a reader of the same type reads. */
export class XdrWriter {
  #bytes = new Uint8Array(256);
  #view = new DataView(this.#bytes.buffer);
  #at = 0;

  uint32(value: number): void {
    const at = this.#grow(4);
    this.#view.setUint32(at, value);
  }

  int32(value: number): void {
    const at = this.#grow(4);
    this.#view.setInt32(at, value);
  }

  uint64(value: bigint): void {
    const at = this.#grow(8);
    this.#view.setBigUint64(at, value);
  }

  int64(value: bigint): void {
    const at = this.#grow(8);
    this.#view.setBigInt64(at, value);
  }

  opaque(bytes: Uint8Array): void {
    const at = this.#grow(bytes.length + padding(bytes.length));
    this.#bytes.set(bytes, at);
  }

  bytes(): Uint8Array {
    return this.#bytes.slice(0, this.#at);
  }

  #grow(length: number): number {
    const at = this.#at;
    this.#at += length;
    if (this.#at > this.#bytes.length) {
      const wider = new Uint8Array(Math.max(this.#at, 2 * this.#bytes.length));
      wider.set(this.#bytes);
      this.#bytes = wider;
      this.#view = new DataView(wider.buffer);
    }
    return at;
  }
}

const padding = (length: number) => (4 - (length % 4)) % 4;
