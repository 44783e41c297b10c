import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { verifyAudit } from "../../../src/store/audit.ts";
import { stateFigures } from "../../../src/store/figures.ts";
import { findWithdrawalByKey } from "../../../src/store/withdrawals.ts";
import { furnish, scratch } from "./scratch.ts";

const ROOT = join(dirname(new URL(import.meta.url).pathname), "..", "..", "..");
let folder: string;
let program: string;

// Beside the packages, so that the native one is found; with the migrations beside it.
beforeAll(async () => {
  mkdirSync(join(ROOT, ".cache"), { recursive: true });
  folder = mkdtempSync(join(ROOT, ".cache", "f14-"));
  program = join(folder, "child.mjs");
  await build({
    entryPoints: [join(ROOT, "test/unit/store/F14-child.ts")],
    outfile: program,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    logLevel: "error",
  });
  cpSync(join(ROOT, "src/store/migrations"), join(folder, "migrations"), { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Answer = readonly [key: string, id: string, created: boolean];

async function ask(path: string, first: number, count: number, death = "none"): Promise<readonly Answer[]> {
  const words = [program, path, String(first), String(count), death];
  return JSON.parse((await promisify(execFile)(process.execPath, words)).stdout) as Answer[];
}

function furnished() {
  const made = scratch();
  furnish(made.store, 100_000n);
  return made;
}

const rows = (made: ReturnType<typeof furnished>) =>
  stateFigures(made.store).find(({ state }) => state === "REQUESTED")?.count ?? 0;

describe("F14: one key, one request", () => {
  test("from two processes at once, for two hundred keys", async () => {
    const made = furnished();
    const [ours, theirs] = await Promise.all([ask(made.path, 1, 200), ask(made.path, 2, 200)]);
    expect(ours.map(([key, id]) => [key, id])).toEqual(theirs.map(([key, id]) => [key, id]));
    expect(ours.map(([, , created], index) => [created, theirs[index]?.[2]].filter(Boolean).length)).toEqual(
      Array.from({ length: 200 }, () => 1),
    );
    expect(rows(made)).toBe(200);
    verifyAudit(made.store);
  });

  test("after a crash between storing and answering: asked again, it is the request that was stored", async () => {
    const made = furnished();
    await expect(ask(made.path, 1, 10, "before the answer")).rejects.toMatchObject({ signal: "SIGKILL" });
    expect(rows(made)).toBe(10);
    const stored = findWithdrawalByKey(made.store, "order-1")?.id;
    const again = await ask(made.path, 2, 10);
    expect(again[0]).toEqual(["order-1", stored, false]);
    expect(again.some(([, , created]) => created)).toBe(false);
    verifyAudit(made.store);
  });

  test("after a crash before the commit: nothing was stored, nobody was answered, and the key is free", async () => {
    const made = furnished();
    await expect(ask(made.path, 1, 10, "before the commit")).rejects.toMatchObject({ signal: "SIGKILL" });
    expect(rows(made)).toBe(0);
    const again = await ask(made.path, 2, 10);
    expect(again.every(([, , created]) => created)).toBe(true);
    verifyAudit(made.store);
  });
});
