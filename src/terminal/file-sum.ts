import { createHash } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import type { Digest } from "../core/digest.ts";
import { asFileError, FILE_TOO_LARGE, FILE_UNUSABLE } from "./files.ts";

/** What is compared of a program: SHA-256 over its bytes, as `sha256sum` prints it, and how many there are. */
export type FileSum = { readonly sha256: Digest; readonly bytes: number };

const CHUNK_BYTES = 1024 * 1024;

/**
 * Reads a file once, a piece at a time: node itself is a hundred megabytes. A pipe or device would answer with other bytes
 * the next time, or never: it is refused before it is waited for.
 * @throws FILE_MISSING, FILE_TOO_LARGE, FILE_UNUSABLE
 */
export function sumOfFile(path: string, bytesMax: number, field = "file"): FileSum {
  try {
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      if (!fstatSync(file).isFile())
        throw FILE_UNUSABLE(`${path} is no regular file`, { field, hint: "give the program's file itself" });
      return sumOfOpen(file, path, bytesMax, field);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw asFileError(error, path, field);
  }
}

function sumOfOpen(file: number, path: string, bytesMax: number, field: string): FileSum {
  const hash = createHash("sha256");
  const chunk = Buffer.alloc(CHUNK_BYTES);
  let bytes = 0;
  for (let count = -1; count !== 0; bytes += count) {
    count = readSync(file, chunk, 0, chunk.length, null);
    if (bytes + count > bytesMax) {
      throw FILE_TOO_LARGE(`${path} is larger than ${bytesMax} bytes`, {
        field,
        hint: "check that it is the right file",
      });
    }
    hash.update(chunk.subarray(0, count));
  }
  return { sha256: hash.digest("hex") as Digest, bytes };
}
