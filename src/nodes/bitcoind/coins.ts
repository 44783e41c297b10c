/** A wallet's coins as one node lists them, each proven against its parent's bytes and the wallet's own key. */
import type { WalletView } from "../../chains/adapter.ts";
import { deriveKey, parseDescriptor, type Branch, type Descriptor } from "../../chains/bitcoin/descriptor.ts";
import type { BitcoinCoin } from "../../chains/bitcoin/snapshot.ts";
import {
  parseTransaction,
  strippedBytes,
  transactionId,
  type Transaction,
} from "../../chains/bitcoin/transaction.ts";
import { parseAmount } from "../../core/amount.ts";
import { bitcoinAsset } from "../../core/asset.ts";
import type { Digest } from "../../core/digest.ts";
import { declareError, type CustodyError } from "../../core/errors.ts";
import { fromHex, toHex } from "../../core/hex.ts";
import { LIMITS } from "../../core/limits.ts";
import { hashAnswer, rawAnswer, scanAnswer } from "./answers.ts";
import { NODE_ANSWER_MALFORMED } from "../failure.ts";
import { refusalCode, type Rpc } from "./rpc.ts";

/** Consensus: a coinbase output can be spent by a block 100 above its own (COINBASE_MATURITY). */
const COINBASE_MATURITY = 100;
const PARENTS_AT_ONCE = 4;
/** Code of bitcoind's protocol.h. */
const RPC_INVALID_PARAMETER = -8;
/** Five to ten minutes, by the guard's pauses of one to two seconds. */
const SCANS_ASKED_MAX = 300;
/** A scan reads the whole set of unspent outputs: minutes on mainnet. */
const SCAN_TIMEOUT_MS = 15 * 60 * 1000;

export const NODE_BUSY = declareError(
  "NODE_BUSY",
  "network",
  "The node is at work for somebody else, and does what it is asked for one caller at a time.",
);

export type WalletCoins = {
  readonly height: number;
  readonly bestBlock: Digest;
  /** Confirmed and mature, in the node's order. */
  readonly coins: BitcoinCoin[];
  /** Previous transactions without witnesses, in the order of the coins, one for each txid. */
  readonly parents: string[];
};

/**
 * Scans both branches up to the policy's gap above the highest index in use. Outputs in the mempool are not listed: a
 * coin that is not confirmed can still vanish.
 * @throws NODE_BUSY, and NODE_ANSWER_MALFORMED where the node's word and the bytes differ
 */
export async function walletCoins(rpc: Rpc, view: WalletView): Promise<WalletCoins> {
  const descriptor = parseDescriptor(view.wallet.descriptor, view.network);
  const last = Math.min(view.highestIndex + view.wallet.indexGap, LIMITS.addressIndexMax);
  const objects = branchTexts(descriptor).map((desc) => ({ desc, range: [0, Math.max(last, 0)] }));
  const scan = await scanned(rpc, objects);
  const listed = scan.unspents.map((unspent) => ({
    ...unspent,
    ...branchAndIndex(unspent.desc),
    units: parseAmount(unspent.amount, bitcoinAsset(view.network), "amount").units,
  }));
  const kept = largest(listed, LIMITS.snapshotCoinsMax);
  const parents = await previousTransactions(rpc, kept);
  const coins = kept.map((coin) => provenCoin(descriptor, coin, parents.get(coin.txid) as Transaction));
  const mature = coins.filter((coin) => !coin.coinbase || scan.height - coin.height + 1 >= COINBASE_MATURITY);
  const txids = new Set(mature.map((coin) => coin.txid));
  return {
    height: scan.height,
    bestBlock: scan.bestblock,
    coins: mature,
    parents: [...txids].map((txid) => toHex(strippedBytes(parents.get(txid) as Transaction))),
  };
}

/**
 * bitcoind scans for one caller at a time and refuses every other (rpc/blockchain.cpp, CoinsViewScanReserver). The other is
 * waited for and never aborted: it may be a build of ours in another process, or our own that was given up for lost.
 */
async function scanned(rpc: Rpc, objects: readonly unknown[]) {
  try {
    const patience = { waits: isScanning, attemptsMax: SCANS_ASKED_MAX };
    const options = { timeoutMs: SCAN_TIMEOUT_MS, patience, isLarge: true };
    return await rpc.read("scantxoutset", ["start", objects], scanAnswer, options);
  } catch (error) {
    if (!isScanning(error)) throw error;
    throw NODE_BUSY("the node still scans its coins for another caller, and does that for one at a time", {
      field: "node",
      hint: "wait, then run the same again   (bitcoin-cli scantxoutset status shows how far it is)",
      cause: error,
    });
  }
}

