/** Reading blocks: each once, in order, up to the best one, and again from where two chains part. */
import type { ChainBlock, FollowedChain } from "../chains/chain-node.ts";
import { nativeAsset } from "../core/asset.ts";
import { CustodyError, declareError } from "../core/errors.ts";
import type { PolicyDocument } from "../core/policy/policy.ts";
import { forgetBlocksAbove, seenHash, seenTip, unitsIn } from "../store/coins.ts";
import { findCursor } from "../store/deposits.ts";
import type { Tx } from "../store/transaction.ts";
import type { PlanRow } from "../withdrawals/rows.ts";
import { attemptsAsBuilt } from "../withdrawals/planning/plan-bytes.ts";
import { adoptAttempt } from "../withdrawals/following/adopt.ts";
import { takeBlock, type BlockCry } from "../withdrawals/following/blocks.ts";
import { takeHoldings } from "../withdrawals/following/holdings.ts";
import { change, newId, type Online } from "./online.ts";
import { planReading } from "./plan-reading.ts";
import { ADOPTION_PORTS, BLOCK_PORTS } from "./chain-ports.ts";
import { changeAhead } from "./lost-addresses.ts";
import { READS } from "./ports.ts";

export const BLOCKS_START_UNKNOWN = declareError(
  "BLOCKS_START_UNKNOWN",
  "usage",
  "Nobody has said from which block on our coins are to be looked for.",
);

/** Blocks read at one time; the rest waits for the next pass, so that sending is not held up. */
const BLOCKS_AT_ONCE = 200;

export type BlockReading = {
  /** Of a chain: a lower one is read, so that the reading may go on at once. */
  readonly more: boolean;
  /** How many blocks have left the best chain. */
  readonly gone: number;
  readonly cries: readonly BlockCry[];
  /** The height of a block that the nodes do not give, though they agree on a later one: nobody can say what it holds (F28). */
  readonly withheld?: number | undefined;
};

/** Whom audit rows about the chain name: the watcher, or whoever runs a command that reads blocks for itself. */
export function readerOf({ call }: Online): string | undefined {
  return call.program.name === "custody-watcher" ? "watcher" : undefined;
}

/**
 * Reads the blocks that are new since the last reading.
 * @param from height of the first block to read, when nothing was read before
 * @throws BLOCKS_START_UNKNOWN and the node's errors
 */
export async function readBlocks(
  online: Online,
  policy: PolicyDocument,
  node: FollowedChain,
  from: number | undefined,
): Promise<BlockReading> {
  const { height: tip } = await node.tip();
  const start = await nextHeight(online, node, tip, from);
  if (typeof start === "string") return { more: false, gone: 0, cries: [] };
  if ("withheld" in start) return { more: false, gone: 0, cries: [], withheld: start.withheld };
  const cries: BlockCry[] = [];
  let read: ChainBlock | undefined;
  const last = Math.min(tip, start.height + BLOCKS_AT_ONCE - 1);
  for (let { height } = start; height <= last; height++) {
    const block = await node.block(height);
    if (block === undefined) return { more: false, gone: start.gone, cries, withheld: height };
    // It does not stand on the one before: the chain has changed meanwhile, which the next reading sees.
    if (!standsOn(online, node, block)) return { more: false, gone: start.gone, cries };
    const about = { chain: node.chain, asset: nativeAsset(node.chain), newId: () => newId(online) };
    const take = (tx: Tx) =>
      takeBlock(BLOCK_PORTS, tx, block, {
        ...about,
        adopt: (early) => adoptAttempt(ADOPTION_PORTS, tx, early, newId(online)),
        changeAhead: (wallet) => changeAhead(tx, policy, wallet),
        decode: (plan) => decoded(tx, policy, online.store, plan),
      });
    cries.push(...change(online, take, readerOf(online)));
    read = block;
  }
  if (read !== undefined) cries.push(...(await compareHoldings(online, node, read)));
  return { more: last < tip, gone: start.gone, cries };
}

// After the last block of a reading, for contracts pay in the course of others' calls, and no transaction tells of it.
async function compareHoldings(
  online: Online,
  node: FollowedChain,
  block: ChainBlock,
): Promise<readonly BlockCry[]> {
  const holdings = await node.holdings?.(block);
  if (holdings === undefined) return [];
  const about = { chain: node.chain, newId: () => newId(online) };
  const take = (tx: Tx) => takeHoldings({ ...BLOCK_PORTS, unitsIn }, tx, holdings, block, about);
  return change(online, take, readerOf(online));
}

// A plan that cannot be read any more, of a wallet that the policy has dropped say, explains nothing: what spends its coins
// is a stranger then, and people look.
function decoded(tx: Tx, policy: PolicyDocument, store: Online["store"], plan: PlanRow) {
  try {
    return attemptsAsBuilt(READS, tx, plan, planReading(store, policy, plan));
  } catch (error) {
    if (error instanceof CustodyError) return { rungs: [], cancel: undefined };
    throw error;
  }
}

function standsOn(
  { store }: Online,
  { chain }: FollowedChain,
  block: { readonly height: number; readonly parent: string | undefined },
): boolean {
  const before = seenTip(store, chain);
  return before === undefined || (before.height === block.height - 1 && before.hash === block.parent);
}

type Start = { readonly height: number; readonly gone: number } | { readonly withheld: number };

// Where to go on. Nodes that lag say nothing of what was read; those that do not agree on it leave it in doubt (F11, F28).
async function nextHeight(
  online: Online,
  node: FollowedChain,
  tip: number,
  from: number | undefined,
): Promise<Start | "nodes lag"> {
  const { store, network } = online;
  const seen = seenTip(store, node.chain);
  if (seen === undefined) {
    if (from !== undefined) return { height: from, gone: 0 };
    if (network === "regtest") return { height: 0, gone: 0 };
    const credited = findCursor(store, node.chain);
    throw BLOCKS_START_UNKNOWN("no block has been read for our coins yet", {
      field: "--from-height",
      hint: `custody-watcher once --from-height N   (a height before the first address was given out${credited === undefined ? "" : "; deposits were read from there"})`,
    });
  }
  if (tip < seen.height) return "nodes lag";
  const { fork, withheld } = await forkBelow(online, node, seen.height);
  if (withheld !== undefined) return { withheld };
  if (fork < seen.height) change(online, (tx) => forgetBlocksAbove(tx, node.chain, fork), readerOf(online));
  return { height: fork + 1, gone: seen.height - fork };
}

// The highest block that was read and is in the best chain still. Below what is remembered, everything is read again.
async function forkBelow(
  { store }: Online,
  node: FollowedChain,
  top: number,
): Promise<{ readonly fork: number; readonly withheld?: number }> {
  for (let height = top; ; height--) {
    const known = seenHash(store, node.chain, height);
    if (known === undefined) return { fork: height };
    const best = await node.blockHash(height);
    if (best === undefined) return { fork: height, withheld: height };
    if (best === known) return { fork: height };
  }
}
