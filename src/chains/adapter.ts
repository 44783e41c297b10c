/**
 * What a chain must give us. Two interfaces stand here: pure codec, pure builder. The third is the node client
 * (`chain-node.ts`); the fourth, `ChainSigner`, is the signer's (`signer/sign/chain-signer.ts`). Gates, use cases and watcher read a chain's bytes through these, and
 * get them by the chain's id (`registry.ts`, at a signer `signer/sign/chains.ts`). docs/ARCHITECTURE.md lists what a second
 * chain has to move.
 */
import type { AccountId } from "../core/account.ts";
import type { Amount } from "../core/amount.ts";
import type { AssetId } from "../core/asset.ts";
import type { JsonObject } from "../core/canonical.ts";
import type { ChainId, Network } from "../core/chain.ts";
import type { Digest } from "../core/digest.ts";
import type { Instant } from "../core/instant.ts";
import type { ContractFacts } from "../core/documents/beneficiary.ts";
import type { Plan } from "../core/documents/plan.ts";
import type { InputSignature } from "../core/documents/receipt.ts";
import type { ReviewedInput } from "../core/documents/review.ts";
import type { FeeCaps } from "../core/policy/fee-caps.ts";
import type { PolicyWallet } from "../core/policy/policy.ts";
import type { Summary } from "./summary.ts";
import type { Effect } from "./effect.ts";

/** A wallet as pinned, with the highest index on either branch that this machine knows to be in use (-1 for none). */
export type WalletView = {
  readonly wallet: PolicyWallet;
  readonly network: Network;
  readonly highestIndex: number;
  /** Every wallet of the policy: an output that is proven to be another one's is a transfer (law 9). */
  readonly own: readonly PolicyWallet[];
  /** The tokens that the policy lists on the wallet's chain. */
  readonly tokens: readonly AssetId[];
};

/** What one source expects a transaction to pay that shall be mined within `blocks`. */
export type FeeEstimate = {
  readonly source: string;
  readonly blocks: number;
  /** Thousandths of the chain's unit of rates. */
  readonly rateMilli: bigint;
};

/** A fee computed from amounts that we verified ourselves. */
export type FeeFacts = {
  readonly units: bigint;
  /** Thousandths of the chain's unit of rates (`core/fee-rate.ts`), rounded up. */
  readonly rateMilli: bigint;
  /** Size that the fee is paid for: virtual bytes, signatures included at their largest; or gas. */
  readonly virtualSize: number;
};

/** Unsigned bytes, decoded strictly against the wallet that pays. `Tx` is the chain's own and opaque to callers. */
export type DecodedAttempt<Tx> = {
  readonly tx: Tx;
  /** The id that the transaction will have once signed. */
  readonly transaction: Digest;
  /** What it competes for, in input order: `<chain>:outpoint:<txid>:<vout>`. Coins that a message only shows are none. */
  readonly conflictKeys: readonly string[];
  /** Everything that is signed as an input. A message's first one is the virtual coin that it is signed for. */
  readonly inputs: readonly ReviewedInput[];
  readonly effects: readonly Effect[];
  readonly fee: FeeFacts;
  /** Locks in words ("lock time: block 800,000"); empty when it can be sent at once. */
  readonly locks: readonly string[];
  readonly warnings: readonly string[];
  /** Of chains whose transactions say so: after this no block takes it any more (attack S3). */
  readonly until?: Instant | undefined;
};

/** A plan's attempts: fee rungs from the cheapest to the dearest, and the cancel rung where the plan has one. */
export type DecodedAttempts<Tx> = {
  readonly rungs: readonly DecodedAttempt<Tx>[];
  /** Pays our own wallet alone; the chain lets it replace every rung. */
  readonly cancel: DecodedAttempt<Tx> | undefined;
};

/** The part of a plan that a chain reads; a request carries `previous` once for all of its plans. */
export type PlanBytes = Pick<Plan, "base" | "rungs" | "cancel">;

