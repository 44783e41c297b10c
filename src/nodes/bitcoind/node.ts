/** One bitcoind as a `ChainNode`: what the builder and the watcher ask of the chain. */
import type {
  BroadcastOutcome,
  ChainNode,
  ChainTip,
  ReceivedPayment,
  TransactionStatus,
  WalletView,
} from "../../chains/adapter.ts";
import { addressOfScript } from "../../chains/bitcoin/address.ts";
import { outpointKey } from "../../chains/bitcoin/outpoint.ts";
import type { BitcoinSnapshot } from "../../chains/bitcoin/snapshot.ts";
import { parseTransaction, transactionId } from "../../chains/bitcoin/transaction.ts";
import { accountId } from "../../core/account.ts";
import { parseAmount } from "../../core/amount.ts";
import { bitcoinAsset } from "../../core/asset.ts";
import { BITCOIN_CHAINS, type Network } from "../../core/chain.ts";
import { parseDigest } from "../../core/digest.ts";
import { CustodyError, declareError, isError } from "../../core/errors.ts";
import { fromHex, toHex } from "../../core/hex.ts";
import { instantOf } from "../../core/instant.ts";
import {
  anyAnswer,
  blockAnswer,
  chainAnswer,
  hashAnswer,
  headerAnswer,
  indexAnswer,
  rawAnswer,
  transactionAnswer,
} from "./answers.ts";
import { walletCoins } from "./coins.ts";
import { feeRates } from "./fee-rate.ts";
import { NODE_ANSWER_MALFORMED, NODE_REFUSED, NODE_SETTINGS_INVALID, refusalCode, type Rpc } from "./rpc.ts";

