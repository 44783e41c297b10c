/**
 * The test command: format, types, lint and dead code beside what set-up compiles, then every test. It says each step and
 * ends with one line that counts the tests that really ran; a failed check is a failure of the command even when all tests
 * pass. Arguments go to vitest.
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

const runChecks = async () => (await Promise.all(CHECKS.map(runCheck))).flat();

/** @returns whether all is ready that these flags ask for; if not, set-up has said why */
async function setUp(...flags) {
  const child = spawn(process.execPath, [join(root, "scripts", "setup.mjs"), ...flags], {
    cwd: root,
    stdio: "inherit",
  });
  return new Promise((done) => {
    child.on("error", () => done(false));
    child.on("close", (status) => done(status === 0));
  });
}

/** @returns what vitest has counted, and whether it was content */
function runTests(args) {
  mkdirSync(join(root, ".cache"), { recursive: true });
  rmSync(report, { force: true });
  const { status } = spawnSync(
    bin("vitest"),
    ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, ...args],
    { cwd: root, stdio: ["ignore", "inherit", "inherit"] },
  );
  const counted = existsSync(report) ? JSON.parse(readFileSync(report, "utf8")) : undefined;
  return { counted, isContent: status === 0 };
}

function tell(failedChecks, { counted, isContent }) {
  for (const file of counted?.testResults ?? []) {
    for (const { status, fullName } of file.assertionResults) {
      if (status !== "passed" && status !== "failed") process.stdout.write(`skipped: ${fullName}\n`);
    }
  }
  for (const name of failedChecks) process.stdout.write(`check failed: ${name}\n`);

  const passed = counted?.numPassedTests ?? 0;
  const failedTests = counted?.numFailedTests ?? 0;
  const failed = failedTests + failedChecks.length + (!isContent && failedTests === 0 ? 1 : 0);
  const skipped = (counted?.numPendingTests ?? 0) + (counted?.numTodoTests ?? 0);
  process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

/** What set-up compiles needs one core, and the checks nothing but the packages' text. */
async function main(args) {
  if (!(await setUp("--fetch-only"))) return 10;
  const [failedChecks, isReady] = await Promise.all([
    runChecks(),
    setUp("--with-makers", "--with-soroban-host"),
  ]);
  return isReady ? tell(failedChecks, runTests(args)) : 10;
}

process.exitCode = await main(process.argv.slice(2));
