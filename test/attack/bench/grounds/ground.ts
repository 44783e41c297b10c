/** What differs by chain for an attacker: what a wallet of the house is, what its plans compete for, and what takes that away. */
import type {
  BuildOptions,
  BuildTask,
  BuiltPlan,
  Payment,
  WalletView,
} from "../../../../src/chains/adapter.ts";
import type { JsonObject } from "../../../../src/core/canonical.ts";
import type { AccountId } from "../../../../src/core/account.ts";
import type { AssetId } from "../../../../src/core/asset.ts";
import type { ChainId } from "../../../../src/core/chain.ts";
import type { Digest } from "../../../../src/core/digest.ts";
import type { Plan } from "../../../../src/core/documents/plan.ts";
import type { Dead } from "../../../../src/core/documents/dead.ts";
import type { FeeCaps } from "../../../../src/core/policy/fee-caps.ts";
import type { Name } from "../../../../src/core/identifier.ts";
import type { Policy, PolicyWallet } from "../../../../src/core/policy/policy.ts";
import type { SignerKeys } from "../house.ts";

/** Sets of what a plan of the vault takes, coins or a nonce: no two sets share one. */
export const COIN_SETS = ["a", "b", "c", "d", "e", "f"] as const;
export type CoinSet = (typeof COIN_SETS)[number];

/** A plan over exactly what `sets` name; `task` in the place of the payments where it is given. */
export type Order = {
  readonly view: WalletView;
  readonly payments: readonly Payment[];
  readonly task: BuildTask | undefined;
  readonly sets: readonly CoinSet[];
  readonly caps: FeeCaps;
  readonly options: Partial<BuildOptions>;
};

/**
 * Whatever has taken what a plan competes for, as a proof of death says it: by its id, and its bytes where the chain's
 * proofs need them (ADR 32).
 */
export type Taker = Pick<Dead, "spentBy" | "killer">;

/** Fields of a plan that say another transaction, and how it differs. */
export type Rewrite = { readonly how: string; readonly fields: JsonObject };

/** How many of the house's signers hold a key of the vault, from the first on, and how many of those it takes. */
type Quorum = { readonly threshold: number; readonly holders: number };

export type Ground = {
  readonly name: string;
  readonly chain: ChainId;
  readonly asset: AssetId;
  /** Gates that cannot be the one that refuses here: what they judge, no plan of it can get wrong by itself. */
  readonly idle: readonly string[];
  /** What can happen here beside what can everywhere. */
  readonly events: readonly string[];
  readonly quorum: Quorum;
  /** How many payments one plan makes at most. */
  readonly paymentsMax: number;
  /** What the policy says of the chain. */
  readonly rules: Policy["chains"][number];
  /** The story's amounts are satoshi; here they are base units of the asset. */
  unitsOf(satoshi: string): string;
  /** A customer's or the thief's address: whose keys nobody here has. */
  accountOf(label: string): AccountId;
  /** A wallet of signers' keys. */
  walletOf(name: Name, threshold: number, signers: readonly SignerKeys[]): PolicyWallet;
  build(order: Order): BuiltPlan;
  /** Plans in the place of one: their transaction changed in one field, and all that the plan says of it made to fit. */
  readonly rewrites: (plan: Plan) => readonly Rewrite[];
  /** Caps and rates with which the money would go to whoever mines; none where a plan pays no fee. */
  readonly greed: Partial<BuildOptions>;
  /** A transaction of ours that this story does not follow. */
  elsewhere(conflictKey: string, label: string): Taker;
  /** Keeps what a signer has signed, for `takerOf`: it need not be what was built. */
  learn(plan: Plan, view: WalletView): void;
  /** An attempt that was signed, as what has killed another plan. */
  takerOf(transaction: Digest): Taker;
};
