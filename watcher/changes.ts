/**
 * What the chain has to say since the last look, so that a pass costs what has changed and not what is watched: each new
 * block is read once and the mempool is asked for once, instead of one question for every attempt. Whenever there is any
 * doubt that nothing was missed (the first look of a process, a reorganisation, a gap), all is looked at.
 */
import type { ChainTip, FollowedChain } from "../src/chains/chain-node.ts";
import { seconds, type Instant } from "../src/core/instant.ts";
import type { AttemptState } from "../src/core/states/edges.ts";

/** The newest block whose transactions have been looked at; when that was, and when everything was, in seconds since 1970. */
export type Cursor = Pick<ChainTip, "height" | "hash"> & {
  readonly atSeconds: number;
  readonly fullAtSeconds: number;
};

export type Changes = {
  /** Everything has to be looked at: what follows tells of nothing but the mempool. */
  readonly all: boolean;
  readonly blocks: number;
  /** When the last look was: what is here since then was never looked at. */
  readonly sinceSeconds: number;
  /** Transactions in new blocks. */
  readonly included: ReadonlySet<string>;
  /** Transactions that wait at some node. */
  readonly pending: ReadonlySet<string>;
  /** Where the next look begins, once everything that this one tells of has been followed. */
  readonly cursor: Cursor;
};

/** Blocks that are cheaper to read than to look at everything. */
const BLOCKS_MAX = 50;
/** Everything is looked at this often all the same: whatever this module overlooks, it overlooks for no longer. */
const FULL_EVERY_SECONDS = 3600;

/**
 * @param cursor of the last look, undefined in a process's first
 * @param nowSeconds since 1970
 */
export async function changesSince(
  node: FollowedChain,
  cursor: Cursor | undefined,
  nowSeconds: number,
): Promise<Changes> {
  const { height, hash } = await node.tip();
  const pending = await node.pending();
  const everything = (): Changes => {
    const next = { height, hash, atSeconds: nowSeconds, fullAtSeconds: nowSeconds };
    return { all: true, blocks: 0, sinceSeconds: 0, included: new Set(), pending, cursor: next };
  };
  if (cursor === undefined || height - cursor.height > BLOCKS_MAX) return everything();
  // A clock that went back must not put the next full look off.
  const isPast = nowSeconds >= cursor.atSeconds;
  if (!isPast || nowSeconds - cursor.fullAtSeconds >= FULL_EVERY_SECONDS) return everything();
  const best = await node.blockHash(cursor.height);
  if (best !== undefined && best !== cursor.hash) return everything();
  const included = new Set<string>();
  let last = { ...cursor, atSeconds: nowSeconds };
  // Nodes that do not agree on the cursor's block, or on a later one, have no new blocks to tell of (F11).
  for (let next = cursor.height + 1; best !== undefined && next <= height; next++) {
    const block = await node.block(next);
    if (block === undefined) break;
    if (block.parent !== last.hash) return everything();
    for (const { id, signed } of block.transactions) included.add(id).add(signed ?? id);
    last = { ...last, height: block.height, hash: block.hash };
  }
  const blocks = last.height - cursor.height;
  return { all: false, blocks, sinceSeconds: cursor.atSeconds, included, pending, cursor: last };
}

/** Whether an attempt has to be asked for: where it stands may have changed, or how deep. */
export function isTouched(
  { all, blocks, sinceSeconds, included, pending }: Changes,
  {
    txid,
    state,
    created,
  }: { readonly txid: string; readonly state: AttemptState; readonly created: Instant },
): boolean {
  // A receipt may come after a block that holds what it signed.
  if (all || included.has(txid) || seconds(created) >= sinceSeconds) return true;
  switch (state) {
    case "CONFIRMING":
      return blocks > 0;
    // Its block is an ancestor of blocks that are still the best ones.
    case "FINAL":
      return false;
    case "BROADCAST":
      return !pending.has(txid);
    case "BROADCASTING":
    case "UNCERTAIN":
      return pending.has(txid);
    // Whoever holds the file may have sent it; nothing follows from that before a block holds it.
    default:
      return false;
  }
}
