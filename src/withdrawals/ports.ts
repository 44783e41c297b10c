/**
 * What the withdrawal use cases need of a store. `Tx` is a write transaction, opaque here: everything that a use case
 * changes is committed together with its audit rows, or not at all. `src/store` implements these by plain functions.
 */
import type { AccountId } from "../core/account.ts";
import type { Amount } from "../core/amount.ts";
import type { ChainId } from "../core/chain.ts";
import type { Currency } from "../core/currency.ts";
import type { Digest } from "../core/digest.ts";
import type { Document, DocumentHeader, DocumentType } from "../core/document.ts";
import type { Head } from "../core/documents/approval.ts";
import type { HaltScope } from "../core/documents/halt.ts";
import type { BeneficiaryDocument } from "../core/documents/beneficiary.ts";
import type { RatesDocument } from "../core/documents/rates.ts";
import type { InputSignature } from "../core/documents/receipt.ts";
import type { Id, Name } from "../core/identifier.ts";
import type { Instant } from "../core/instant.ts";
import type { Posting } from "../core/ledger.ts";
import type { Spending } from "../core/policy/limits.ts";
import type { Use } from "../core/policy/online/judge.ts";
import type { Scope } from "../core/policy/online/section.ts";
import type { AttemptState, PlanState, WithdrawalState } from "../core/states/edges.ts";
import type { WithdrawalChanges } from "../core/states/withdrawal-events.ts";
import type { MovementPorts } from "../treasury/ports.ts";
import type { BlockPorts } from "./following/blocks.ts";
import type { KycRecord } from "../kyc/ports.ts";

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
  readonly kind: "rung" | "cancel";
  readonly feeUnits: bigint;
  readonly txid: Digest;
  readonly state: AttemptState;
  readonly version: number;
  readonly wanted: Instant | undefined;
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

