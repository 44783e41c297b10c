/** What withdrawals, their plans and attempts are to the use cases: rows of a store, as far as these read them. */
import type { AttemptKind } from "../chains/attempts.ts";
import type { Effected } from "../chains/chain-node.ts";
import type { AccountId } from "../core/account.ts";
import type { Amount } from "../core/amount.ts";
import type { Currency } from "../core/currency.ts";
import type { Digest } from "../core/digest.ts";
import type { HaltScope } from "../core/documents/halt.ts";
import type { InputSignature } from "../core/documents/receipt.ts";
import type { Id, Name } from "../core/identifier.ts";
import type { Instant } from "../core/instant.ts";
import type { AttemptState, PlanState, WithdrawalState } from "../core/states/edges.ts";

export type WithdrawalRow = {
  readonly id: Id;
  readonly customer: Id;
  readonly amount: Amount;
  readonly account: AccountId;
  readonly beneficiary: Digest;
  readonly clientKey: string;
  readonly bodyHash: Digest;
  readonly intent: Digest | undefined;
  /** When its intent ends. */
  readonly expires: Instant | undefined;
  readonly state: WithdrawalState;
  readonly reason: string | undefined;
  /** Why it is held, or was last. */
  readonly code: Name | undefined;
  /** Who has put it on hold by hand; undefined where a rule holds it. */
  readonly holder: string | undefined;
  /** Of what is blocked: the document by which two of compliance allow it. */
  readonly warrant: Digest | undefined;
  readonly plan: Id | undefined;
  readonly version: number;
};

export type PlanRow = {
  readonly id: Id;
  readonly wallet: Name;
  readonly digest: Digest;
  readonly state: PlanState;
  readonly version: number;
  readonly request: Digest | undefined;
  /** Canonical JSON of the base64 texts that the request carries as `previous`. */
  readonly previous: Uint8Array;
  /** The plan whose place this one takes. */
  readonly replaces: Id | undefined;
  readonly changeIndex: number | undefined;
  readonly feeUnits: bigint;
};

/** What a plan settles, with what counts against the policy row's limits. */
export type PlanIntentRow = {
  readonly intent: Digest;
  readonly withdrawal: Id | undefined;
  readonly row: Name;
  readonly units: bigint;
};

export type AttemptRow = {
  readonly id: Id;
  readonly plan: Id;
  /** Place in the plan's rungs; the cancel rung comes behind the last. */
  readonly rung: number;
  readonly kind: AttemptKind;
  readonly feeUnits: bigint;
  readonly txid: Digest;
  readonly state: AttemptState;
  readonly version: number;
  readonly wanted: Instant | undefined;
  /** What it did in its block, where a block may hold it without its effect, or at another fee. */
  readonly effect: Effected | undefined;
};

export type ReceiptRow = {
  readonly receipt: Digest;
  readonly request: Digest;
  readonly signer: Name;
  readonly epoch: number;
  readonly refusal: { readonly gate: string; readonly rule: string } | undefined;
  readonly audit: { readonly epoch: number; readonly size: number } | undefined;
};

export type RungSignatureRow = {
  readonly plan: Id;
  readonly rung: number;
  readonly source: string;
  readonly txid: Digest;
  readonly signatures: readonly InputSignature[];
};

export type CustomerRow = { readonly id: Id; readonly ref: string; readonly state: "OPEN" | "CLOSED" };

/** What a withdrawal takes of the online limits, valued when it was asked for. */
export type LimitUseRow = {
  readonly withdrawal: Id;
  readonly customer: Id;
  readonly account: AccountId;
  readonly amount: Amount;
  readonly tier: Name;
  readonly value:
    | { readonly currency: Currency; readonly minorUnits: bigint; readonly rates: Digest }
    | undefined;
};

/** A halt that this host alone knows. */
export type HaltFlagRow = { readonly scope: HaltScope; readonly code: Name; readonly raisedBy: string };
