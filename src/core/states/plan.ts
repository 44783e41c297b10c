/**
 * A plan is a batch of intents with leased conflict keys. Only one that never left the machine may be dropped.
 * REPLACED: a later plan over the same conflict keys is to take its place; it may still win. SETTLED: one of its rungs
 * is final. CANCELLED: its cancel rung is. DEAD: it can never settle, for somebody else spent what it needs, or enough
 * signers have closed one of its families. A deep reorganisation takes the last three back; a block that holds an attempt
 * of a DEAD one does too. ATTESTED: the plan of a message has its signatures; it has no transaction that could be sent, and
 * never becomes SIGNED.
 */
import type { Id } from "../identifier.ts";
import { from, movesOf, targetOf, type Transition } from "./moves.ts";

export const PLAN_STATES = [
  "DRAFT",
  "EXPORTED",
  "ATTESTED",
  "SIGNED",
  "REPLACED",
  "SETTLED",
  "CANCELLED",
  "DEAD",
  "DROPPED",
] as const;

export type PlanState = (typeof PLAN_STATES)[number];

const OUT = ["EXPORTED", "SIGNED", "REPLACED"] as const;
const OVER = ["SETTLED", "CANCELLED", "DEAD"] as const;

/** It has left the machine, and may settle. */
export const PLAN_OUT: ReadonlySet<PlanState> = new Set(OUT);

/** Nothing is to be expected of it any more, unless a reorganisation takes back what has ended it. */
export const PLAN_OVER: ReadonlySet<PlanState> = new Set(OVER);

/** Attempts of it may be on the network: a signature of it is here. */
export const PLAN_SIGNED: ReadonlySet<PlanState> = new Set(["SIGNED", "REPLACED"]);

/** Where a plan stands that has left the machine, while nobody has won its line (`withdrawals/follow.ts`). */
export type PlanStanding = (typeof OUT)[number];

export const PLAN_MOVES = movesOf<MoveName, PlanState>({
  exported: { DRAFT: "EXPORTED" },
  dropped: { DRAFT: "DROPPED" },
  signed: { EXPORTED: "SIGNED" },
  "message signed": { EXPORTED: "ATTESTED" },
  replaced: from(["EXPORTED", "SIGNED"], "REPLACED"),
  settled: from(["SIGNED", "REPLACED"], "SETTLED"),
  cancelled: from(["SIGNED", "REPLACED"], "CANCELLED"),
  beaten: { DRAFT: "DROPPED", ...from<PlanState>(OUT, "DEAD") },
  "proven dead": from(OUT, "DEAD"),
  "all its families are closed": from(OUT, "DEAD"),
  "at EXPORTED": from(["REPLACED", "DEAD"], "EXPORTED"),
  "at SIGNED": from(["REPLACED", ...OVER], "SIGNED"),
  "at REPLACED": from(OVER, "REPLACED"),
});

type Plain =
  | "exported"
  | "dropped"
  | "signed"
  | "message signed"
  | "settled"
  | "cancelled"
  | "beaten"
  | "proven dead"
  | "all its families are closed";

type MoveName = Plain | "replaced" | `at ${PlanStanding}`;

export type PlanEvent =
  | { readonly type: Plain }
  | { readonly type: "replaced"; readonly by: Id }
  /** What had ended it, or had taken its place, is gone. */
  | { readonly type: "stands"; readonly at: PlanStanding; readonly why: string };

/** What `event` makes of a plan. @throws STATE_CONFLICT */
export function planTransition(
  row: { readonly id: Id; readonly state: PlanState },
  event: PlanEvent,
): Transition<PlanState> {
  const move = event.type === "stands" ? (`at ${event.at}` as const) : event.type;
  return { to: targetOf("plan", row, PLAN_MOVES, move), event: auditedAs(event) };
}

function auditedAs(event: PlanEvent): string {
  switch (event.type) {
    case "stands":
      return event.why;
    case "replaced":
      return `replaced by ${event.by}`;
    case "settled":
    case "cancelled":
      return "final";
    case "beaten":
      return "another plan of its line is final";
    default:
      return event.type;
  }
}
