/**
 * Blocks are read and compared with the ledger before anything is sent: at every start of the watcher, for nobody knows how
 * the last one ended, then as often as the settings say, and until a difference is gone.
 */
import { countSetting } from "../src/home/settings.ts";
import { distrust } from "../src/home/online.ts";
import { readBlocks } from "../src/home/blocks.ts";
import { reconcileNow, untrusted } from "../src/home/trust.ts";
import type { ChainId } from "../src/core/chain.ts";
import type { Call } from "../src/terminal/command.ts";
import type { BlockCry } from "../src/withdrawals/following/blocks.ts";
import { trackSettled } from "./track.ts";
import type { World } from "./world.ts";

const REORGANISED = "blocks were reorganised away: what they held is followed first";

/** Chains that a process has compared since it began, and the differences that it has cried out there, which no pass repeats. */
const compared = new WeakMap<Call, Map<ChainId, { begun: boolean; cried: string }>>();

function knownOf({ online: { call }, node: { chain } }: World): { begun: boolean; cried: string } {
  const chains = compared.get(call) ?? new Map<ChainId, { begun: boolean; cried: string }>();
  compared.set(call, chains);
  const known = chains.get(chain) ?? { begun: false, cried: "" };
  chains.set(chain, known);
  return known;
}

/**
 * Reads what is new and compares when it is time.
 * @param from height of the first block, when none was read before
 * @returns why nothing may be sent for the first time, if so
 */
export async function compareWithChain(world: World, from: number | undefined): Promise<string | undefined> {
  const { online, policy, node } = world;
  const { call } = online;
  const minutes = countSetting(call.io, "reconcile.minutes");
  if (knownOf(world).begun && untrusted(online, node.chain, call.io.now(), minutes / 2) === undefined) {
    const { cries, gone, withheld } = await readBlocks(online, policy, node, from);
    cryOut(world, cries, gone);
    return distrust(online)?.message ?? (gone > 0 ? REORGANISED : whyUnread(world, withheld));
  }
  // A settlement that a deep reorganisation has taken back is no difference, nor is a payment that has left its block: both
  // are followed first (F10).
  await trackSettled(world);
  const first = await readBlocks(online, policy, node, from);
  cryOut(world, first.cries, first.gone);
  if (first.gone > 0) return REORGANISED;
  if (first.withheld !== undefined) return whyUnread(world, first.withheld);
  const { compared: found, cries, gone } = await reconcileNow(online, policy, node, from);
  cryOut(world, cries, gone);
  if (found.verdict === "behind") return "the blocks up to the tip are not read yet";
  knownOf(world).begun = true;
  sayDifferences(world, found.differences);
  const [difference] = found.differences;
  return (
    distrust(online)?.message ??
    (difference === undefined ? undefined : `ledger and chain differ: ${difference}`)
  );
}

function whyUnread({ withhold }: World, height: number | undefined): string | undefined {
  if (height === undefined) return undefined;
  withhold?.(height);
  return `the nodes do not agree on block ${height}, though on a later one: what it holds is not known`;
}

function cryOut({ log, rules }: World, cries: readonly BlockCry[], gone: number): void {
  if (gone > 0) {
    const level = gone >= rules.confirmations ? "error" : "warn";
    log({ event: "blocks reorganised away", level, depth: gone });
  }
  for (const { event, transaction, withdrawal, reason } of cries) {
    const level = event === "sent before its receipt" ? "warn" : "error";
    log({ event, level, transaction, withdrawal, reason });
  }
}

function sayDifferences(world: World, differences: readonly string[]): void {
  const { log } = world;
  const known = knownOf(world);
  const said = differences.join("; ");
  if (differences.length > 0 && known.cried !== said)
    for (const reason of differences) log({ event: "reconciliation break", level: "error", reason });
  else if (differences.length === 0 && known.cried !== "") log({ event: "reconciled" });
  known.cried = said;
}
