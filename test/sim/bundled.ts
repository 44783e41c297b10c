/** Bundles the online host's process once for a run of the tests: `setup` is what vitest calls. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");

export function setup(): void {
  bundle();
}

/**
 * Bundles the host's process.
 * @param plant a defect of `plants.json` to put into it
 * @returns the file that begins it: inside the project, where its packages are found
 */
export function bundle(plant?: string): string {
  const args = ["--bundle-only", ...(plant === undefined ? [] : ["--plant", plant])];
  execFileSync(process.execPath, [join(ROOT, "scripts/sim.mjs"), ...args], { cwd: ROOT });
  return hostOf(plant);
}

export function hostOf(plant = "shipped"): string {
  return join(ROOT, ".cache/sim", plant, "start.cjs");
}
