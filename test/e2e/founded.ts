/** A custody with keys, pinned policy and session, founded once for each run of the tests; every file works on a copy. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { inject } from "vitest";
import { makeCast, ROLES, type Cast, type Runner } from "../../demo/cast.ts";
import { foundCustody, makeKeys, startSession } from "../../demo/ceremony.ts";
import { warm } from "./warm/runner.ts";

const FOUNDING_MS_MAX = 110_000;

/**
 * A copy of the founded custody.
 * @param confirmations depth at which its policy calls a payment final
 * @param runner how its programs are run: in one process that stays, when left out
 */
export async function foundedCast(
  confirmations = 1,
  runner: Runner = warm,
): Promise<Cast & { remove(): void }> {
  const origin = join(inject("foundedFolder"), `depth-${confirmations}`);
  await foundOnce(origin, confirmations);
  const folder = mkdtempSync(join(tmpdir(), "custody-e2e-"));
  cpSync(origin, folder, { recursive: true });
  return {
    ...makeCast(folder, ROLES, runner),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

// Test files run in several processes: whoever makes the folder founds, the others wait for its final name.
async function foundOnce(origin: string, confirmations: number): Promise<void> {
  const draft = `${origin}.draft`;
  for (const deadline = performance.now() + FOUNDING_MS_MAX; !existsSync(origin); ) {
    if (performance.now() > deadline) throw new Error("nobody has founded the custody in time");
    if (!take(draft)) {
      await pause(100);
      continue;
    }
    try {
      const cast = makeCast(draft, ROLES, warm);
      await makeKeys(cast);
      await foundCustody(cast, { confirmations });
      await startSession(cast);
      renameSync(draft, origin);
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
  }
}

function take(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch {
    return false;
  }
}
