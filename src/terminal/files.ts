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
    else placeNew(temporary, path);
    syncFolder(dirname(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      throw FILE_MISSING(`folder ${dirname(path)} does not exist`, {
        field: "out",
        hint: "make the folder first",
        cause: error,
      });
    }
    throw asFileError(error, path, "out");
  } finally {
    rmSync(temporary, { force: true });
  }
}

/**
 * Gives `temporary` the name `path`, which must be free. File systems of memory sticks have no hard links: there the
 * name is taken first by an empty file, which a rename then replaces.
 */
function placeNew(temporary: string, path: string): void {
  try {
    linkSync(temporary, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (!/^(EPERM|ENOTSUP|EOPNOTSUPP|ENOSYS|EMLINK)$/.test(code ?? "")) throw error;
    closeSync(openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600));
    renameSync(temporary, path);
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
  const { code } = Object(error) as NodeJS.ErrnoException;
  if (code === "EEXIST") return alreadyThere(path);
  if (code === "ENOENT")
    return FILE_MISSING(`${path} does not exist`, { field, hint: "check the path", cause: error });
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
      if (fstatSync(file).size > bytesMax) throw tooLarge(path, bytesMax, field);
      return readOpen(file, bytesMax);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw asFileError(error, path, field);
  }
}

/**
 * Bytes of an open file up to its end, at most one more than `bytesMax`. Its size is not believed: pipes that a shell
 * offers as files (`--in <(…)`) and devices say 0.
 */
export function readOpen(file: number, bytesMax: number): Uint8Array {
  const chunks: Buffer[] = [];
  let length = 0;
  while (length <= bytesMax) {
    const chunk = Buffer.alloc(Math.min(1024 * 1024, bytesMax + 1 - length));
    const count = readSync(file, chunk, 0, chunk.length, null);
    if (count === 0) break;
    chunks.push(chunk.subarray(0, count));
    length += count;
  }
  return new Uint8Array(Buffer.concat(chunks));
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
  return FILE_TOO_LARGE(`${path} is larger than ${bytesMax} bytes`, {
    field,
    hint: "check that it is the right file",
  });
}
