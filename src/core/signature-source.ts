/**
 * Who has made signatures of a rung, as rows name it: a signer of ours by its name, or the file that came from a device of
 * another maker. No name has a colon, so that neither is ever taken for the other.
 */
import { toHex } from "./hex.ts";

const FILE = "psbt:";

/** @param sum SHA-256 of the file */
export function fileSource(sum: Uint8Array): string {
  return `${FILE}${toHex(sum)}`;
}

export function isFileSource(source: string): boolean {
  return source.startsWith(FILE);
}
