import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { SetupError } from "./run.mjs";

/**
 * Other makers' Python code for tests, by hash, without what it needs beside itself. Where pip is missing or cannot
 * reach its packages, this says so and goes on: the tests that ask that code are skipped by name.
 * @returns whether it is there
 */
export async function installMakers(root, report) {
  const folder = join(root, ".cache", "makers");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  report.say("other makers' Python code, for tests (pip)");
  const requirements = join(root, "test", "makers", "requirements.txt");
  const flags = [
    "--no-deps",
    "--require-hashes",
    "--disable-pip-version-check",
    "--no-cache-dir",
    "--no-compile",
  ];
  const args = ["-m", "pip", "install", ...flags, "--target", folder, "-r", requirements];
  try {
    await report.run("python3", args, { cwd: join(root, ".cache") });
    return true;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    report.say(`left out: ${error.message}; tests that ask that code are skipped`);
    return false;
  }
}