/** The code says that a parameter is invalid, as it does of many others: only the words tell this one. */
function isScanning(error: unknown): boolean {
  return (
    refusalCode(error) === RPC_INVALID_PARAMETER &&
    /scan already in progress/i.test((error as CustodyError).message)
  );
}

/** BIP-389 `<0;1>` as two descriptors without checksum; bitcoind accepts that for a scan. */
function branchTexts({ text }: Descriptor): [string, string] {
  const body = text.replace(/#.*$/, "");
  return [body.replaceAll("<0;1>", "0"), body.replaceAll("<0;1>", "1")];
}

type ListedCoin = {
  readonly txid: Digest;
  readonly vout: number;
  readonly scriptPubKey: string;
  readonly branch: Branch;
  readonly index: number;
  readonly height: number;
  readonly units: bigint;
};

/** Branch and index from the key origin of the descriptor that bitcoind infers for a coin: `…/1/5]`. */
function branchAndIndex(desc: string): { branch: Branch; index: number } {
  const match = /\/([01])\/(0|[1-9][0-9]{0,9})\]/.exec(desc);
  const index = match === null ? LIMITS.addressIndexMax + 1 : Number.parseInt(match[2] as string, 10);
  if (index > LIMITS.addressIndexMax)
    throw NODE_ANSWER_MALFORMED("the node lists a coin without branch and index");
  return { branch: match?.[1] === "1" ? 1 : 0, index };
}

/** The `count` largest, still in the order given. */
function largest(coins: readonly ListedCoin[], count: number): readonly ListedCoin[] {
  if (coins.length <= count) return coins;
  const chosen = new Set(
    [...coins].sort((a, b) => (a.units === b.units ? 0 : a.units < b.units ? 1 : -1)).slice(0, count),
  );
  return coins.filter((coin) => chosen.has(coin));
}

/** Full previous transactions by txid. Asked for by block, so that a node without txindex answers as well. */
async function previousTransactions(
  rpc: Rpc,
  coins: readonly ListedCoin[],
): Promise<ReadonlyMap<Digest, Transaction>> {
  const heights = new Map(coins.map(({ txid, height }) => [txid, height]));
  const pending = [...heights];
  const found = new Map<Digest, Transaction>();
  const work = async () => {
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const [txid, height] = next;
      const block = await rpc.read("getblockhash", [height], hashAnswer);
      const raw = await rpc.read("getrawtransaction", [txid, false, block], rawAnswer, { isLarge: true });
      found.set(txid, provenTransaction(raw, txid));
    }
  };
  await Promise.all(Array.from({ length: PARENTS_AT_ONCE }, work));
  return found;
}

/** The id is the hash of the bytes, so nobody can lie about a previous transaction that its id names. */
function provenTransaction(raw: string, txid: Digest): Transaction {
  const transaction = parseTransaction(fromHex(raw), "previous transaction");
  if (transactionId(transaction) === txid) return transaction;
  throw NODE_ANSWER_MALFORMED(`the node answers with another transaction than ${txid}`, {
    details: { txid },
  });
}

/** Amount and script come from the parent's bytes, not from the listing (B1: a wrong amount becomes a fee). */
function provenCoin(descriptor: Descriptor, coin: ListedCoin, parent: Transaction): BitcoinCoin {
  const { txid, vout, branch, index, height } = coin;
  const output = parent.outputs[vout];
  const script = toHex(deriveKey(descriptor, branch, index).script);
  if (
    output === undefined ||
    output.units !== coin.units ||
    toHex(output.script) !== script ||
    coin.scriptPubKey !== script
  ) {
    throw NODE_ANSWER_MALFORMED(`the node lists coin ${txid}:${vout} otherwise than its transaction has it`, {
      details: { txid },
    });
  }
  return { txid, vout, units: output.units.toString(), branch, index, height, coinbase: isCoinbase(parent) };
}

/** A coinbase has one input, which spends nothing (txid zero, output 2^32 - 1). */
function isCoinbase({ inputs }: Transaction): boolean {
  return inputs.length === 1 && inputs[0]?.vout === 0xffff_ffff && /^0{64}$/.test(inputs[0].txid);
}
