/**
 * What a chain must give us, as four small interfaces: pure codec, pure builder, node client, signer. Read this first.
 * Gates, use cases and watcher speak only these; whatever knows a chain's bytes lives in the chain's own folder.
 */
import type { AccountId } from "../core/account.ts";
import type { Amount } from "../core/amount.ts";
import type { ChainId, Network } from "../core/chain.ts";
import type { Digest } from "../core/digest.ts";
import type { InputSignature } from "../core/documents/receipt.ts";
import type { ReviewedInput } from "../core/documents/review.ts";
import type { Instant } from "../core/instant.ts";
import type { PolicyWallet } from "../core/policy/policy.ts";

/** A wallet as pinned, with the highest index on either branch that this machine knows to be in use (-1 for none). */
export type WalletView = {
  readonly wallet: PolicyWallet;
  readonly network: Network;
  readonly highestIndex: number;
};

/** What a transaction does to the world, in output order. Change is proven by derivation (law 10), never believed. */
export type Effect =
  | {
      readonly type: "pay";
      readonly account: AccountId;
      readonly memo?: string | undefined;
      readonly units: bigint;
    }
  | {
      readonly type: "change";
      readonly account: AccountId;
      readonly units: bigint;
      readonly path: string;
      readonly index: number;
    };

/** A fee computed from amounts that we verified ourselves. */
export type FeeFacts = {
  readonly units: bigint;
  /** Thousandths of a base unit per virtual byte, rounded up. */
  readonly rateMilli: bigint;
  /** Size that the fee is paid for, signatures included at their largest, in virtual bytes. */
  readonly virtualSize: number;
};

/** Unsigned bytes, decoded strictly against the wallet that pays. `Tx` is the chain's own and opaque to callers. */
export type DecodedAttempt<Tx> = {
  readonly tx: Tx;
  /** The id that the transaction will have once signed. */
  readonly transaction: Digest;
  /** What it competes for, in input order: `<chain>:outpoint:<txid>:<vout>`. */
  readonly conflictKeys: readonly string[];
  readonly inputs: readonly ReviewedInput[];
  readonly effects: readonly Effect[];
  readonly fee: FeeFacts;
  /** Locks in words ("lock time: block 800,000"); empty when it can be sent at once. */
  readonly locks: readonly string[];
  readonly warnings: readonly string[];
};

/** Pure: bytes to meaning and back. */
export interface ChainCodec<Tx> {
  readonly chains: readonly ChainId[];
  /** An address as a person types it on `network`. @throws typed errors naming network, checksum or kind */
  parseAddress(text: string, network: Network, field?: string): AccountId;
  /**
   * Decodes unsigned bytes; every amount is proven, every input is the wallet's, every output is a payment or proven
   * change. Anything unknown is refused.
   */
  decode(bytes: Uint8Array, view: WalletView): DecodedAttempt<Tx>;
  /** Verifies each signature against the digest that it must sign. @throws SIGNATURE_INVALID naming the input */
  verifySignatures(tx: Tx, signatures: readonly InputSignature[]): void;
  /** Final bytes to broadcast. The signatures must have been verified and complete. @throws SIGNATURES_INCOMPLETE */
  combine(tx: Tx, signatures: readonly InputSignature[]): Uint8Array;
}

/** One payment to build: an intent's destination and amount. */
export type Payment = {
  readonly account: AccountId;
  readonly memo?: string | undefined;
  readonly amount: Amount;
};

export type BuiltPlan = {
  readonly conflictKeys: readonly string[];
  readonly rungs: readonly { readonly bytes: Uint8Array; readonly feeUnits: bigint }[];
  /** Index of the change output's address on the change branch, if there is change. */
  readonly changeIndex: number | undefined;
};

/** Pure: payments and a snapshot of chain facts to unsigned attempts. The same arguments give the same bytes. */
export interface ChainBuilder<Snapshot> {
  build(payments: readonly Payment[], view: WalletView, snapshot: Snapshot): BuiltPlan;
}

/** Where a transaction stands, as one node sees it. Absence is never proof that it is dead. */
export type TransactionStatus =
  | { readonly state: "unknown" }
  | { readonly state: "pending" }
  | {
      readonly state: "included";
      readonly blockHash: string;
      readonly height: number;
      readonly confirmations: number;
    };

/** What a node said to a broadcast. `uncertain` when no answer arrived: only the same bytes may be sent again. */
export type BroadcastOutcome =
  | { readonly type: "accepted" }
  | { readonly type: "rejected"; readonly reason: string }
  | { readonly type: "uncertain"; readonly reason: string };

export type ChainTip = { readonly height: number; readonly hash: string; readonly time: Instant };

/** I/O: one chain's node. */
export interface ChainNode<Snapshot> {
  readonly chain: ChainId;
  tip(): Promise<ChainTip>;
  /** The hash of the best chain's block at `height`, or undefined above the tip. */
  blockHash(height: number): Promise<string | undefined>;
  snapshot(view: WalletView): Promise<Snapshot>;
  broadcast(bytes: Uint8Array): Promise<BroadcastOutcome>;
  status(transaction: string): Promise<TransactionStatus>;
  /** Payments to `accounts` in the block at `height`. */
  receipts(height: number, accounts: ReadonlySet<string>): Promise<readonly ReceivedPayment[]>;
}

export type ReceivedPayment = {
  /** The conflict key that spending it will use: `<chain>:outpoint:<txid>:<vout>`. */
  readonly coin: string;
  readonly account: AccountId;
  readonly amount: Amount;
  readonly blockHash: string;
  readonly height: number;
};
