/** A folder on the repository's own disk: what is kept in memory alone says nothing about durable writes. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";

export function benchFolder(name: string): { readonly path: string; remove(): void } {
  const cache = join(process.cwd(), ".cache");
  mkdirSync(cache, { recursive: true });
  const path = mkdtempSync(join(cache, `bench-${name}-`));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
