/**
 * F09, F26: `kill -9` of `custody db backup` and `custody db restore` at everything that they make durable. What has the
 * name of a backup is a whole one; a restored database is there whole and in quarantine, or not at all.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { databaseProblems } from "../../src/store/integrity.ts";
import { verifyAudit } from "../../src/store/audit.ts";
import { verifyBackup } from "../../src/store/backup.ts";
import { closeStore, openStore } from "../../src/store/database.ts";
import { openQuarantines } from "../../src/store/quarantine.ts";
import { temporaryFolder } from "../factory/folder.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const MOMENTS_MAX = 60;

let folder: string;
let home: string;
beforeEach(() => {
  folder = temporaryFolder("killed");
  home = join(folder, "home");
  custody("init", "--network", "regtest");
});

/** Runs the built program; `moment` names when it is killed. @returns whether it lived */
function attempt(moment: number, ...args: readonly string[]): boolean {
  const killed =
    moment === 0
      ? {}
      : {
          NODE_OPTIONS: `--require=${join(import.meta.dirname, "kill-at.cjs")}`,
          FAULT_ROOT: ROOT,
          FAULT_AT: String(moment),
        };
  const { status, signal } = spawnSync(
    process.execPath,
    [join(ROOT, "dist/custody.js"), ...args, "--home", home],
    { cwd: folder, env: { PATH: process.env["PATH"], HOME: folder, ...killed }, encoding: "utf8" },
  );
  if (signal === "SIGKILL") return false;
  expect(status).toBe(0);
  return true;
}

function custody(...args: readonly string[]): void {
  expect(attempt(0, ...args)).toBe(true);
}

function inside<T>(work: (store: ReturnType<typeof openStore>) => T): T {
  const store = openStore(join(home, "custody-regtest.db"), { network: "regtest" });
  try {
    return work(store);
  } finally {
    closeStore(store);
  }
}

test("a backup that is killed leaves no file that looks like one and is none", () => {
  const out = join(folder, "backup.db");
  let kills = 0;
  for (let moment = 1; moment < MOMENTS_MAX; moment++) {
    rmSync(out, { force: true });
    if (attempt(moment, "db", "backup", "--out", out)) break;
    kills += 1;
    if (existsSync(out)) verifyBackup(out, "regtest");
    inside((store) => expect(databaseProblems(store)).toEqual([]));
  }
  expect(kills).toBeGreaterThan(3);
  expect(verifyBackup(out, "regtest").rows).toBe(inside((store) => verifyAudit(store).rows));
  expect(readdirSync(home).filter((name) => name.includes("partial"))).toEqual([]);
});

test("a restore that is killed leaves nothing, or a whole database in quarantine", () => {
  const out = join(folder, "backup.db");
  custody("db", "backup", "--out", out);
  let kills = 0;
  let landed = 0;
  for (let moment = 1; moment < MOMENTS_MAX; moment++) {
    rmSync(home, { recursive: true, force: true });
    mkdirSync(home);
    const lived = attempt(moment, "db", "restore", out);
    if (existsSync(join(home, "custody-regtest.db"))) {
      landed += 1;
      inside((store) => {
        expect(databaseProblems(store)).toEqual([]);
        expect(openQuarantines(store)).toMatchObject([{ cause: "restored" }]);
      });
    } else {
      custody("db", "restore", out);
      inside((store) => expect(openQuarantines(store)).toMatchObject([{ cause: "restored" }]));
    }
    if (lived) break;
    kills += 1;
  }
  expect(kills).toBeGreaterThan(5);
  expect(landed).toBeGreaterThan(0);
});
