/**
 * Blocks as nodes exchange them. The header's hash commits to the header, its merkle root to every transaction id, and the
 * coinbase's witness commitment to every witness (BIP-141), so whoever knows a block's hash need not believe the node that
 * sends the block: not what it pays, nor what it spends, nor with which signatures.
 */
import { outpointKey } from "./outpoint.ts";
import { addressOfScript } from "./address.ts";
import type { BlockTransaction, ChainBlock } from "../chain-node.ts";
import { bitcoinAsset } from "../../core/asset.ts";
import type { Network } from "../../core/chain.ts";
import type { Digest } from "../../core/digest.ts";
import { declareError } from "../../core/errors.ts";
import { equalBytes } from "../../core/hex.ts";
import { instantOf, type Instant } from "../../core/instant.ts";
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
/** After version, parent and merkle root. */
const TIME_AT = 68;
/** Version, one input, one output, lock time, at their shortest. */
const TRANSACTION_BYTES_MIN = 60;
/** Parent of the first block of all, coin of a coinbase, and the coinbase's place among the witness ids (BIP-141). */
const NOTHING = "0".repeat(64) as Digest;
const NO_OUTPUT = 0xffff_ffff;
/** BIP-141: OP_RETURN, push of 36 bytes, the header; behind it 32 bytes of hash, and what else a miner likes. */
const COMMITMENT_HEADER = Uint8Array.of(0x6a, 0x24, 0xaa, 0x21, 0xa9, 0xed);
const COMMITMENT_BYTES_MIN = 38;
const RESERVED_VALUE_BYTES = 32;

/**
 * Reads a block and proves it against `hash`, witnesses included. A block of before August 2017 that carries a commitment and no
 * witnesses, as miners tried out BIP-141 before it was in force, is refused: no custody of ours is as old.
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
  proveHeader(header, hash);
  const transactions: Transaction[] = [];
  const raw: Uint8Array[] = [];
  for (let left = takeCount(cursor, TRANSACTION_BYTES_MIN); left > 0; left -= 1) {
    const start = cursor.at;
    transactions.push(takeTransaction(cursor));
    raw.push(bytes.subarray(start, cursor.at));
  }
  finish(cursor);
  const ids = transactions.map(transactionId);
  if (!equalBytes(merkleRoot(ids.map(txidBytes)), header.subarray(36, 68)))
    throw malformed("holds other transactions than its header says");
  proveWitnesses(transactions, raw);
  const parent = txidText(header.subarray(4, 36));
  const block = { hash, height };
  return {
    ...block,
    parent: parent === NOTHING ? undefined : parent,
    transactions: transactions.map((transaction, place) =>
      readTransaction(
        transaction,
        { id: ids[place] as Digest, bytes: raw[place] as Uint8Array },
        block,
        network,
      ),
    ),
  };
}

/**
 * When a block was made, as its header says: seconds since 1970, which consensus lets be up to two hours ahead.
 * @param header its 80 bytes, which `hash` proves
 * @throws BLOCK_MALFORMED
 */
export function headerTime(header: Uint8Array, hash: Digest): Instant {
  if (header.length !== HEADER_BYTES) throw malformed(`has a header of ${header.length} bytes`);
  proveHeader(header, hash);
  return instantOf(new DataView(header.buffer, header.byteOffset).getUint32(TIME_AT, true));
}

function proveHeader(header: Uint8Array, hash: Digest): void {
  if (txidText(hash256(header)) !== hash) throw malformed(`is not ${hash}`);
}

/**
 * As Bitcoin Core's CheckWitnessMalleation (validation.cpp): a block with a commitment has exactly the witnesses that it
 * commits to, one without has none. Otherwise a node could hand out good payments with bad signatures, which nobody could
 * send again after a reorganisation (F10).
 * @param raw the transactions as the block holds them, whose hashes are their witness ids
 */
function proveWitnesses(transactions: readonly Transaction[], raw: readonly Uint8Array[]): void {
  const [coinbase] = transactions;
  // A list that begins with something else may be inner nodes of the tree, sent as if they were transactions.
  if (coinbase === undefined || !isCoinbase(coinbase)) throw malformed("does not begin with a coinbase");
  const commitment = commitmentOf(coinbase);
  if (commitment === undefined) {
    if (transactions.some(({ inputs }) => inputs.some(({ witness }) => witness.length > 0)))
      throw malformed("holds witnesses that it does not commit to");
    return;
  }
  const [reserved, ...more] = coinbase.inputs[0]?.witness ?? [];
  if (reserved?.length !== RESERVED_VALUE_BYTES || more.length > 0)
    throw malformed("commits to witnesses, but its coinbase has no witness reserved value");
  const ids = [txidBytes(NOTHING), ...raw.slice(1).map((bytes) => hash256(bytes))];
  if (!equalBytes(hash256(merkleRoot(ids), reserved), commitment))
    throw malformed("holds other witnesses than its coinbase commits to");
}

function isCoinbase({ inputs: [input, ...more] }: Transaction): boolean {
  return input?.txid === NOTHING && input.vout === NO_OUTPUT && more.length === 0;
}

/** The commitment hash. Of several outputs that look like one, the last counts. */
function commitmentOf({ outputs }: Transaction): Uint8Array | undefined {
  const header = COMMITMENT_HEADER.length;
  return outputs
    .filter(({ script }) => script.length >= COMMITMENT_BYTES_MIN)
    .findLast(({ script }) => equalBytes(script.subarray(0, header), COMMITMENT_HEADER))
    ?.script.subarray(header, COMMITMENT_BYTES_MIN);
}

function readTransaction(
  { inputs, outputs }: Transaction,
  { id, bytes }: { id: Digest; bytes: Uint8Array },
  { hash, height }: { hash: Digest; height: number },
  network: Network,
): BlockTransaction {
  const asset = bitcoinAsset(network);
  return {
    id,
    bytes,
    // A coinbase names no coin.
    spends: inputs.filter(({ txid }) => txid !== NOTHING).map((input) => outpointKey(input, network)),
    pays: outputs.flatMap(({ script, units }, vout) => {
      const account = addressOfScript(script, network)?.account;
      if (account === undefined) return [];
      const coin = outpointKey({ txid: id, vout }, network);
      return [{ coin, account, amount: { asset, units }, blockHash: hash, height }];
    }),
  };
}

/**
 * The root over transaction ids, or witness ids (Bitcoin Core, consensus/merkle.cpp). A last one without a partner is paired with itself,
 * so a list that repeats its end has the root of the shorter one (CVE-2012-2459): two equal partners are refused.
 */
function merkleRoot(ids: readonly Uint8Array[]): Uint8Array {
  let level = ids;
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
  return root;
}

function malformed(what: string) {
  return BLOCK_MALFORMED(`the block ${what}`, { field: "block", hint: "ask another node for it" });
}
