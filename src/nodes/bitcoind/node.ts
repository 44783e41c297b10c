/** One bitcoind as a `ChainNode`: what the builder and the watcher ask of the chain. */
import type { FeeEstimate, WalletView } from "../../chains/adapter.ts";
import type {
  BroadcastOutcome,
  ChainBlock,
  ChainNode,
  ChainTip,
  TransactionStatus,
} from "../../chains/chain-node.ts";
import { BLOCK_MALFORMED, headerTime, parseBlock } from "../../chains/bitcoin/block.ts";
import { outpointKey } from "../../chains/bitcoin/outpoint.ts";
import type { BitcoinFacts } from "../../chains/bitcoin/snapshot.ts";
import { parseTransaction, TRANSACTION_MALFORMED, transactionId } from "../../chains/bitcoin/transaction.ts";
import { BITCOIN_CHAINS, type Network } from "../../core/chain.ts";
import { parseDigest, type Digest } from "../../core/digest.ts";
import { CustodyError, declareError, isError } from "../../core/errors.ts";
import { fromHex } from "../../core/hex.ts";
import type { Instant } from "../../core/instant.ts";
import {
  anyAnswer,
  chainAnswer,
  hashAnswer,
  headerAnswer,
  indexAnswer,
  mempoolIdsAnswer,
  rawAnswer,
  transactionAnswer,
} from "./answers.ts";
import { walletCoins } from "./coins.ts";
import { nodeFees } from "./fee-rate.ts";
import { NODE_ANSWER_MALFORMED, NODE_SETTINGS_INVALID } from "../failure.ts";
import { refusalCode, type Rpc } from "./rpc.ts";
import { sendOne, sendPackage } from "./send.ts";

export const NODE_WRONG_NETWORK = declareError(
  "NODE_WRONG_NETWORK",
  "conflict",
  "The node runs on another network than this custody.",
);
export const NODE_WITHOUT_INDEX = declareError(
  "NODE_WITHOUT_INDEX",
  "network",
  "The node has no transaction index, or is still building it, so it cannot tell where a transaction stands.",
);

/** Names that bitcoind gives to networks. Ours called testnet is testnet4 (BIP-94). */
const NODE_CHAINS: Readonly<Record<Network, string>> = {
  mainnet: "main",
  testnet: "testnet4",
  regtest: "regtest",
};

/** Codes of bitcoind's protocol.h. */
const RPC_INVALID_ADDRESS_OR_KEY = -5;
const RPC_INVALID_PARAMETER = -8;

/** A block, or a full mempool's ids, are megabytes. */
const LARGE = { timeoutMs: 60_000, isLarge: true };

export type BitcoindNodeOptions = {
  readonly rpc: Rpc;
  readonly network: Network;
  /** Which of several it is: its fee estimates bear the name. */
  readonly name?: string | undefined;
};

/** A client of one node. Every method throws NODE_* errors of `rpc.ts`, and NODE_WRONG_NETWORK. */
export function bitcoindNode({ rpc, network, name }: BitcoindNodeOptions): ChainNode<BitcoinFacts> {
  const onNetwork = () => assertNetwork(rpc, network);
  const known = async (id: Digest) => (await readStatus(rpc, id)).state !== "unknown";
  const named = (estimate: FeeEstimate) =>
    name === undefined ? estimate : { ...estimate, source: `${estimate.source} of ${name}` };
  return {
    chain: BITCOIN_CHAINS[network],
    tip: async () => readTip(rpc, await onNetwork()),
    blockHash: async (height) => {
      await onNetwork();
      return readBlockHash(rpc, height);
    },
    blockTime: async (hash) => {
      await onNetwork();
      return readTime(rpc, parseDigest(hash, "block"));
    },
    block: async (height) => {
      await onNetwork();
      return readBlock(rpc, network, height);
    },
    pending: async () => {
      await onNetwork();
      return new Set(await rpc.read("getrawmempool", [], mempoolIdsAnswer, LARGE));
    },
    snapshot: async (view) => {
      await onNetwork();
      const facts = await readFacts(rpc, view);
      return { ...facts, estimates: facts.estimates.map(named) };
    },
    feeEstimates: async () => {
      await onNetwork();
      return (await nodeFees(rpc, network)).estimates.map(named);
    },
    broadcast: (bytes) => sent(onNetwork, () => sendOne(rpc, bytes, known)),
    broadcastPackage: (bytes) => sent(onNetwork, () => sendPackage(rpc, bytes, known)),
    status: async (transaction) => {
      await onNetwork();
      return readStatus(rpc, parseDigest(transaction, "transaction"));
    },
    spends: async (transaction) => {
      await onNetwork();
      return readSpends(rpc, network, parseDigest(transaction, "transaction"));
    },
  };
}

/** Whatever went wrong, the bytes may have got through; only a wrong setting is known before anything is sent. */
async function sent(
  onNetwork: () => Promise<unknown>,
  send: () => Promise<BroadcastOutcome>,
): Promise<BroadcastOutcome> {
  try {
    await onNetwork();
    return await send();
  } catch (error) {
    if (isError(error, NODE_WRONG_NETWORK, NODE_SETTINGS_INVALID, TRANSACTION_MALFORMED)) throw error;
    if (error instanceof CustodyError)
      return { type: "uncertain", reason: `${error.code}: ${error.message}` };
    throw error;
  }
}

