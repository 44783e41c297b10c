/**
 * The test command: format, types, lint and dead code, then every test. It says each step and ends with one line that
 * counts the tests that really ran; a failed check is a failure of the command even when all tests pass.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const bin = (name) => join(root, "node_modules", ".bin", name);
const report = join(root, ".cache", "vitest.json");

const CHECKS = [
  ["format", bin("biome"), ["format", "."]],
  ["types", bin("tsc"), ["--noEmit"]],
  ["lint", bin("eslint"), [".", "--max-warnings", "0"]],
  ["dead code", bin("knip"), []],
];

/** All at once: two of them take most of a core for half a minute and more. What each says stands together. */
async function runCheck([name, command, args]) {
  const started = Date.now();
  const child = spawn(command, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => said.push(chunk));
  const status = await new Promise((done) => {
    child.on("error", () => done(1));
    child.on("close", done);
  });
  process.stdout.write(
    `${Buffer.concat(said)}check ${name}: ${status === 0 ? "ok" : "FAILED"} (${Math.round((Date.now() - started) / 1000)} s)\n`,
  );
  return status === 0 ? [] : [name];
}

const failedChecks = (await Promise.all(CHECKS.map(runCheck))).flat();

mkdirSync(join(root, ".cache"), { recursive: true });
rmSync(report, { force: true });
const vitest = spawnSync(
  bin("vitest"),
  ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
  },
);
const counted = existsSync(report) ? JSON.parse(readFileSync(report, "utf8")) : undefined;

for (const file of counted?.testResults ?? []) {
  for (const { status, fullName } of file.assertionResults) {
    if (status !== "passed" && status !== "failed") process.stdout.write(`skipped: ${fullName}\n`);
  }
}
for (const name of failedChecks) process.stdout.write(`check failed: ${name}\n`);

const passed = counted?.numPassedTests ?? 0;
const failed =
  (counted?.numFailedTests ?? 0) +
  failedChecks.length +
  (vitest.status !== 0 && (counted?.numFailedTests ?? 0) === 0 ? 1 : 0);
const skipped = (counted?.numPendingTests ?? 0) + (counted?.numTodoTests ?? 0);
process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