/** An account of a wallet of ours, and where its key stands under the wallet's seed. */
export type OwnAccount = { readonly account: AccountId; readonly path: string };

/** What a person compares when a wallet is registered (attacks B5 and B6): everything that decides who can spend. */
export type WalletFacts = {
  /** `2 of 3`. */
  readonly quorum: string;
  /** `P2WSH of several keys`. */
  readonly kind: string;
  /** The form without its keys; of bitcoin BIP-388's template, as other makers' signers show it. */
  readonly template: string;
  /** In the descriptor's order; `xpub` is the key itself where none is derived from it. */
  readonly keys: readonly { readonly fingerprint: string; readonly path: string; readonly xpub: string }[];
  /** The first addresses of the receive branch, from index 0. */
  readonly receive: readonly string[];
};

/** Pure: bytes to meaning and back. */
export interface ChainCodec<Tx> {
  /** What people call it: `bitcoin`. */
  readonly name: string;
  reads(chain: string): boolean;
  /** Whether a wallet gives out new addresses, or has one, which is in use as soon as the wallet is. */
  readonly addresses: "many" | "one";
  /**
   * Whether its conflict keys are numbers in a row: what holds one and never uses it keeps all later ones waiting. Absent
   * where each key stands for itself.
   */
  readonly row?: {
    /** The key that is used up before `key` is; undefined of the first. */
    before(key: string): string | undefined;
  };
  /** An address as a person types it. @throws typed errors naming network, checksum or kind */
  parseAddress(text: string, chain: ChainId, field?: string): AccountId;
  /** Refuses what the chain would not carry, before anybody approves it. @throws bitcoin: PAYMENT_DUST */
  assertPayable(account: AccountId, units: bigint, field: string): void;
  /** The first of `known` addresses that a hurried reader would take for `address` (F22). */
  lookAlike(address: string, known: readonly string[]): string | undefined;
  /**
   * Checks that the description of each of a policy's wallets on `chain` is one that it handles and is what the policy
   * says beside it: keys, threshold, network; and that no two are one. @throws the description's errors,
   * WALLET_MISDESCRIBED, WALLET_TWICE
   */
  assertWallets(wallets: readonly PolicyWallet[], chain: ChainId): void;
  /** Checks that tokens, all on one chain of the codec's, are spelt as transactions name them. @throws evm: EVM_ADDRESS_CHECKSUM */
  assertTokens(tokens: readonly AssetId[]): void;
  /** A wallet as people compare it. @throws the description's errors */
  walletFacts(descriptor: string, chain: ChainId): WalletFacts;
  /** Whether a block of its chains keeps transactions that had no effect (F18). */
  readonly keepsFailed: boolean;
  /**
   * Reads a signed transaction that has used up a conflict key, of chains where an attempt's name is not its id; absent on
   * the others. Undefined where the bytes are none, or have not used up that key.
   */
  killerIn?(
    bytes: Uint8Array,
    conflictKey: string,
  ): { readonly id: Digest; readonly name: Digest } | undefined;
  /** A wallet's accounts, by its description, read once: branch 0 receives, 1 is change. @throws the description's errors */
  ownAccounts(descriptor: string, chain: ChainId): (branch: 0 | 1, index: number) => OwnAccount;
  /**
   * What a plan's base says for itself, without policy, wallet or key: for whoever looks at what nobody has judged, or has
   * been refused. @throws where the bytes cannot be read at all
   */
  summarise(base: Uint8Array, previous: readonly Uint8Array[] | undefined, chain: ChainId): Summary;
  /**
   * Decodes unsigned bytes; every amount is proven, every input is the wallet's, every output is a payment, proven
   * change, or proven to be another wallet's of ours. Anything unknown is refused.
   */
  decode(bytes: Uint8Array, view: WalletView): DecodedAttempt<Tx>;
  /**
   * Decodes a plan's compact form: rungs and cancel are what its base becomes with their fees.
   * @param previous what the base's inputs spend (bitcoin: witness-stripped transactions), in any order
   */
  decodePlan(plan: PlanBytes, previous: readonly Uint8Array[], view: WalletView): DecodedAttempts<Tx>;
  /** Each attempt of a plan in the chain's plain form (bitcoin: PSBT), as other makers' signers read it. */
  expandPlan(plan: PlanBytes, previous: readonly Uint8Array[], view: WalletView): readonly Uint8Array[];
  /** Places in a request's `previous` that one of `conflictKeys` spends; what stands in no place is stray. */
  spentPrevious(previous: readonly Uint8Array[], conflictKeys: readonly string[]): readonly number[];
  /** The transaction that makes what a conflict key names (bitcoin: its coin); undefined where none does, as of a nonce. */
  makerOf(conflictKey: string): Digest | undefined;
  /** What a conflict key names, as people compare it: `<txid> output 1`. A key that it does not know comes back as it is. */
  keyInWords(conflictKey: string): string;
  /** The conflict key that people name in the chain's own way (bitcoin: `<txid>:<vout>`), or by all of it. @throws OUTPOINT_… */
  namedKey(text: string, chain: ChainId): string;
  /**
   * The first of `conflictKeys` that can never come to exist, because `killer`, which is final, spends what the transaction
   * among `previous` that would make it spends as well; undefined where none is lost in this way.
   */
  neverMade(
    previous: readonly Uint8Array[],
    conflictKeys: readonly string[],
    killer: { readonly transaction: string; readonly spends: readonly string[] },
  ): string | undefined;
  /** Verifies each signature against the digest that it must sign. @throws SIGNATURE_INVALID naming the input */
  verifySignatures(tx: Tx, signatures: readonly InputSignature[]): void;
  /** Whether verified signatures complete the attempt. */
  isComplete(tx: Tx, signatures: readonly InputSignature[]): boolean;
  /** Final bytes to broadcast. The signatures must have been verified and complete. @throws SIGNATURES_INCOMPLETE */
  combine(tx: Tx, signatures: readonly InputSignature[]): Uint8Array;
  /**
   * Of an attempt that signs a message: the text in which its signature is given away (bitcoin: BIP-322). The signatures
   * must have been verified and complete. @throws SIGNATURES_INCOMPLETE
   */
  messageSignature(tx: Tx, signatures: readonly InputSignature[]): string;
  /** Whether two descriptors of one name are of a contract at one address that runs the same code, whoever commands it. */
  isSamePlace(before: PolicyWallet, next: PolicyWallet): boolean;
  /** Whether the wallet is a contract that could be told `change`, who commands it from then on. @throws CONTROLS_NOTHING, … */
  assertChange(view: Pick<WalletView, "wallet">, change: string, field: string): void;
}

