/** F9: the online host's disk is lost, an older backup takes its place, and people see to it that it may be trusted again. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { documentBytes } from "../../../src/core/document.ts";
import { assert } from "../../../src/core/errors.ts";
import type { Digest } from "../../../src/core/digest.ts";
import { policyDocument, type Policy } from "../../../src/core/policy/policy.ts";
import { signedDocument } from "../../factory/documents.ts";
import { ADMINS } from "../world/house.ts";
import type { World } from "../world/world.ts";
import { byWarrant } from "./people.ts";

/** How often a world's disk is lost: each loss takes many rounds to be mended. */
const LOSSES_MAX = 2;

/** A backup is made by hand; the watcher makes its own. */
export async function backUp(world: World): Promise<void> {
  await world.call(`db backup --out home/backups/${world.newFile("by-hand").replace(".json", ".db")}`);
}

/** The disk is lost, and a backup put where the database was: the newest one, or one that is long outlived. */
export async function restore(world: World): Promise<void> {
  const { random } = world;
  if (!world.losesDisks || world.losses >= LOSSES_MAX) return;
  const backups = backupsOf(world);
  if (backups.length === 0) return;
  const backup = random.chance(60) ? (backups.at(-1) as string) : random.of(backups);
  world.loseDatabase(random.chance(70));
  const line = `db restore home/backups/${backup}`;
  let result = await world.call(line);
  if (!existsSync(world.databaseFile)) result = await world.callAt(line, "custody", undefined);
  assert(existsSync(world.databaseFile), `restore: ${JSON.stringify(result)}`);
  world.count("restores");
  world.clientsAskAnew();
}

/** Two admins look at what chain and database say; where rows were lost, a new audit epoch begins. */
export async function reconcile(world: World): Promise<void> {
  if (!world.isDoubted()) return;
  await byWarrant(world, "db reconcile", ADMINS);
  if (world.epochNeeded && !world.isDoubted()) await beginEpoch(world);
}

// By names: those by hand first, then the watcher's, whose names tell their time.
function backupsOf({ folder }: World): readonly string[] {
  const backups = join(folder, "home/backups");
  return existsSync(backups)
    ? readdirSync(backups)
        .filter((name) => name.endsWith(".db"))
        .sort()
    : [];
}

/**
 * The admins' next policy names the place of the audit tree from which signers go on (law 7). The database may have lost
 * earlier ones with its rows: those are put in force again first.
 */
async function beginEpoch(world: World): Promise<void> {
  const quietly = (line: string) => world.callAt(line, "custody", undefined);
  for (const policy of world.house.policies) {
    const shown = await quietly("policy show");
    if (shown !== "crashed" && shown.data.policy.number < policy.body.number) await activate(world, policy);
  }
  const verified = await quietly("audit verify");
  if (verified === "crashed" || verified.exit !== 0) return;
  const { rows, root } = verified.data as { readonly rows: number; readonly root: Digest };
  const { body, digest } = world.house.policy;
  const next: Policy = {
    ...body,
    number: body.number + 1,
    previous: digest,
    custody: world.house.custody,
    issued: world.now,
    audit: { epoch: body.audit.epoch + 1, size: rows, root },
  };
  const policy = signedDocument(policyDocument(next), ADMINS, world.now);
  if (!(await activate(world, policy))) return;
  world.pin({ ...world.house, policies: [...world.house.policies, policy], policy });
  world.epochNeeded = false;
  world.count("audit epochs");
}

async function activate(world: World, policy: ReturnType<typeof policyDocument>): Promise<boolean> {
  const file = world.newFile("policy");
  world.writeFile(file, documentBytes(policy));
  await world.callAt(`policy import ${file}`, "custody", undefined);
  const result = await world.callAt("policy activate", "custody", undefined);
  return result !== "crashed" && result.exit === 0;
}
