/** A custody with keys, pinned policy and session, founded once for each run of the tests; every file works on a copy. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { inject } from "vitest";
import { makeCast, type Cast } from "../../demo/cast.ts";
import { foundCustody, makeKeys, startSession } from "../../demo/ceremony.ts";

const FOUNDING_MS_MAX = 110_000;

/** A copy of the founded custody. @param confirmations depth at which its policy calls a payment final */
export async function foundedCast(confirmations = 1): Promise<Cast & { remove(): void }> {
  const origin = join(inject("foundedFolder"), `depth-${confirmations}`);
  await foundOnce(origin, confirmations);
  const folder = mkdtempSync(join(tmpdir(), "custody-e2e-"));
  cpSync(origin, folder, { recursive: true });
  return { ...makeCast(folder), remove: () => rmSync(folder, { recursive: true, force: true }) };
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
      const cast = makeCast(draft);
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