export type WalletRow = {
  readonly name: Name;
  readonly chain: ChainId;
  readonly descriptor: string;
  readonly nextReceive: number;
  readonly nextChange: number;
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
type UsePlace = { readonly at: Instant; readonly seq: number };

type NewWithdrawal = Pick<
  WithdrawalRow,
  "id" | "customer" | "amount" | "account" | "beneficiary" | "clientKey" | "bodyHash"
> & {
  readonly intent?: Digest | undefined;
  readonly expires?: Instant | undefined;
};
type NewPlan = Pick<
  PlanRow,
  "id" | "wallet" | "digest" | "previous" | "replaces" | "changeIndex" | "feeUnits"
> & {
  readonly snapshot: Uint8Array;
  readonly build: Uint8Array;
  readonly intents: readonly PlanIntentRow[];
};
type NewAttempt = Pick<AttemptRow, "id" | "plan" | "rung" | "kind" | "feeUnits" | "txid"> & {
  readonly bytes: Uint8Array;
};
/** A halt that this host alone knows. */
export type HaltFlagRow = { readonly scope: HaltScope; readonly code: Name; readonly raisedBy: string };
type Step<State> = { readonly version: number; readonly to: State; readonly event: string };
export type WithdrawalPorts<Tx> = {
  /** Those in force. */
  haltFlags(tx: Tx): readonly HaltFlagRow[];
  findCustomerByRef(tx: Tx, ref: string): CustomerRow | undefined;
  findAddress(tx: Tx, account: AccountId): { readonly wallet: Name } | undefined;
  /** Accounts that are known here, ours and signed destinations, and end in the same four characters; the account itself too. */
  accountsEndingAlike(tx: Tx, account: AccountId): readonly AccountId[];
  documentDigests(tx: Tx, kind: string): readonly Digest[];
  findDocument<Body extends DocumentHeader>(
    tx: Tx,
    type: DocumentType<Body>,
    digest: Digest,
  ): Document<Body> | undefined;
  findDocuments<Body extends DocumentHeader>(
    tx: Tx,
    type: DocumentType<Body>,
    digests: readonly Digest[],
  ): readonly Document<Body>[];
  saveDocument<Body extends DocumentHeader>(tx: Tx, document: Document<Body>): Digest;
  insertWithdrawal(
    tx: Tx,
    withdrawal: NewWithdrawal,
  ): { readonly withdrawal: WithdrawalRow; readonly created: boolean };
  getWithdrawal(tx: Tx, id: Id): WithdrawalRow;
  findWithdrawal(tx: Tx, id: Id): WithdrawalRow | undefined;
  findWithdrawalByKey(tx: Tx, clientKey: string): WithdrawalRow | undefined;
  /** By the intent of any of its generations. */
  findWithdrawalByIntent(tx: Tx, intent: Digest): WithdrawalRow | undefined;
  withdrawalsOf(tx: Tx, plan: Id): readonly WithdrawalRow[];
  moveWithdrawal(tx: Tx, id: Id, step: Step<WithdrawalState>, changes?: WithdrawalChanges): WithdrawalRow;
  findKyc(tx: Tx, customer: Id): KycRecord | undefined;
  /** A deposit of a customer that has left the chain, and of which nobody has decided (F10). */
  findGoneDeposit(tx: Tx, customer: Id): { readonly coin: string } | undefined;
  /** The payment from our coins by an unknown transaction that may have been meant for it (F3). */
  findSighting(tx: Tx, withdrawal: Id): { readonly transaction: string } | undefined;
  /** The transaction, no attempt of ours, by which it is COMPLETED as two admins have said. */
  findForeignSettlement(tx: Tx, withdrawal: Id): { readonly transaction: string } | undefined;
  findBeneficiaries(tx: Tx, customer: Id, account: AccountId): readonly BeneficiaryDocument[];
  /** The rates in a currency that were issued last, in force or not. */
  findNewestRates(tx: Tx, currency: Currency): RatesDocument | undefined;
  insertLimitUse(tx: Tx, use: LimitUseRow): void;
  /** What was recorded of a withdrawal at its request, with its place among the others. */
  findLimitUse(tx: Tx, withdrawal: Id): (LimitUseRow & UsePlace) | undefined;
  /** What one scope has asked for since `from`, or before a place. */
  limitUses(tx: Tx, scope: Scope, subject: string, from: Instant, before?: UsePlace): readonly Use[];
  insertDecision(
    tx: Tx,
    withdrawal: Id,
    decision: { readonly kind: string; readonly digest: Digest; readonly content: Digest },
  ): void;
  decisionsOf(tx: Tx, withdrawal: Id, kind: string): readonly Digest[];
  /** Policies in force at some time since number `from`, the newest first. */
  policiesSince(tx: Tx, from: number): readonly { readonly digest: Digest }[];
  /** Whether this database may not be the whole truth, and nobody has signed that off. */
  inQuarantine(tx: Tx): boolean;
  /** Whether rows about it may be missing here for ever: it had begun when a quarantine over lost rows was open (F9). */
  mayLackRows(tx: Tx, entity: "withdrawal" | "movement", id: Id): boolean;
  post(tx: Tx, posting: Posting): void;
  getWallet(tx: Tx, name: Name): WalletRow;
  insertAddress(
    tx: Tx,
    address: { account: AccountId; wallet: Name; branch: 0 | 1; index: number; customer?: Id | undefined },
  ): unknown;
  insertPlan(tx: Tx, plan: NewPlan, conflictKeys: readonly string[]): PlanRow;
  getPlan(tx: Tx, id: Id): PlanRow;
  findPlanByDigest(tx: Tx, digest: Digest): PlanRow | undefined;
  movePlan(
    tx: Tx,
    id: Id,
    step: Step<PlanState>,
    changes?: { readonly request?: Digest | undefined },
  ): PlanRow;
  intentsOfPlan(tx: Tx, plan: Id): readonly PlanIntentRow[];
  /** Plans that spend an output of a transaction of ours that no block held when they were built. */
  childrenOf(tx: Tx, transaction: Digest): readonly PlanRow[];
  /** All plans that compete with one, itself included, the oldest first. */
  lineOf(tx: Tx, plan: Id): readonly PlanRow[];
  plansOfWithdrawal(tx: Tx, withdrawal: Id): readonly PlanRow[];
  /** What plans since `from` pay and cost, those of `except` left out. */
  spendingsSince(tx: Tx, from: Instant, except: readonly Id[]): readonly Spending[];
  insertRequest(
    tx: Tx,
    request: {
      readonly request: Digest;
      readonly plan: Id;
      readonly audit: { readonly epoch: number; readonly size: number };
    },
  ): void;
  /** Sizes of the audit tree that requests of `epoch` have carried out, the newest first. */
  placesExported(tx: Tx, epoch: number, count: number): readonly number[];
  requestsOf(tx: Tx, plan: Id): readonly Digest[];
  insertReceipt(tx: Tx, receipt: ReceiptRow): void;
  insertHeads(
    tx: Tx,
    signer: Name,
    epoch: number,
    heads: readonly { readonly number: number; readonly head: Digest }[],
  ): void;
  lastHeads(tx: Tx): readonly (Head & { readonly number: number })[];
  numberOfHead(tx: Tx, head: Head): number | undefined;
  countersigned(tx: Tx): readonly { readonly signer: Name; readonly epoch: number; readonly size: number }[];
  /** The committed audit tree's newest root. */
  auditHead(tx: Tx): { readonly size: number; readonly root: Digest } | undefined;
  proveConsistency(tx: Tx, from: number): { readonly proof: readonly Digest[] };
  insertRungSignatures(tx: Tx, signatures: RungSignatureRow): void;
  rungSignaturesOf(tx: Tx, plan: Id): readonly RungSignatureRow[];
  insertAttempt(tx: Tx, attempt: NewAttempt): unknown;
  attemptsOf(tx: Tx, plan: Id): readonly AttemptRow[];
  getAttempt(tx: Tx, id: Id): AttemptRow;
  moveAttempt(
    tx: Tx,
    id: Id,
    step: Step<AttemptState>,
    changes?: { readonly block?: { readonly hash: string; readonly height: number } | null | undefined },
  ): AttemptRow;
  wantAttempt(tx: Tx, id: Id): AttemptRow;
} & MovementPorts<Tx> &
  Pick<BlockPorts<Tx>, "newSightings" | "insertSighting">;
