/** What building a plan needs of a store, beside what all do. `Tx` is a write transaction, opaque here. */
import type { AccountId } from "../../core/account.ts";
import type { Id, Name } from "../../core/identifier.ts";
import type { Instant } from "../../core/instant.ts";
import type { Spending } from "../../core/policy/limits.ts";
import type { PlanIntentRow, PlanRow } from "../rows.ts";

type NewPlan = Pick<
  PlanRow,
  "id" | "wallet" | "digest" | "previous" | "replaces" | "changeIndex" | "feeUnits"
> & {
  readonly snapshot: Uint8Array;
  readonly build: Uint8Array;
  readonly intents: readonly PlanIntentRow[];
};

export type PlanningPorts<Tx> = {
  /** Every plan that was ever built over a conflict key. */
  plansOver(tx: Tx, key: string): readonly Id[];
  insertAddress(
    tx: Tx,
    address: { account: AccountId; wallet: Name; branch: 0 | 1; index: number; customer?: Id | undefined },
  ): unknown;
  insertPlan(tx: Tx, plan: NewPlan, conflictKeys: readonly string[]): PlanRow;
  /** What plans since `from` pay and cost, those of `except` left out. */
  spendingsSince(tx: Tx, from: Instant, except: readonly Id[]): readonly Spending[];
};
