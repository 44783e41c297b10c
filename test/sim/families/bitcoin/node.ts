/** A bitcoin node, as `ChainNode` of src/chains asks it. */
import type { FeeEstimate, WalletView } from "../../../../src/chains/adapter.ts";
import type {
  BroadcastOutcome,
  ChainBlock,
  ChainTip,
  ReceivedPayment,
  TransactionStatus,
} from "../../../../src/chains/chain-node.ts";
import { FEE_TARGETS } from "../../../../src/chains/bitcoin/fee-sources.ts";
import type { BitcoinFacts } from "../../../../src/chains/bitcoin/snapshot.ts";
import {
  parseTransaction,
  strippedBytes,
  transactionBytes,
  transactionId,
} from "../../../../src/chains/bitcoin/transaction.ts";
import { bitcoinAsset } from "../../../../src/core/asset.ts";
import { BITCOIN_CHAINS } from "../../../../src/core/chain.ts";
import type { Digest } from "../../../../src/core/digest.ts";
import { toHex } from "../../../../src/core/hex.ts";
import type { Instant } from "../../../../src/core/instant.ts";
import {
  blockWith,
  everPaid,
  pointsOf,
  unspentOf,
  type Block,
  type BitcoinChain,
  type Mined,
  type Unspent,
} from "./chain.ts";
import { NodeTrouble } from "../../world/host.ts";
import { MemoryNode } from "../memory-node.ts";
import { accountOfScript, scriptsOf } from "./account.ts";

const CHAIN = BITCOIN_CHAINS.regtest;
/** As many blocks as settle what the first of them holds. */
const INVENTED = 4;

export class BitcoinNode extends MemoryNode<Block, BitcoinChain> {
  /** Thousandths of a satoshi per virtual byte that it estimates. */
  feeRateMilli = 5000n;

  constructor(chain: BitcoinChain) {
    super(chain, INVENTED);
  }

  private get mempool(): ReadonlyMap<string, Mined> {
    return this.forgetful ? new Map() : this.chain.pool;
  }

  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- arguments as the port has them, from another process
  protected readonly methods: Readonly<Record<string, (...args: any[]) => unknown>> = {
    tip: () => this.tip(),
    blockHash: (height: number) => this.blocks[height]?.hash,
    blockTime: (hash: string) => this.timeOf(hash),
    snapshot: (view: WalletView) => this.snapshot(view),
    broadcast: (bytes: Uint8Array) => this.broadcast(bytes),
    status: (id: string) => this.status(id),
    spends: (id: string) => this.spends(id),
    block: (height: number) => this.block(height),
    pending: () => new Set(this.mempool.keys()),
    feeEstimates: () => this.estimates(),
  };

  private tip(): ChainTip {
    const { height, hash, time } = this.blocks.at(-1) as Block;
    return { height, hash, time };
  }

  private timeOf(hash: string): Instant {
    const block = this.blocks.find((one) => one.hash === hash);
    if (block === undefined) throw new NodeTrouble("NODE_REFUSED", "Block not found");
    return block.time;
  }

  private broadcast(bytes: Uint8Array): BroadcastOutcome {
    if (this.fault === "alone") return { type: "accepted" };
    const trouble = this.chain.offer(bytes);
    if (this.fault === "drops replies")
      return { type: "uncertain", reason: "NODE_TIMEOUT: no answer in time" };
    if (this.fault === "lies") return { type: "rejected", reason: "bad-txns-inputs-missingorspent" };
    const known =
      trouble === undefined || this.status(transactionId(parseTransaction(bytes))).state !== "unknown";
    return known ? { type: "accepted" } : { type: "rejected", reason: trouble };
  }

  private status(id: string): TransactionStatus {
    if (this.fault === "lies") return { state: "unknown" };
    const block = blockWith(this.blocks, id);
    if (block === undefined) return { state: this.mempool.has(id) ? "pending" : "unknown" };
    const { hash, height } = block;
    return { state: "included", blockHash: hash, height, confirmations: this.blocks.length - height };
  }

  private spends(id: string): readonly string[] {
    const found = blockWith(this.blocks, id)?.transactions.find((one) => one.id === id);
    return found === undefined
      ? []
      : pointsOf(found.transaction).map((point) => `${CHAIN}:outpoint:${point}`);
  }

  private block(height: number): ChainBlock | undefined {
    const block = this.blocks[height];
    if (block === undefined) return undefined;
    const { hash } = block;
    const transactions = block.transactions.map(({ id, transaction }) => ({
      id,
      bytes: transactionBytes(transaction),
      spends: pointsOf(transaction).map((point) => `${CHAIN}:outpoint:${point}`),
      pays: transaction.outputs.flatMap(({ units, script }, vout): ReceivedPayment[] => {
        const account = accountOfScript(script);
        if (account === undefined) return [];
        const amount = { asset: bitcoinAsset("regtest"), units };
        return [{ coin: `${CHAIN}:outpoint:${id}:${vout}`, account, amount, blockHash: hash, height }];
      }),
    }));
    return { height, hash, parent: this.blocks[height - 1]?.hash, transactions };
  }

  private estimates(): readonly FeeEstimate[] {
    return FEE_TARGETS.map((blocks) => ({
      source: "estimatesmartfee",
      blocks,
      rateMilli: this.feeRateMilli,
    }));
  }

  private coins(): readonly Unspent[] {
    const { fault, blocks } = this;
    const unspent = [...unspentOf(blocks).values()];
    if (fault === "hides coins") return unspent.filter((_, place) => place % 2 === 0);
    return fault === "lists spent coins" ? everPaid(blocks) : unspent;
  }

  private snapshot({ wallet, highestIndex }: WalletView): BitcoinFacts {
    const scripts = scriptsOf(wallet.descriptor, highestIndex + wallet.indexGap);
    const coins = this.coins().flatMap(({ txid, vout, units, script, height }) => {
      const own = scripts.get(script);
      if (own === undefined || height === undefined) return [];
      return [{ txid: txid as Digest, vout, units: units.toString(), ...own, height, coinbase: false }];
    });
    const { height, hash, time } = this.tip();
    const used = coins.filter(({ branch }) => branch === 1).map(({ index }) => index);
    const parents = new Set(coins.map(({ txid }) => txid));
    return {
      tip: { height, hash: hash as Digest, time },
      coins,
      parents: [...parents].map((id) => toHex(strippedBytes((this.chain.seen.get(id) as Mined).transaction))),
      estimates: this.estimates(),
      relayRateMilli: "1000",
      changeIndex: Math.max(highestIndex, ...used) + 1,
    };
  }
}
