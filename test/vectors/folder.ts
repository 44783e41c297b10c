import { appendFileSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect } from "vitest";

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

/** The names of a folder's files that end so, without the end, in their order; none where the folder is missing. */
export function vectorNames(path: string, end: string): readonly string[] {
  const inside = join(folder, path);
  if (!existsSync(inside)) {
    if (process.env["CI"] !== undefined)
      throw new Error(`vectors are missing: ${path} (set CUSTODY_VECTORS)`);
    console.warn(`skipped: no vectors at ${path}; set CUSTODY_VECTORS to the folder that holds them`);
    return [];
  }
  return readdirSync(inside)
    .filter((name) => name.endsWith(end))
    .map((name) => name.slice(0, -end.length))
    .sort();
}

/** The same for a JSON file, parsed. */
export function vectorFile<T>(path: string): T | undefined {
  const bytes = vectorBytes(path);
  return bytes === undefined ? undefined : (JSON.parse(Buffer.from(bytes).toString("utf8")) as T);
}

/** What a check says of a case that is about something which no code of ours does; it must throw for one that fails. */
export type Verdict = "passed" | "not ours";

/** One line of `CUSTODY_VECTORS_REPORT`, for `npm run vectors`. */
export type VectorReport = {
  readonly file: string;
  readonly passed: number;
  readonly failed: number;
  readonly notOurs: number;
};

/**
 * Checks every case of a file, so that one bad case does not hide the others, and says the counts. The test that calls it
 * fails when a case did, or when there is none.
 * @param part names the cases where a file has several kinds
 */
export function checkCases<Case>(
  path: string,
  cases: readonly Case[],
  check: (one: Case, index: number) => Verdict,
  part = "",
): void {
  const failures: string[] = [];
  let notOurs = 0;
  cases.forEach((one, index) => {
    try {
      if (check(one, index) === "not ours") notOurs++;
    } catch (error) {
      failures.push(`case ${index}: ${(error as Error).message}`);
    }
  });
  const failed = failures.length;
  const passed = cases.length - failed - notOurs;
  const rest = notOurs === 0 ? "" : `, ${notOurs} about what we never do`;
  console.log(`${path}${part && ` ${part}`}: ${cases.length} cases, ${passed} passed${rest}`);
  const report = process.env["CUSTODY_VECTORS_REPORT"];
  const line: VectorReport = { file: path, passed, failed, notOurs };
  if (report !== undefined) appendFileSync(report, `${JSON.stringify(line)}\n`);
  expect(failures).toEqual([]);
  expect(passed).toBeGreaterThan(0);
}
