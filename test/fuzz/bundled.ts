/** Bundles the child process once for a run of the tests: `setup` is what vitest calls. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");

/** Where `scripts/fuzz.mjs` leaves it: inside the project, where its packages are found. */
export const CHILD = join(ROOT, ".cache/fuzz/child.mjs");

export function setup(): void {
  execFileSync(process.execPath, [join(ROOT, "scripts/fuzz.mjs"), "--bundle-only"], { cwd: ROOT });
}