/** One payment to build: an intent's destination and amount. */
export type Payment = {
  readonly account: AccountId;
  readonly memo?: string | undefined;
  readonly amount: Amount;
  /** Of a destination that people have signed as a contract. */
  readonly contract?: ContractFacts | undefined;
  /** Of a transfer: the wallet of ours that is paid, and the index on its receive branch that `account` is. */
  readonly own?: { readonly wallet: PolicyWallet; readonly index: number } | undefined;
};

/**
 * What a plan shall do. Only `pay` leaves the wallet; `consolidate` and `cancel` bring back everything but the fee as
 * change; `attest` moves nothing.
 */
export type BuildTask =
  | { readonly type: "pay"; readonly payments: readonly Payment[] }
  /**
   * The wallet's smallest coins, together at most `unitsMax`, become one; of anchors those alone. With `child` it spends
   * that coin of the snapshot, which a waiting transaction of ours makes, and pays for both to be mined (CPFP).
   */
  | { readonly type: "consolidate"; readonly unitsMax: bigint; readonly child?: string | undefined }
  /** Exactly the coins behind these conflict keys come back. */
  | { readonly type: "cancel"; readonly conflictKeys: readonly string[] }
  /** The wallet's first receive address answers for `message`; with `coins` all of the snapshot's coins are shown. */
  | { readonly type: "attest"; readonly message: string; readonly coins: boolean }
  /** Tells the wallet's own contract who commands it from then on, in words that the builder reads. */
  | { readonly type: "control"; readonly change: string };

