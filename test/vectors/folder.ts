import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** The folder of published vectors: `CUSTODY_VECTORS`, by default `../shared/vectors` beside the project. */
const folder = resolve(
  process.env["CUSTODY_VECTORS"] ?? join(import.meta.dirname, "../../../shared/vectors"),
);

/**
 * A parsed JSON vector file, or undefined (the test skips, and says why) where the folder is missing.
 * In CI nothing may be left out, so there a missing folder is an error.
 */
export function vectorFile<T>(path: string): T | undefined {
  const file = join(folder, path);
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as T;
  if (process.env["CI"] !== undefined) throw new Error(`vectors are missing: ${path} (set CUSTODY_VECTORS)`);
  console.warn(`skipped: no vectors at ${path}; set CUSTODY_VECTORS to the folder that holds them`);
  return undefined;
}
