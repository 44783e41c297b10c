/**
 * Deposits: blocks are read in order, each once it is as deep as the policy asks, and what they pay to customers'
 * addresses is credited in the transaction that moves the cursor past them (ADR 5).
 */
import { declareError } from "../src/core/errors.ts";
import { postDeposit } from "../src/core/ledger.ts";
import type { ChainBlock, ReceivedPayment } from "../src/chains/adapter.ts";
import { change } from "../src/home/online.ts";
import {
  findCursor,
  insertDeposit,
  newestDeposit,
  saveCursor,
  type ChainCursor,
} from "../src/store/deposits.ts";
import { post } from "../src/store/postings.ts";
import type { Tx } from "../src/store/transaction.ts";
import { findAddress } from "../src/store/wallets.ts";
import { WATCHER, type World } from "./world.ts";

export const DEPOSITS_START_UNKNOWN = declareError(
  "DEPOSITS_START_UNKNOWN",
  "usage",
  "The watcher does not know from which block on to look for deposits.",
);
export const DEPOSITS_REORGANISED = declareError(
  "DEPOSITS_REORGANISED",
  "conflict",
  "A block whose deposits were credited has left the best chain.",
);

/** Blocks read in one pass; the rest waits for the next, so that broadcasting is not held up. */
const BLOCKS_PER_PASS = 200;

/** How far the cursor steps back when its block has left the best chain and no deposit has. */
const BLOCKS_READ_AGAIN = 100;

/**
 * Credits deposits up to the newest block that is deep enough.
 * @param from height of the first block to read, when nothing was read before
 * @throws DEPOSITS_START_UNKNOWN, DEPOSITS_REORGANISED
 */
export async function creditDeposits(world: World, from: number | undefined): Promise<void> {
  const { online, node, rules } = world;
  const { height: tip } = await node.tip();
  const newest = tip - rules.confirmations + 1;
  const cursor = findCursor(online.store, node.chain);
  // A node that is still catching up has nothing new to read, and its silence about later blocks proves nothing (F11).
  if (cursor !== undefined && tip < cursor.height) return;
  let height = await nextHeight(world, cursor, from);
  if (height === undefined) return;
  for (const last = Math.min(newest, height + BLOCKS_PER_PASS - 1); height <= last; height++) {
    const block = await node.block(height);
    // Not agreed on yet, or the block that the cursor is at is no longer the one below. The next pass looks why.
    if (block === undefined || !standsOn(block, findCursor(online.store, node.chain))) return;
    creditBlock(world, block);
  }
}

function standsOn({ height, parent }: ChainBlock, cursor: ChainCursor | undefined): boolean {
  return cursor === undefined || cursor.height !== height - 1 || cursor.hash === parent;
}

/** The height to read on from; undefined while nobody can say whether the blocks that were read still stand. */
async function nextHeight(
  { online, node }: World,
  cursor: ChainCursor | undefined,
  from: number | undefined,
): Promise<number | undefined> {
  if (cursor === undefined) {
    if (from !== undefined) return from;
    if (online.network === "regtest") return 0;
    throw DEPOSITS_START_UNKNOWN("no block has been read for deposits yet", {
      field: "--from-height",
      hint: "custody-watcher once --from-height N   (a height before the first address was given out)",
    });
  }
  const hash = await node.blockHash(cursor.height);
  if (hash === undefined) return undefined;
  if (hash === cursor.hash) return cursor.height + 1;
  const stepsBackTo = Math.max(cursor.height - BLOCKS_READ_AGAIN, 0);
  const newest = newestDeposit(online.store);
  if (newest === undefined) return stepsBackTo;
  // Blocks are a chain: where the newest deposit's block stands, all older ones stand too.
  const best = await node.blockHash(newest.height);
  if (best === undefined) return undefined;
  if (best === newest.blockHash) return Math.max(newest.height + 1, stepsBackTo);
  throw DEPOSITS_REORGANISED(
    `block ${newest.blockHash} at height ${newest.height} has left the best chain, a deposit in it was credited`,
    {
      field: "node",
      hint: "stop payouts and look: custody deposit list, and another node's view of the chain",
      details: { height: newest.height, hash: newest.blockHash, coin: newest.coin },
    },
  );
}

function creditBlock({ online, node, log }: World, { height, hash, transactions }: ChainBlock): void {
  // Asked by key for what the block pays: its size is bounded, the number of addresses that were given out is not.
  const payments = transactions
    .flatMap(({ pays }) => pays)
    .filter(({ account }) => findAddress(online.store, account)?.customer !== undefined);
  const { operation, credited } = change(
    online,
    (tx, operation) => {
      saveCursor(tx, { chain: node.chain, height, hash });
      return { operation, credited: payments.filter((payment) => credit(tx, payment)) };
    },
    WATCHER,
  );
  for (const { coin, amount } of credited) {
    log({
      event: "deposit credited",
      operation,
      coin,
      asset: amount.asset,
      units: amount.units.toString(),
      height,
    });
  }
}

function credit(tx: Tx, { coin, account, amount, blockHash, height }: ReceivedPayment): boolean {
  const address = findAddress(tx, account);
  if (address?.customer === undefined) return false;
  const { customer, wallet } = address;
  if (!insertDeposit(tx, { coin, account, customer, amount, blockHash, height })) return false;
  post(tx, postDeposit({ coin, wallet, customer, asset: amount.asset, units: amount.units }));
  return true;
}