export type BuildOptions = {
  /** Fee rates of the rungs in thousandths of the chain's unit of rates, rising; one is enough. */
  readonly feeRatesMilli: readonly bigint[];
  /** No rung and no cancel above these is built: a task whose cheapest rung is above them is refused. */
  readonly caps: FeeCaps;
  /** Conflict keys of an earlier attempt that this plan must spend as well, so that both can never settle (law 4). */
  readonly anchors: readonly string[];
  /** What no rung may cost more than, in base units; undefined where the caps alone hold. The cancel rung is above it. */
  readonly budgetUnits?: bigint | undefined;
  /** Whether change of our own that no block holds yet may be spent, where confirmed coins do not suffice. */
  readonly unconfirmedChange?: boolean | undefined;
};

export type BuiltPlan = PlanBytes & {
  readonly conflictKeys: readonly string[];
  /** What the inputs spend, for the request's `previous`. */
  readonly previous: readonly Uint8Array[];
  /** Index of the change output's address on the change branch, if there is change. */
  readonly changeIndex: number | undefined;
};

/** Chain facts that a plan is built from, as canonical JSON, and what was chosen beside them. */
export type ChainSnapshot = JsonObject & {
  /** The cheapest attempt's rate, in thousandths of the chain's unit of rates, and whose word it is. */
  readonly feeRateMilli: string;
  readonly feeSource: string;
};

/** What other plans have taken of a snapshot. */
export type Taken = {
  /** Conflict keys that they hold. */
  readonly leased: ReadonlySet<string>;
  /** What each of them may take from the wallet at most, payments and fee. */
  readonly held: () => readonly {
    readonly conflictKeys: readonly string[];
    readonly amounts: readonly Amount[];
  }[];
  /** Index on the change branch that was given out to none of them. */
  readonly changeIndex: number;
};

/** Which coins are worth becoming one. */
export type GatherRule = {
  /** Base units below which a coin is small. */
  readonly belowUnits: bigint;
  /** How many of them are worth a transaction. */
  readonly coins: number;
};

export type SmallCoins = {
  readonly count: number;
  /** Base units in all. */
  readonly units: bigint;
  /** Whether gathering them now is advised: there are enough, and the rate is below the long-term one. */
  readonly advised: boolean;
  readonly feesAreLow: boolean;
  /** In thousandths of the chain's unit of rates: what spending a coin will cost some day. */
  readonly longTermRateMilli: string;
};

/** Pure: a task and a snapshot of chain facts to unsigned attempts. The same arguments give the same bytes. */
export interface ChainBuilder<Snapshot> {
  /** A snapshot as it is stored beside its plan, canonical JSON. @throws SNAPSHOT_MALFORMED */
  readSnapshot(bytes: Uint8Array): Snapshot;
  /** What a plan may take: the snapshot without what other plans have taken (F3). */
  free(snapshot: Snapshot, view: WalletView, taken: Taken): Snapshot;
  /** Refuses what people name as its coins and is not the wallet's to spend. @throws bitcoin: COIN_MISSING */
  assertNameable(conflictKeys: readonly string[], snapshot: Snapshot, view: WalletView): void;
  /** The wallet's small coins; undefined on a chain that has no coins to gather. */
  smallCoins(snapshot: Snapshot, view: WalletView, rule: GatherRule): SmallCoins | undefined;
  /** The coin of ours that one of these waiting transactions makes (CPFP); undefined where there is none to spend. */
  childCoin(snapshot: Snapshot, view: WalletView, transactions: ReadonlySet<string>): string | undefined;
  build(task: BuildTask, view: WalletView, snapshot: Snapshot, options: BuildOptions): BuiltPlan;
}
