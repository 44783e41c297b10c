/**
 * Runs the conformance tests over a folder laid out like ../shared/vectors, and prints passed and failed by file:
 * `npm run vectors -- DIR`. Exit code 1 when a case failed, 2 when the folder holds nothing that a test reads.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve, sep } from "node:path";

const root = resolve(import.meta.dirname, "..");
const NOT_READ = new Map([["stellar", "no test reads it yet"]]);

const [given] = process.argv.slice(2);
const folder = given === undefined ? undefined : resolve(given);
if (folder === undefined || !existsSync(folder) || !statSync(folder).isDirectory()) {
  const why = folder === undefined ? "which folder?" : `${given} is no folder`;
  process.stderr.write(`error: ${why}\nhint: npm run vectors -- DIR\n`);
  process.exit(2);
}

const { CI: _, ...env } = process.env; // a folder may hold a part of the vectors
const tests = testFiles(folder);
if (tests.length === 0) {
  process.stderr.write(
    `error: ${given} holds no file that a test reads\nhint: lay it out like ../shared/vectors\n`,
  );
  process.exit(2);
}
const work = mkdtempSync(join(tmpdir(), "vectors-"));
const report = join(work, "report.jsonl");
const { status } = spawnSync(
  process.execPath,
  [join(root, "node_modules", "vitest", "vitest.mjs"), "run", "--project", "unit", ...tests],
  {
    cwd: root,
    stdio: "inherit",
    env: { ...env, CUSTODY_VECTORS: folder, CUSTODY_VECTORS_REPORT: report },
  },
);
const counts = countsByFile();
rmSync(work, { recursive: true });

const rows = filesBelow(folder)
  .filter((file) => counts.has(file) || file !== "README.md")
  .map((file) => [file, counts.get(file)]);
const width = Math.max(4, ...rows.map(([file]) => file.length));
const line = (file, ...cells) =>
  `${file.padEnd(width)}  ${cells.map((cell) => String(cell).padStart(8)).join("  ")}`;
process.stdout.write(`\n${line("FILE", "PASSED", "FAILED", "NOT OURS")}\n`);
for (const [file, count] of rows) {
  if (count !== undefined) {
    process.stdout.write(`${line(file, count.passed, count.failed, count.notOurs)}\n`);
  } else if (!NOT_READ.has(topOf(file))) {
    process.stdout.write(
      `${line(file, "-", "-", "-")}  not read: its test failed before, or there is none\n`,
    );
  }
}
for (const [top, why] of NOT_READ) {
  const many = rows.filter(([file]) => topOf(file) === top).length;
  if (many > 0) process.stdout.write(`${line(`${top}/ (${many} files)`, "-", "-", "-")}  not read: ${why}\n`);
}
const sum = (name) => [...counts.values()].reduce((total, count) => total + count[name], 0);
process.stdout.write(`${line("ALL", sum("passed"), sum("failed"), sum("notOurs"))}\n`);
process.stdout.write("NOT OURS: about what no code of ours does, such as other sighash types\n");
process.exitCode = sum("failed") > 0 || status !== 0 ? 1 : 0;

/** Tests that name a file which the folder holds; the others beside them are about our own formats. */
function testFiles(path) {
  const below = join(root, "test", "vectors");
  const names = readdirSync(below).filter((name) => name.endsWith(".test.ts"));
  const reads = (name) => {
    const text = readFileSync(join(below, name), "utf8");
    const files = [...text.matchAll(/"([\w./-]+\.(?:json|csv|txt|psbt))"/g)].map(([, file]) => file);
    return text.includes('"./folder.ts"') && files.some((file) => existsSync(join(path, file)));
  };
  return names.filter(reads).map((name) => join("test", "vectors", name));
}

function countsByFile() {
  const found = new Map();
  const lines = existsSync(report) ? readFileSync(report, "utf8").split("\n").filter(Boolean) : [];
  for (const { file, passed, failed, notOurs } of lines.map((one) => JSON.parse(one))) {
    const before = found.get(file) ?? { passed: 0, failed: 0, notOurs: 0 };
    found.set(file, {
      passed: before.passed + passed,
      failed: before.failed + failed,
      notOurs: before.notOurs + notOurs,
    });
  }
  return found;
}

function filesBelow(path) {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(path, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}

function topOf(file) {
  return file.split("/")[0];
}
