import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** The folder of published vectors: `CUSTODY_VECTORS`, by default `../shared/vectors` beside the project. */
const folder = resolve(
  process.env["CUSTODY_VECTORS"] ?? join(import.meta.dirname, "../../../shared/vectors"),
);

/**
 * The bytes of a vector file, or undefined (the test skips, and says why) where the folder is missing.
 * In CI nothing may be left out, so there a missing folder is an error.
 */
export function vectorBytes(path: string): Uint8Array | undefined {
  const file = join(folder, path);
  if (existsSync(file)) return readFileSync(file);
  if (process.env["CI"] !== undefined) throw new Error(`vectors are missing: ${path} (set CUSTODY_VECTORS)`);
  console.warn(`skipped: no vectors at ${path}; set CUSTODY_VECTORS to the folder that holds them`);
  return undefined;
}

/** The same for a JSON file, parsed. */
export function vectorFile<T>(path: string): T | undefined {
  const bytes = vectorBytes(path);
  return bytes === undefined ? undefined : (JSON.parse(Buffer.from(bytes).toString("utf8")) as T);
}
