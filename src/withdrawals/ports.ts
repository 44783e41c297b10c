/**
 * What the withdrawal use cases need of a store. `Tx` is a write transaction, opaque here: everything that a use case
 * changes is committed together with its audit rows, or not at all. `src/store` implements these by plain functions.
 */
import type { AccountId } from "../core/account.ts";
import type { Amount } from "../core/amount.ts";
import type { ChainId } from "../core/chain.ts";
import type { Digest } from "../core/digest.ts";
import type { Document, DocumentHeader, DocumentType } from "../core/document.ts";
import type { Id, Name } from "../core/identifier.ts";
import type { Posting } from "../core/ledger.ts";
import type { PlanState, WithdrawalState } from "../core/states/edges.ts";

export type WithdrawalRow = {
  readonly id: Id;
  readonly customer: Id;
  readonly amount: Amount;
  readonly account: AccountId;
  readonly beneficiary: Digest;
  readonly clientKey: string;
  readonly bodyHash: Digest;
  readonly intent: Digest | undefined;
  readonly state: WithdrawalState;
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
  readonly changeIndex: number | undefined;
  readonly feeUnits: bigint;
};

export type WalletRow = {
  readonly name: Name;
  readonly chain: ChainId;
  readonly descriptor: string;
  readonly nextReceive: number;
  readonly nextChange: number;
};

export type CustomerRow = { readonly id: Id; readonly ref: string; readonly state: "OPEN" | "CLOSED" };

type NewWithdrawal = Pick<
  WithdrawalRow,
  "id" | "customer" | "amount" | "account" | "beneficiary" | "clientKey" | "bodyHash"
> & {
  readonly intent?: Digest | undefined;
};
type NewPlan = Pick<PlanRow, "id" | "wallet" | "digest" | "changeIndex" | "feeUnits"> & {
  readonly snapshot: Uint8Array;
};
type NewAttempt = {
  readonly id: Id;
  readonly plan: Id;
  readonly rung: number;
  readonly txid: Digest;
  readonly bytes: Uint8Array;
};
type Step<State> = { readonly version: number; readonly to: State; readonly event: string };
type WithdrawalChanges = { readonly reason?: string | undefined; readonly plan?: Id | null | undefined };

export type WithdrawalPorts<Tx> = {
  findCustomerByRef(tx: Tx, ref: string): CustomerRow | undefined;
  findAddress(tx: Tx, account: AccountId): { readonly wallet: Name } | undefined;
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
  findWithdrawalByKey(tx: Tx, clientKey: string): WithdrawalRow | undefined;
  findWithdrawalByIntent(tx: Tx, intent: Digest): WithdrawalRow | undefined;
  withdrawalsOf(tx: Tx, plan: Id): readonly WithdrawalRow[];
  moveWithdrawal(tx: Tx, id: Id, step: Step<WithdrawalState>, changes?: WithdrawalChanges): WithdrawalRow;
  insertApproval(
    tx: Tx,
    withdrawal: Id,
    approval: { readonly digest: Digest; readonly content: Digest },
  ): void;
  approvalsOf(tx: Tx, withdrawal: Id): readonly Digest[];
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
  insertReceipt(tx: Tx, receipt: { readonly request: Digest; readonly receipt: Digest }): void;
  insertAttempt(tx: Tx, attempt: NewAttempt): unknown;
};
