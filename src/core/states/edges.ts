/**
 * The legal edges of each entity, in one frozen table. Code moves rows only along them, and the database's trigger
 * refuses every other move (its table is generated from this one, and a test compares the two). Each issue adds the
 * edges that its work makes real; `docs/states.md` has the whole picture.
 */
import { declareError } from "../errors.ts";

export const STATE_CONFLICT = declareError(
  "STATE_CONFLICT",
  "conflict",
  "A row is not in a state from which this step is legal.",
);

type Edges<State extends string> = { readonly [From in State]: readonly State[] };

function frozen<const Table extends Readonly<Record<string, readonly string[]>>>(table: Table): Table {
  for (const next of Object.values(table)) Object.freeze(next);
  return Object.freeze(table);
}

/** A withdrawal is the promise to a client. */
export const WITHDRAWAL_EDGES = frozen({
  REQUESTED: ["PENDING_APPROVAL", "CANCELLED"],
  PENDING_APPROVAL: ["READY", "REJECTED", "CANCELLED"],
  READY: ["PLANNED"],
  PLANNED: ["EXPORTED", "READY"],
  EXPORTED: ["SIGNED"],
  SIGNED: ["BROADCASTING"],
  BROADCASTING: ["BROADCAST", "UNCERTAIN", "CONFIRMING"],
  UNCERTAIN: ["BROADCASTING", "BROADCAST", "CONFIRMING"],
  BROADCAST: ["UNCERTAIN", "CONFIRMING"],
  CONFIRMING: ["BROADCAST", "COMPLETED"],
  COMPLETED: ["BROADCAST"],
  REJECTED: [],
  CANCELLED: [],
} as const satisfies Edges<WithdrawalState>);

export type WithdrawalState =
  | "REQUESTED"
  | "PENDING_APPROVAL"
  | "READY"
  | "PLANNED"
  | "EXPORTED"
  | "SIGNED"
  | "BROADCASTING"
  | "UNCERTAIN"
  | "BROADCAST"
  | "CONFIRMING"
  | "COMPLETED"
  | "REJECTED"
  | "CANCELLED";

/** A plan is a batch of intents with leased conflict keys. A plan that never left the machine may be dropped. */
export const PLAN_EDGES = frozen({
  DRAFT: ["EXPORTED", "DROPPED"],
  EXPORTED: ["SIGNED"],
  SIGNED: ["SETTLED"],
  SETTLED: ["SIGNED"],
  DROPPED: [],
} as const satisfies Edges<PlanState>);

export type PlanState = "DRAFT" | "EXPORTED" | "SIGNED" | "SETTLED" | "DROPPED";

/** An attempt is the concrete signed bytes of one rung. It is live until proven dead. */
export const ATTEMPT_EDGES = frozen({
  SIGNED: ["BROADCASTING"],
  BROADCASTING: ["BROADCAST", "UNCERTAIN", "CONFIRMING"],
  UNCERTAIN: ["BROADCASTING", "BROADCAST", "CONFIRMING"],
  BROADCAST: ["UNCERTAIN", "CONFIRMING"],
  CONFIRMING: ["BROADCAST", "FINAL"],
  FINAL: ["BROADCAST"],
} as const satisfies Edges<AttemptState>);

export type AttemptState = "SIGNED" | "BROADCASTING" | "UNCERTAIN" | "BROADCAST" | "CONFIRMING" | "FINAL";

export const EDGES = Object.freeze({
  withdrawal: WITHDRAWAL_EDGES,
  plan: PLAN_EDGES,
  attempt: ATTEMPT_EDGES,
});
export type Entity = keyof typeof EDGES;
export type StateOf = { withdrawal: WithdrawalState; plan: PlanState; attempt: AttemptState };

/** Asserts that `to` may follow `from`. @throws STATE_CONFLICT */
export function assertEdge<E extends Entity>(entity: E, id: string, from: StateOf[E], to: StateOf[E]): void {
  const edges: Readonly<Record<string, readonly string[]>> = EDGES[entity];
  // A damaged row may hold any text, "constructor" too.
  if (Object.hasOwn(edges, from) && edges[from]?.includes(to) === true) return;
  throw STATE_CONFLICT(`${entity} ${id} is ${from} and cannot become ${to}`, {
    field: `${entity}.state`,
    hint: entity === "withdrawal" ? `custody withdraw show ${id}` : "custody status",
    details: { entity, from, to },
  });
}
