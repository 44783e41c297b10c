/**
 * May something new leave this database? Only when it is in no quarantine and a comparison with the chain is even and
 * young. Every start of the watcher makes one before it sends; a build that finds none makes its own (F9).
 */
import type { FollowedChain } from "../chains/chain-node.ts";
import { canonicalText, type JsonObject } from "../core/canonical.ts";
import { declareError } from "../core/errors.ts";
import type { ChainId } from "../core/chain.ts";
import { seconds, type Instant } from "../core/instant.ts";
import type { PolicyDocument } from "../core/policy/policy.ts";
import { seenHash } from "../store/coins.ts";
import { instanceOf } from "../store/quarantine.ts";
import { insertReconciliation, lastReconciliation } from "../store/reconciliations.ts";
import { atOnce } from "../store/statement.ts";
import { matchPayments, type BlockCry } from "../withdrawals/following/blocks.ts";
import { reconcile, type Compared } from "../withdrawals/settling/reconcile.ts";
import { readBlocks, readerOf } from "./blocks.ts";
import { change, distrust, newId, type Online } from "./online.ts";
import { BLOCK_PORTS, RECONCILE_PORTS } from "./chain-ports.ts";
import { countSetting } from "./settings.ts";

export const RECONCILE_FIRST = declareError(
  "RECONCILE_FIRST",
  "pending",
  "Ledger and chain were not compared lately, or do not say the same: nothing new is built or sent until they do.",
);

/** Readings of blocks that one comparison waits for: two thousand blocks; a home that is further behind has to catch up. */
const READINGS_MAX = 10;

/**
 * Why the last comparison does not let anything new leave, or undefined.
 * @param minutes how old it may be
 */
export function untrusted(
  { store }: Pick<Online, "store">,
  chain: ChainId,
  now: Instant,
  minutes: number,
): string | undefined {
  const last = lastReconciliation(store, chain);
  if (last === undefined || last.instance !== instanceOf(store))
    return "ledger and chain were never compared here";
  const age = seconds(now) - seconds(last.at);
  if (last.verdict !== "even") return `ledger and chain differed at ${last.at}`;
  // What was compared up to a block that has left the best chain was compared with another chain (F10).
  if (seenHash(store, chain, last.tip.height) !== last.tip.hash)
    return `ledger and chain were last compared up to block ${last.tip.hash}, which is not in the best chain`;
  // A clock that went back makes no comparison young.
  return age < 0 || age > 60 * minutes ? `ledger and chain were last compared at ${last.at}` : undefined;
}

/** Asked before anything is looked up: what a database in quarantine says is not there may have been lost. @throws QUARANTINED */
export function assertInNoQuarantine(online: Online): void {
  const quarantine = distrust(online);
  if (quarantine !== undefined) throw quarantine;
}

/** @param chain on which something new is to leave @throws QUARANTINED, RECONCILE_FIRST */
export function assertReconciled(online: Online, chain: ChainId): void {
  assertInNoQuarantine(online);
  const { io } = online.call;
  const why = untrusted(online, chain, io.now(), countSetting(io, "reconcile.minutes"));
  if (why === undefined) return;
  throw RECONCILE_FIRST(`${why}: nothing new leaves this database`, {
    field: "database",
    hint: "custody ledger reconcile",
  });
}

/**
 * Makes sure that what is about to be built stands on a database that fits the chain: compares them unless that was done
 * lately.
 * @throws QUARANTINED, RECONCILE_FIRST, and the node's errors
 */
export async function trusted(online: Online, policy: PolicyDocument, node: FollowedChain): Promise<void> {
  const { io } = online.call;
  const old = untrusted(online, node.chain, io.now(), countSetting(io, "reconcile.minutes")) !== undefined;
  if (distrust(online) === undefined && (old || !(await stands(online, node))))
    await reconcileNow(online, policy, node);
  assertReconciled(online, node.chain);
  if (await stands(online, node)) return;
  const tip = lastReconciliation(online.store, node.chain)?.tip.height;
  throw RECONCILE_FIRST(
    `the nodes do not say that block ${tip}, up to which was compared, is in the best chain`,
    {
      field: "node",
      hint: "custody doctor   (docs/runbooks/node-down.md, docs/runbooks/lying-node.md)",
    },
  );
}

// Whether the nodes have the block still where the last comparison ended. One that they do not agree on may be another one:
// blocks are read again before anything is built (F10, F28).
async function stands({ store }: Online, node: FollowedChain): Promise<boolean> {
  const tip = lastReconciliation(store, node.chain)?.tip;
  return tip === undefined || (await node.blockHash(tip.height)) === tip.hash;
}

export type Reconciled = {
  readonly compared: Compared;
  readonly cries: readonly BlockCry[];
  readonly gone: number;
};

/**
 * Reads what is new on the chain, compares, and keeps the comparison where it says something new. A dry run keeps nothing.
 * @param from height of the first block, when none was read before
 */
export async function reconcileNow(
  online: Online,
  policy: PolicyDocument,
  node: FollowedChain,
  from?: number,
): Promise<Reconciled> {
  const cries: BlockCry[] = [];
  let gone = 0;
  // What a dry run reads it does not keep, so that it never comes further.
  for (let reading = 0; reading < (online.call.dryRun ? 0 : READINGS_MAX); reading++) {
    const read = await readBlocks(online, policy, node, from);
    cries.push(...read.cries);
    gone += read.gone;
    if (!read.more) break;
  }
  const { height, hash } = await node.tip();
  return { ...compareNow(online, { chain: node.chain, tip: { height, hash } }, cries), gone };
}

function compareNow(
  online: Online,
  facts: Parameters<typeof reconcile>[2],
  before: readonly BlockCry[],
): { readonly compared: Compared; readonly cries: readonly BlockCry[] } {
  return change(
    online,
    (tx) => {
      const cries = [...before, ...matchPayments(BLOCK_PORTS, tx)];
      const compared = atOnce(tx, () => reconcile(RECONCILE_PORTS, tx, facts));
      if (isNews(online, facts.chain, compared)) insertReconciliation(tx, { id: newId(online), ...compared });
      return { compared, cries };
    },
    readerOf(online),
  );
}

// What is known already is not written down again with every pass; that little was read to say anything is no verdict.
function isNews(online: Online, chain: ChainId, compared: Compared): boolean {
  if (compared.verdict === "behind") return false;
  const { io } = online.call;
  const last = lastReconciliation(online.store, chain);
  if (compared.verdict === "even")
    return untrusted(online, chain, io.now(), countSetting(io, "reconcile.minutes") / 2) !== undefined;
  const said = (report: JsonObject) => canonicalText(report["differences"] ?? []);
  return last === undefined || last.verdict === "even" || said(last.report) !== said(compared.report);
}
