/** What a chain's node must give us, or several that answer as one: the third of a chain's interfaces (`adapter.ts`). I/O. */
import type { AccountId } from "../core/account.ts";
import type { Amount } from "../core/amount.ts";
import type { ChainId } from "../core/chain.ts";
import type { Instant } from "../core/instant.ts";
import type { FeeEstimate, WalletView } from "./adapter.ts";

/**
 * Where a transaction stands. Absence is never proof that it is dead. `undecided` where too few nodes answer, or they
 * contradict each other: nothing may be concluded from it but, with `seen`, that some node knows the transaction.
 */
export type TransactionStatus =
  | { readonly state: "undecided"; readonly seen: boolean; readonly reason: string }
  | { readonly state: "unknown" }
  | { readonly state: "pending" }
  | {
      readonly state: "included";
      readonly blockHash: string;
      readonly height: number;
      readonly confirmations: number;
      /** Whether the chain itself calls its block final; undefined where it has no such word, and depth alone decides. */
      readonly finalized?: boolean | undefined;
      readonly effect?: Effected | undefined;
    };

/** What became of a transaction in its block, on chains where a block may hold one that fails. */
export type Effected = {
  /** Without its effect the fee is paid, and what it competes for is used up, all the same (F18). */
  readonly failed: boolean;
  /** What was paid for it, in base units of the chain's coin: at most the attempt's fee. */
  readonly feeUnits: bigint;
  /** Payees who got less than they were sent, as tokens logged it (E12). */
  readonly shortfalls: readonly Shortfall[];
  /** The id that nodes know it by. An attempt is named by what its signatures commit to. */
  readonly id: string;
};

/** A payee, what was sent, and the base units of it that arrived. */
export type Shortfall = { readonly account: AccountId; readonly sent: Amount; readonly arrived: bigint };

/** What a node said to a broadcast. `uncertain` when no answer arrived: only the same bytes may be sent again. */
export type BroadcastOutcome =
  | { readonly type: "accepted" }
  | { readonly type: "rejected"; readonly reason: string }
  | { readonly type: "uncertain"; readonly reason: string };

/** The account that pays the fees of wallets that cannot: its key is on a machine that has a network, so it should hold little. */
export type Carrier = {
  readonly account: AccountId;
  readonly holds: Amount;
  /** The most that it should hold. */
  readonly most: Amount;
  /** What carrying one transaction may cost today. */
  readonly needs: Amount;
};

/** Whether a carrier holds what it should, or what is wrong. */
export function carrierFault({ holds, most, needs }: Carrier): "too little" | "too much" | undefined {
  if (holds.units < needs.units) return "too little";
  return holds.units > most.units ? "too much" : undefined;
}

/** `time` is what the block's own header says, which its hash proves. */
export type ChainTip = { readonly height: number; readonly hash: string; readonly time: Instant };

/** A block of the best chain. `parent` is the hash of the block that it stands on; the first block of all has none. */
export type ChainBlock = {
  readonly height: number;
  readonly hash: string;
  readonly parent: string | undefined;
  readonly transactions: readonly BlockTransaction[];
};

/** What an account of ours holds, gets or gives. */
export type Held = { readonly account: AccountId; readonly amount: Amount };

export type BlockTransaction = {
  readonly id: string;
  /** What its signatures commit to, where the id hangs on the signatures too: an attempt of ours is named so. */
  readonly signed?: string | undefined;
  /** As the block holds it, with its signatures: the id does not commit to these, the block does (BIP-141). */
  readonly bytes: Uint8Array;
  /** The conflict keys that it uses up. */
  readonly spends: readonly string[];
  /** What it pays to accounts that the chain has a name for. */
  readonly pays: readonly ReceivedPayment[];
  /** What accounts of ours give for it, payments and fee, of chains that have accounts: coins are taken by `spends`. */
  readonly takes?: readonly Held[] | undefined;
};

/** I/O: what it takes to follow a chain, its node, or several that answer as one. */
export interface FollowedChain {
  readonly chain: ChainId;
  tip(): Promise<ChainTip>;
  /**
   * The hash of the best chain's block at `height`; undefined above the tip, and where nodes do not agree: from that
   * nothing may be concluded.
   */
  blockHash(height: number): Promise<string | undefined>;
  /** The best chain's block at `height`; undefined where `blockHash` is. Where its hash proves what it holds, that is proven. */
  block(height: number): Promise<ChainBlock | undefined>;
  /** What accounts of ours hold once this block is applied, of chains that have accounts: no transaction may tell of all. */
  holdings?(block: { readonly height: number; readonly hash: string }): Promise<readonly Held[] | undefined>;
  /** Names of transactions that wait for a block. One that is not among them may wait at another node. */
  pending(): Promise<ReadonlySet<string>>;
  broadcast(bytes: Uint8Array): Promise<BroadcastOutcome>;
  /**
   * Sends transactions that stand or fall together, each parent before its child, where the node relays packages: a parent
   * that pays too little by itself is taken with what its child pays. The outcome is the last one's.
   */
  broadcastPackage?(bytes: readonly Uint8Array[]): Promise<BroadcastOutcome>;
  /**
   * @param transaction by its name: an attempt's, or any other's id
   * @param bytes of an attempt, signed: where names are not ids, nodes are asked by what these hash to
   */
  status(transaction: string, bytes?: Uint8Array): Promise<TransactionStatus>;
  /** The conflict keys that a transaction in the best chain uses up; none when the node does not know it. */
  spends(transaction: string): Promise<readonly string[]>;
  /** What is expected to be paid by a transaction that shall be mined soon. */
  feeEstimates?(): Promise<readonly FeeEstimate[]>;
}

/** I/O: one chain's node, or several that answer as one (src/nodes/quorum.ts). */
export interface ChainNode<Snapshot> extends FollowedChain {
  /** What the header of the block with this hash says of its time, proven by the hash. */
  blockTime(hash: string): Promise<Instant>;
  snapshot(view: WalletView): Promise<Snapshot>;
}

export type ReceivedPayment = {
  /** The conflict key that spending it will use: `<chain>:outpoint:<txid>:<vout>`. */
  readonly coin: string;
  readonly account: AccountId;
  readonly amount: Amount;
  readonly blockHash: string;
  readonly height: number;
};
