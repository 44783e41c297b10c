/** Bundles the process that runs the programs call after call, once for a run of the tests: `setup` is what vitest calls. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../../..");

/** The file that begins it: inside the project, where its packages are found. */
export const HOST = join(ROOT, ".cache/warm/host.mjs");

export function setup(): void {
  execFileSync(process.execPath, [join(ROOT, "scripts/build/warm-host.mjs")], { cwd: ROOT });
}