export const NODE_WRONG_NETWORK = declareError(
  "NODE_WRONG_NETWORK",
  "conflict",
  "The node runs on another network than this custody.",
);
export const NODE_WITHOUT_INDEX = declareError(
  "NODE_WITHOUT_INDEX",
  "conflict",
  "The node has no transaction index, so it cannot tell where a transaction stands.",
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
const RPC_DESERIALIZATION_ERROR = -22;
const RPC_VERIFY_ERROR = -25;
const RPC_VERIFY_REJECTED = -26;
const RPC_ALREADY_IN_UTXO_SET = -27;

export type BitcoindNodeOptions = {
  readonly rpc: Rpc;
  readonly network: Network;
  /** Cap on fee rates from the policy, in satoshis per virtual byte. */
  readonly rateMax: number;
};

/** A client of one node. Every method throws NODE_* errors of `rpc.ts`, and NODE_WRONG_NETWORK. */
export function bitcoindNode({ rpc, network, rateMax }: BitcoindNodeOptions): ChainNode<BitcoinSnapshot> {
  const onNetwork = () => assertNetwork(rpc, network);
  return {
    chain: BITCOIN_CHAINS[network],
    tip: async () => readTip(rpc, (await onNetwork()).bestblockhash),
    blockHash: async (height) => {
      await onNetwork();
      return readBlockHash(rpc, height);
    },
    snapshot: async (view) => {
      await onNetwork();
      return readSnapshot(rpc, view, rateMax);
    },
    broadcast: async (bytes) => {
      const id = transactionId(parseTransaction(bytes));
      try {
        await onNetwork();
        return await send(rpc, bytes, id);
      } catch (error) {
        return uncertain(error);
      }
    },
    status: async (transaction) => {
      await onNetwork();
      return readStatus(rpc, parseDigest(transaction, "transaction"));
    },
    spends: async (transaction) => {
      await onNetwork();
      return readSpends(rpc, network, parseDigest(transaction, "transaction"));
    },
    receipts: async (height, accounts) => {
      await onNetwork();
      return readReceipts(rpc, network, height, accounts);
    },
  };
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

async function readTip(rpc: Rpc, hash: string): Promise<ChainTip> {
  const header = await rpc.read("getblockheader", [hash], headerAnswer);
  return { height: header.height, hash: header.hash, time: instantOf(header.time) };
}

async function readBlockHash(rpc: Rpc, height: number): Promise<string | undefined> {
  try {
    return await rpc.read("getblockhash", [height], hashAnswer);
  } catch (error) {
    if (refusalCode(error) === RPC_INVALID_PARAMETER) return undefined;
    throw error;
  }
}

async function readSnapshot(rpc: Rpc, view: WalletView, rateMax: number): Promise<BitcoinSnapshot> {
  const { height, bestBlock, coins, parents } = await walletCoins(rpc, view);
  const fees = await feeRates(rpc, view.network, rateMax);
  const header = await rpc.read("getblockheader", [bestBlock], headerAnswer);
  // An address is used once: above what is known, and above whatever change the node has seen.
  const used = coins.filter(({ branch }) => branch === 1).map(({ index }) => index);
  return {
    tip: { height, hash: bestBlock, time: instantOf(header.time) },
    coins,
    parents,
    feeRateMilli: fees.rateMilli.toString(),
    feeSource: fees.source,
    relayRateMilli: fees.relayMilli.toString(),
    changeIndex: Math.max(view.highestIndex, ...used) + 1,
  };
}

/**
 * Only what bitcoind says of the transaction itself is a rejection. A spent output may have been spent by this very
 * transaction, so before "missing inputs" is believed the node is asked for it (F4: a second payment after a "failure").
 */
async function send(rpc: Rpc, bytes: Uint8Array, id: string): Promise<BroadcastOutcome> {
  try {
    const said = await rpc.write("sendrawtransaction", [toHex(bytes)], hashAnswer);
    if (said !== id) throw NODE_ANSWER_MALFORMED(`the node took ${id} and calls it ${said}`);
    return { type: "accepted" };
  } catch (error) {
    const code = refusalCode(error);
    if (code === RPC_ALREADY_IN_UTXO_SET) return { type: "accepted" };
    if (code === RPC_DESERIALIZATION_ERROR)
      return { type: "rejected", reason: (error as CustodyError).message };
    if (code !== RPC_VERIFY_ERROR && code !== RPC_VERIFY_REJECTED) throw error;
    const { message } = error as CustodyError;
    if (/txn-already-(in-mempool|known)/.test(message)) return { type: "accepted" };
    const status = await readStatus(rpc, id);
    return status.state === "unknown" ? { type: "rejected", reason: message } : { type: "accepted" };
  }
}

/** Whatever else went wrong, the bytes may have got through; only a wrong setting is known before anything is sent. */
function uncertain(error: unknown): BroadcastOutcome {
  if (isError(error, NODE_WRONG_NETWORK, NODE_SETTINGS_INVALID)) throw error;
  if (error instanceof CustodyError) return { type: "uncertain", reason: `${error.code}: ${error.message}` };
  throw error;
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
    return await rpc.read("getrawtransaction", [id, true], transactionAnswer);
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
    fromHex(await rpc.read("getrawtransaction", [id, false, block], rawAnswer)),
  );
  if (transactionId(spending) !== id)
    throw NODE_ANSWER_MALFORMED(`the node was asked for ${id} and gave another transaction`);
  return spending.inputs.map((input) => outpointKey(input, network));
}

async function readReceipts(rpc: Rpc, network: Network, height: number, accounts: ReadonlySet<string>) {
  const hash = await readBlockHash(rpc, height);
  if (hash === undefined)
    throw NODE_REFUSED(`the node has no block at height ${height}`, { field: "height" });
  const block = await rpc.read("getblock", [hash, 2], blockAnswer, { timeoutMs: 60_000 });
  const chain = BITCOIN_CHAINS[network];
  const received: ReceivedPayment[] = [];
  for (const { txid, vout } of block.tx) {
    for (const { value, n, scriptPubKey } of vout) {
      const address = addressOfScript(fromHex(scriptPubKey.hex), network)?.address;
      const account = address === undefined ? undefined : accountId(chain, address);
      if (account === undefined || !accounts.has(account)) continue;
      const amount = parseAmount(value, bitcoinAsset(network), "value");
      received.push({
        coin: outpointKey({ txid, vout: n }, network),
        account,
        amount,
        blockHash: block.hash,
        height: block.height,
      });
    }
  }
  return received;
}
