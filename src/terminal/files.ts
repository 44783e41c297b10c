/** Files as commands read and write them: `-` is a stream, writing is atomic, private and never silently replaces. */
import {
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  openSync,
  readSync,
  fstatSync,
  renameSync,
  rmSync,
  writeSync,
  linkSync,
} from "node:fs";
import { dirname, join, basename, resolve } from "node:path";
import { CustodyError, declareError } from "../core/errors.ts";
import { toHex } from "../core/hex.ts";
import type { Io } from "./io.ts";

export const FILE_MISSING = declareError("FILE_MISSING", "notFound", "A file that was named does not exist.");
export const FILE_EXISTS = declareError("FILE_EXISTS", "conflict", "An output file already exists.");
export const FILE_TOO_LARGE = declareError(
  "FILE_TOO_LARGE",
  "invalid",
  "A file is larger than what is read.",
);
export const FILE_UNUSABLE = declareError(
  "FILE_UNUSABLE",
  "local",
  "A file cannot be read or written: permissions, disk or path.",
);
export const BINARY_TO_TERMINAL = declareError(
  "BINARY_TO_TERMINAL",
  "usage",
  "Machine output would be written to a terminal.",
);

/**
 * Bytes of a file, or of stdin for `-`.
 * @throws FILE_MISSING, FILE_TOO_LARGE, FILE_UNUSABLE
 */
export async function readInput(io: Io, path: string, bytesMax: number, field = "file"): Promise<Uint8Array> {
  const bytes =
    path === "-" ? await io.stdin.readAll(bytesMax) : readBounded(resolve(io.cwd, path), bytesMax, field);
  if (bytes.length > bytesMax) throw tooLarge(path, bytesMax, field);
  return bytes;
}

/**
 * Writes `bytes` to a file (mode 0600, atomically, on disk before it returns) or to stdout for `-`.
 * @throws FILE_EXISTS unless `force`, FILE_UNUSABLE
 */
export function writeOutput(
  io: Io,
  path: string,
  bytes: Uint8Array,
  options: { force?: boolean } = {},
): void {
  if (path === "-") {
    if (io.stdout.isTTY) {
      throw BINARY_TO_TERMINAL("not writing a document to the terminal", {
        field: "out",
        hint: "give --out FILE, or pipe the output",
      });
    }
    io.stdout.write(bytes);
    return;
  }
  writeFileDurably(resolve(io.cwd, path), bytes, options.force === true, io.random(8));
}

/**
 * Puts `bytes` in place in one step: a temporary file beside it, fsync, then a link (which cannot replace) or a
 * rename (which does), and fsync of the folder, so that a crash leaves the old file or the new one.
 */
export function writeFileDurably(
  path: string,
  bytes: Uint8Array,
  replace: boolean,
  random: Uint8Array,
): void {
  const temporary = join(dirname(path), `.${basename(path)}.${toHex(random)}.tmp`);
  try {
    if (!replace && existsSync(path)) throw alreadyThere(path);
    const file = openSync(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
    try {
      writeAll(file, bytes);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    if (replace) renameSync(temporary, path);
    else linkSync(temporary, path);
    syncFolder(dirname(path));
  } catch (error) {
    throw asFileError(error, path);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Makes a rename, link or append in `folder` survive a power cut. */
export function syncFolder(folder: string): void {
  const handle = openSync(folder, constants.O_RDONLY);
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Turns a file system error into a typed one. */
export function asFileError(error: unknown, path: string, field = "file"): CustodyError {
  if (error instanceof CustodyError) return error;
  const { code } = error as NodeJS.ErrnoException;
  if (code === "EEXIST") return alreadyThere(path);
  if (code === "ENOENT") return FILE_MISSING(`${path} does not exist`, { field, cause: error });
  const hint =
    code === "ENOSPC"
      ? "make room on the disk and run the same command again"
      : "check the path and its permissions";
  return FILE_UNUSABLE(`${path} cannot be used (${code ?? "unknown error"})`, { field, hint, cause: error });
}

function readBounded(path: string, bytesMax: number, field: string): Uint8Array {
  try {
    const file = openSync(path, "r");
    try {
      const { size } = fstatSync(file);
      if (size > bytesMax) throw tooLarge(path, bytesMax, field);
      const bytes = Buffer.alloc(size);
      let length = 0;
      while (length < size) {
        const count = readSync(file, bytes, length, size - length, null);
        if (count === 0) break;
        length += count;
      }
      return new Uint8Array(bytes.subarray(0, length));
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw asFileError(error, path, field);
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
}

function alreadyThere(path: string): CustodyError {
  return FILE_EXISTS(`${path} already exists`, {
    field: "out",
    hint: "choose another --out, or add --force to replace it",
  });
}

function tooLarge(path: string, bytesMax: number, field: string): CustodyError {
  return FILE_TOO_LARGE(`${path} is larger than ${bytesMax} bytes`, { field });
}
