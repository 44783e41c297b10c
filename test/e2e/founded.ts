/** A custody with keys, pinned policy and session, founded once for each run of the tests; every file works on a copy. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { inject } from "vitest";
import { makeCast, ROLES, type Cast, type Runner } from "../../demo/cast.ts";
import { foundCustody, makeKeys, startSession } from "../../demo/founding.ts";
import { foundAccount } from "../../demo/story-evm.ts";
import { warm } from "./warm/runner.ts";

const FOUNDING_MS_MAX = 110_000;

/** How a house is founded: by its name in the run's folder. */
type House = {
  readonly name: string;
  readonly roles: readonly string[];
  found(cast: Cast): Promise<void>;
};

/**
 * A copy of the founded custody.
 * @param confirmations depth at which its policy calls a payment final
 * @param runner how its programs are run: in one process that stays, when left out
 */
export async function foundedCast(
  confirmations = 1,
  runner: Runner = warm,
): Promise<Cast & { remove(): void }> {
  return copyOf(
    {
      name: `depth-${confirmations}`,
      roles: ROLES,
      async found(cast) {
        await makeKeys(cast);
        await foundCustody(cast, { confirmations });
        await startSession(cast);
      },
    },
    runner,
  );
}

/** A copy of a custody whose vault is an account on the local EVM chain, with two admins. */
export async function foundedAccount(
  confirmations = 2,
  runner: Runner = warm,
): Promise<Cast & { remove(): void }> {
  const found = (cast: Cast) => foundAccount(cast, confirmations);
  return copyOf({ name: `account-${confirmations}`, roles: [...ROLES, "second"], found }, runner);
}

/** The same, of a policy that people have edited. @param name of this house among those of the run */
export async function foundedTokens(
  edit: Parameters<typeof foundAccount>[2],
  name = "tokens",
): Promise<Cast & { remove(): void }> {
  const found = (cast: Cast) => foundAccount(cast, 2, edit);
  return copyOf({ name, roles: [...ROLES, "second"], found }, warm);
}

async function copyOf(house: House, runner: Runner): Promise<Cast & { remove(): void }> {
  const origin = join(inject("foundedFolder"), house.name);
  await foundOnce(origin, house);
  const folder = mkdtempSync(join(tmpdir(), "custody-e2e-"));
  cpSync(origin, folder, { recursive: true });
  return {
    ...makeCast(folder, house.roles, runner),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

// Test files run in several processes: whoever makes the folder founds, the others wait for its final name.
async function foundOnce(origin: string, house: House): Promise<void> {
  const draft = `${origin}.draft`;
  for (const deadline = performance.now() + FOUNDING_MS_MAX; !existsSync(origin); ) {
    if (performance.now() > deadline) throw new Error("nobody has founded the custody in time");
    if (!take(draft)) {
      await pause(100);
      continue;
    }
    try {
      await house.found(makeCast(draft, house.roles, warm));
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
