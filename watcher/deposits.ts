/**
 * Deposits: blocks are read in order, each once it is as deep as the policy asks, and what they pay to customers'
 * addresses is credited in the transaction that moves the cursor past them (ADR 5). What a deeper reorganisation takes
 * away is taken back, the wallet stands still until two persons say otherwise, and it is credited again when it is
 * there again (ADR 26).
 * What came to an address of nobody's is credited by two admins alone (`src/withdrawals/settling/credit.ts`), and
 * followed the same.
 */
import type { ChainBlock, ReceivedPayment } from "../src/chains/chain-node.ts";
import { assert, declareError } from "../src/core/errors.ts";
import { parseName, type Name } from "../src/core/identifier.ts";
import { postDeposit } from "../src/core/ledger.ts";
import { change, newId } from "../src/home/online.ts";
import { DEPOSIT_PORTS } from "../src/home/chain-ports.ts";
import type { SeenBlock } from "../src/store/coins.ts";
import {
  creditedBlocks,
  creditedIn,
  findCursor,
  findDeposit,
  insertDeposit,
  saveCursor,
  type ChainCursor,
  type Deposit,
} from "../src/store/deposits.ts";
import { raiseHaltFlag } from "../src/store/halt-flags.ts";
import { post } from "../src/store/postings.ts";
import type { Tx } from "../src/store/transaction.ts";
import { findAddress } from "../src/store/wallets.ts";
import { loseDeposit, regainDeposit } from "../src/withdrawals/settling/uncredit.ts";
import { WATCHER, type World } from "./world.ts";

export const DEPOSITS_START_UNKNOWN = declareError(
  "DEPOSITS_START_UNKNOWN",
  "usage",
  "The watcher does not know from which block on to look for deposits.",
);
/** Blocks read in one pass; the rest waits for the next, so that broadcasting is not held up. */
const BLOCKS_PER_PASS = 200;

/** How far below what is gone the cursor steps back: no reorganisation that one has seen was deeper. */
const BLOCKS_READ_AGAIN = 100;

/**
 * Credits deposits up to the newest block that is deep enough.
 * @param from height of the first block to read, when nothing was read before
 * @throws DEPOSITS_START_UNKNOWN
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
  world: World,
  cursor: ChainCursor | undefined,
  from: number | undefined,
): Promise<number | undefined> {
  const { online, node } = world;
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
  const found = await leftChain(world);
  return found === undefined ? undefined : stepBack(world, cursor, found);
}

type Left = { readonly gone: readonly SeenBlock[]; readonly stands: number };

// Blocks are a chain: where one stands, all below it stand too.
async function leftChain({ online, node }: World): Promise<Left | undefined> {
  const gone: SeenBlock[] = [];
  for (const { height, hash } of creditedBlocks(online.store, node.chain)) {
    const best = await node.blockHash(height);
    if (best === undefined) return undefined;
    if (best === hash) return { gone, stands: height };
    gone.push({ height, hash });
  }
  return { gone, stands: 0 };
}

// The cursor goes back with what is taken back, so that whatever holds it now is read.
async function stepBack(
  world: World,
  cursor: ChainCursor,
  { gone, stands }: Left,
): Promise<number | undefined> {
  const { online, node, log } = world;
  const lowest = gone.at(-1)?.height ?? cursor.height;
  const height = Math.max(lowest - BLOCKS_READ_AGAIN, stands + 1, 1);
  const below = await node.blockHash(height - 1);
  if (below === undefined) return undefined;
  const lost = change(
    online,
    (tx) => {
      saveCursor(tx, { chain: node.chain, height: height - 1, hash: below });
      return gone.flatMap(({ hash }) => creditedIn(tx, hash)).map((deposit) => lose(tx, world, deposit));
    },
    WATCHER,
  );
  for (const { coin, amount, state } of lost) {
    const reason = `the block of deposit ${coin} has left the chain; it is ${state}`;
    const { asset, units } = amount;
    log({ event: "deposit gone", level: "error", reason, coin, asset, units: units.toString() });
  }
  return height;
}

function lose(tx: Tx, world: World, deposit: Deposit): Deposit {
  const wallet = walletOf(tx, deposit);
  const { coin, height } = deposit;
  const detail = `deposit ${coin} was credited at height ${height}, and its block has left the chain`;
  raiseHaltFlag(tx, {
    id: newId(world.online),
    scope: { of: "wallet", wallet },
    code: parseName("deposit-gone"),
    detail,
  });
  return { ...deposit, state: loseDeposit(DEPOSIT_PORTS, tx, deposit, wallet) };
}

function walletOf(tx: Tx, { account }: Deposit): Name {
  const address = findAddress(tx, account);
  assert(address !== undefined, "a deposit is to an address that was given out");
  return address.wallet;
}

function creditBlock({ online, node, log }: World, { height, hash, transactions }: ChainBlock): void {
  // Asked by key for what the block pays: its size is bounded, the number of addresses that were given out is not.
  const payments = transactions
    .flatMap(({ pays }) => pays)
    .filter(
      ({ account, coin }) =>
        findAddress(online.store, account)?.customer !== undefined ||
        findDeposit(online.store, coin) !== undefined,
    );
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
  const known = findDeposit(tx, coin);
  if (known?.state === "CREDITED") return false;
  if (known !== undefined) {
    regainDeposit(DEPOSIT_PORTS, tx, known, { hash: blockHash, height });
    return true;
  }
  const address = findAddress(tx, account);
  if (address?.customer === undefined) return false;
  const { customer, wallet } = address;
  insertDeposit(tx, { coin, account, customer, amount, blockHash, height });
  post(tx, postDeposit({ coin, wallet, customer, asset: amount.asset, units: amount.units }));
  return true;
}
