/** What following a plan needs of a store, beside what all do. `Tx` is a write transaction, opaque here. */
import type { Digest } from "../../core/digest.ts";
import type { Id } from "../../core/identifier.ts";
import type { AttemptRow, PlanRow } from "../rows.ts";

export type FollowingPorts<Tx> = {
  /** Plans that spend an output of a transaction of ours that no block held when they were built. */
  childrenOf(tx: Tx, transaction: Digest): readonly PlanRow[];
  wantAttempt(tx: Tx, id: Id): AttemptRow;
};