async function assertNetwork(rpc: Rpc, network: Network) {
  const answer = await rpc.read("getblockchaininfo", [], chainAnswer);
  if (answer.chain === NODE_CHAINS[network]) return answer;
  throw NODE_WRONG_NETWORK(
    `the node is on ${answer.chain}, this custody is on ${network} (${NODE_CHAINS[network]})`,
    {
      field: "node",
      hint: `name a bitcoind that runs on ${NODE_CHAINS[network]}`,
      details: { chain: answer.chain, network },
    },
  );
}

type Best = { readonly blocks: number; readonly bestblockhash: Digest };

async function readTip(rpc: Rpc, { blocks: height, bestblockhash: hash }: Best): Promise<ChainTip> {
  return { height, hash, time: await readTime(rpc, hash) };
}

/** By the header's bytes: how old a tip is must not be one node's word (F28). */
async function readTime(rpc: Rpc, hash: Digest): Promise<Instant> {
  const header = await rpc.read("getblockheader", [hash, false], rawAnswer);
  try {
    return headerTime(fromHex(header), hash);
  } catch (error) {
    if (!isError(error, BLOCK_MALFORMED)) throw error;
    throw NODE_ANSWER_MALFORMED(`the node was asked for the header of ${hash}: ${error.message}`, {
      details: { hash },
      cause: error,
    });
  }
}

async function readBlockHash(rpc: Rpc, height: number): Promise<Digest | undefined> {
  try {
    return await rpc.read("getblockhash", [height], hashAnswer);
  } catch (error) {
    if (refusalCode(error) === RPC_INVALID_PARAMETER) return undefined;
    throw error;
  }
}

async function readFacts(rpc: Rpc, view: WalletView): Promise<BitcoinFacts> {
  const { height, bestBlock, coins, parents } = await walletCoins(rpc, view);
  const fees = await nodeFees(rpc, view.network);
  const time = await readTime(rpc, bestBlock);
  // An address is used once: above what is known, and above whatever change the node has seen.
  const used = coins.filter(({ branch }) => branch === 1).map(({ index }) => index);
  return {
    tip: { height, hash: bestBlock, time },
    coins,
    parents,
    estimates: fees.estimates,
    relayRateMilli: fees.relayMilli.toString(),
    changeIndex: Math.max(view.highestIndex, ...used) + 1,
  };
}

/** Mempool first, then the index: a transaction that is mined in between is found by the second question. */
async function readStatus(rpc: Rpc, id: string): Promise<TransactionStatus> {
  if (await isInMempool(rpc, id)) return { state: "pending" };
  const transaction = await readTransaction(rpc, id);
  if (transaction === undefined) return { state: "unknown" };
  if (transaction.blockhash === undefined) return { state: "pending" };
  // The index may still name a block that a reorganisation has left behind; the header knows.
  const { hash, height, confirmations } = await rpc.read(
    "getblockheader",
    [transaction.blockhash],
    headerAnswer,
  );
  if (confirmations > 0) return { state: "included", blockHash: hash, height, confirmations };
  return (await isInMempool(rpc, id)) ? { state: "pending" } : { state: "unknown" };
}

async function isInMempool(rpc: Rpc, id: string): Promise<boolean> {
  try {
    await rpc.read("getmempoolentry", [id], anyAnswer);
    return true;
  } catch (error) {
    if (refusalCode(error) === RPC_INVALID_ADDRESS_OR_KEY) return false;
    throw error;
  }
}

async function readTransaction(rpc: Rpc, id: string) {
  try {
    return await rpc.read("getrawtransaction", [id, true], transactionAnswer, { isLarge: true });
  } catch (error) {
    if (refusalCode(error) !== RPC_INVALID_ADDRESS_OR_KEY) throw error;
    const { txindex } = await rpc.read("getindexinfo", ["txindex"], indexAnswer);
    if (txindex?.synced === true) return undefined;
    throw NODE_WITHOUT_INDEX(
      `the node has ${txindex === undefined ? "no transaction index" : "not built its transaction index yet"}`,
      {
        field: "node",
        hint:
          txindex === undefined ? "start bitcoind with -txindex=1" : "wait until getindexinfo says synced",
      },
    );
  }
}

// The id is the hash of the bytes, so that the node cannot lie about what they spend.
async function readSpends(rpc: Rpc, network: Network, id: string): Promise<readonly string[]> {
  const block = (await readTransaction(rpc, id))?.blockhash;
  if (block === undefined) return [];
  const spending = parseTransaction(
    fromHex(await rpc.read("getrawtransaction", [id, false, block], rawAnswer, { isLarge: true })),
  );
  if (transactionId(spending) !== id)
    throw NODE_ANSWER_MALFORMED(`the node was asked for ${id} and gave another transaction`);
  return spending.inputs.map((input) => outpointKey(input, network));
}

async function readBlock(rpc: Rpc, network: Network, height: number): Promise<ChainBlock | undefined> {
  const hash = await readBlockHash(rpc, height);
  if (hash === undefined) return undefined;
  const raw = await rpc.read("getblock", [hash, 0], rawAnswer, LARGE);
  try {
    return parseBlock(fromHex(raw), { hash, height }, network);
  } catch (error) {
    if (!isError(error, BLOCK_MALFORMED)) throw error;
    throw NODE_ANSWER_MALFORMED(`the node was asked for block ${hash}: ${error.message}`, {
      details: { hash },
      cause: error,
    });
  }
}
