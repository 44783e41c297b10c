import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../factory/folder.ts";

const ROOT = resolve(import.meta.dirname, "../../..");
const published = resolve(process.env["CUSTODY_VECTORS"] ?? join(ROOT, "../shared/vectors"));
const SCHNORR = "bips/bip-0340/test-vectors.csv";
const EDWARDS = "ed25519/speccheck.json";

/** `npm run vectors` over `folder`; its table by file. */
function vectors(folder: string) {
  const script = join(ROOT, "scripts/vectors.mjs");
  // What a test's own process sets is none of the script's: it would change what its tests report.
  const { VITEST: _, VITEST_POOL_ID: __, VITEST_WORKER_ID: ___, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, folder], { encoding: "utf8", env });
  const rows = [...stdout.matchAll(/^(\S+) +(\d+) +(\d+) +(\d+)$/gm)];
  const table = Object.fromEntries(rows.map(([, file, ...counts]) => [file, counts.map(Number)]));
  return { status, table, said: stdout + stderr };
}

test.skipIf(!existsSync(published))("one changed byte of one case is one failed case", () => {
  const folder = temporaryFolder("vectors");
  for (const file of [SCHNORR, EDWARDS])
    cpSync(join(published, file), join(folder, file), { recursive: true });
  mkdirSync(join(folder, "stellar"));
  writeFileSync(join(folder, "stellar/cases.json"), "[]");
  const csv = readFileSync(join(folder, SCHNORR), "latin1");
  expect(csv).toContain(",TRUE,\r\n1,");
  writeFileSync(join(folder, SCHNORR), csv.replace("536C0,TRUE,\r\n1,", "536C1,TRUE,\r\n1,"));
  const { status, table, said } = vectors(folder);
  expect(status).toBe(1);
  expect(table).toEqual({ [SCHNORR]: [14, 1, 4], [EDWARDS]: [12, 0, 0], ALL: [26, 1, 4] });
  expect(said).toMatch(/^stellar\/ \(1 files\) .*not read/m);
});

test("a folder without vectors, and no folder", () => {
  expect(vectors(join(temporaryFolder("vectors"), "none"))).toMatchObject({ status: 2 });
  const empty = vectors(temporaryFolder("vectors"));
  expect(empty.status).toBe(2);
  expect(empty.said).toContain("holds no file that a test reads");
});
