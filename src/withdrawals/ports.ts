/**
 * What the withdrawal use cases need of a store. `Tx` is a write transaction, opaque here: everything that a use case
 * changes is committed together with its audit rows, or not at all. `src/store` implements these by plain functions.
 */
import type { AccountId } from "../core/account.ts";
import type { Digest } from "../core/digest.ts";
import type { Document, DocumentHeader, DocumentType } from "../core/document.ts";
import type { Id, Name } from "../core/identifier.ts";
import type { Posting } from "../core/ledger.ts";
import type { AttemptState, PlanState, WithdrawalState } from "../core/states/edges.ts";
import type { WithdrawalChanges } from "../core/states/withdrawal-events.ts";
import type { MovementPorts } from "../treasury/ports.ts";
import type { BlockPorts } from "./following/blocks.ts";
import type { AttemptRow, PlanIntentRow, PlanRow, WithdrawalRow } from "./rows.ts";
import type { DecidingPorts } from "./deciding/ports.ts";
import type { IntakePorts } from "./intake/ports.ts";
import type { PlanningPorts } from "./planning/ports.ts";
import type { CrossingPorts } from "./crossing/ports.ts";
import type { FollowingPorts } from "./following/ports.ts";

type NewAttempt = Pick<AttemptRow, "id" | "plan" | "rung" | "kind" | "feeUnits" | "txid"> & {
  readonly bytes: Uint8Array;
};
type Step<State> = { readonly version: number; readonly to: State; readonly event: string };

/** What every room needs: documents, and withdrawals, plans and attempts as they stand and are moved. */
export type LifePorts<Tx> = {
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
  getWithdrawal(tx: Tx, id: Id): WithdrawalRow;
  findWithdrawal(tx: Tx, id: Id): WithdrawalRow | undefined;
  withdrawalsOf(tx: Tx, plan: Id): readonly WithdrawalRow[];
  moveWithdrawal(tx: Tx, id: Id, step: Step<WithdrawalState>, changes?: WithdrawalChanges): WithdrawalRow;
  /** The transaction, no attempt of ours, by which it is COMPLETED as two admins have said. */
  findForeignSettlement(tx: Tx, withdrawal: Id): { readonly transaction: string } | undefined;
  post(tx: Tx, posting: Posting): void;
  getPlan(tx: Tx, id: Id): PlanRow;
  findPlanByDigest(tx: Tx, digest: Digest): PlanRow | undefined;
  movePlan(
    tx: Tx,
    id: Id,
    step: Step<PlanState>,
    changes?: { readonly request?: Digest | undefined },
  ): PlanRow;
  intentsOfPlan(tx: Tx, plan: Id): readonly PlanIntentRow[];
  /** All plans that compete with one, itself included, the oldest first. */
  lineOf(tx: Tx, plan: Id): readonly PlanRow[];
  plansOfWithdrawal(tx: Tx, withdrawal: Id): readonly PlanRow[];
  requestsOf(tx: Tx, plan: Id): readonly Digest[];
  insertAttempt(tx: Tx, attempt: NewAttempt): unknown;
  attemptsOf(tx: Tx, plan: Id): readonly AttemptRow[];
  getAttempt(tx: Tx, id: Id): AttemptRow;
  moveAttempt(
    tx: Tx,
    id: Id,
    step: Step<AttemptState>,
    changes?: { readonly block?: { readonly hash: string; readonly height: number } | null | undefined },
  ): AttemptRow;
} & MovementPorts<Tx> &
  Pick<BlockPorts<Tx>, "newSightings" | "insertSighting">;

/** All of them: what a home puts together. A use case asks for those that it uses. */
export type WithdrawalPorts<Tx> = LifePorts<Tx> &
  IntakePorts<Tx> &
  DecidingPorts<Tx> &
  PlanningPorts<Tx> &
  CrossingPorts<Tx> &
  FollowingPorts<Tx>;
