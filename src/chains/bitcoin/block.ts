/**
 * Blocks as nodes exchange them. The header's hash commits to the header, its merkle root to every transaction id, so
 * whoever knows a block's hash need not believe the node that sends the block: not what it pays, nor what it spends.
 */
import { outpointKey } from "./outpoint.ts";
import { addressOfScript } from "./address.ts";
import type { BlockTransaction, ChainBlock } from "../adapter.ts";
import { bitcoinAsset } from "../../core/asset.ts";
import type { Network } from "../../core/chain.ts";
import type { Digest } from "../../core/digest.ts";
import { declareError } from "../../core/errors.ts";
import { LIMITS } from "../../core/limits.ts";
import { cursorOf, finish, take, takeCount } from "./cursor.ts";
import { takeTransaction, transactionId, type Transaction } from "./transaction.ts";
import { hash256, txidBytes, txidText } from "./wire.ts";

export const BLOCK_MALFORMED = declareError(
  "BLOCK_MALFORMED",
  "invalid",
  "Bytes are not the block that its hash names.",
);

const HEADER_BYTES = 80;
/** Version, one input, one output, lock time, at their shortest. */
const TRANSACTION_BYTES_MIN = 60;
const NO_BLOCK = "0".repeat(64);

/**
 * Reads a block and proves it against `hash`.
 * @param at its height, which the caller knows; the block itself does not prove it
 * @throws BLOCK_MALFORMED
 */
export function parseBlock(
  bytes: Uint8Array,
  at: { hash: Digest; height: number },
  network: Network,
): ChainBlock {
  const { hash, height } = at;
  if (bytes.length > LIMITS.blockBytesMax)
    throw malformed(`has ${bytes.length} bytes, consensus allows ${LIMITS.blockBytesMax}`);
  const cursor = cursorOf(bytes, "block", BLOCK_MALFORMED);
  const header = take(cursor, HEADER_BYTES);
  if (txidText(hash256(header)) !== hash) throw malformed(`is not ${hash}`);
  const transactions: Transaction[] = [];
  for (let left = takeCount(cursor, TRANSACTION_BYTES_MIN); left > 0; left -= 1)
    transactions.push(takeTransaction(cursor));
  finish(cursor);
  const ids = transactions.map(transactionId);
  if (merkleRoot(ids) !== txidText(header.subarray(36, 68)))
    throw malformed("holds other transactions than its header says");
  const parent = txidText(header.subarray(4, 36));
  const block = { hash, height };
  return {
    ...block,
    parent: parent === NO_BLOCK ? undefined : parent,
    transactions: transactions.map((transaction, place) =>
      readTransaction(transaction, ids[place] as Digest, block, network),
    ),
  };
}

function readTransaction(
  { inputs, outputs }: Transaction,
  id: Digest,
  { hash, height }: { hash: Digest; height: number },
  network: Network,
): BlockTransaction {
  const asset = bitcoinAsset(network);
  return {
    id,
    // A coinbase names no coin.
    spends: inputs.filter(({ txid }) => txid !== NO_BLOCK).map((input) => outpointKey(input, network)),
    pays: outputs.flatMap(({ script, units }, vout) => {
      const account = addressOfScript(script, network)?.account;
      if (account === undefined) return [];
      const coin = outpointKey({ txid: id, vout }, network);
      return [{ coin, account, amount: { asset, units }, blockHash: hash, height }];
    }),
  };
}

/**
 * The root over transaction ids (Bitcoin Core, consensus/merkle.cpp). A last one without a partner is paired with itself,
 * so a list that repeats its end has the root of the shorter one (CVE-2012-2459): two equal partners are refused.
 */
function merkleRoot(ids: readonly Digest[]): Digest {
  let level: readonly Uint8Array[] = ids.map(txidBytes);
  while (level.length > 1) {
    const next: Uint8Array[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const left = level[i] as Uint8Array;
      const right = level[i + 1];
      if (right !== undefined && Buffer.compare(left, right) === 0) throw malformed("repeats transactions");
      next.push(hash256(left, right ?? left));
    }
    level = next;
  }
  const [root] = level;
  if (root === undefined) throw malformed("holds no transaction");
  return txidText(root);
}

function malformed(what: string) {
  return BLOCK_MALFORMED(`the block ${what}`, { field: "block", hint: "ask another node for it" });
}
