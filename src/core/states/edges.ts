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

/**
 * A withdrawal is the promise to a client. COOLING: approved, waits for its release or clearance. REVOKING: approved,
 * and not wanted any more; its hold is kept until law 3 is met, or it is paid because it won the race. EXPIRED: what
 * was signed for it can never settle; only a new generation, approved afresh, can pay it (law 4).
 */
export const WITHDRAWAL_EDGES = frozen({
  REQUESTED: ["PENDING_APPROVAL", "CANCELLED"],
  PENDING_APPROVAL: ["COOLING", "READY", "REJECTED", "CANCELLED", "REVOKING"],
  COOLING: ["READY", "REVOKING"],
  READY: ["PLANNED", "REVOKING"],
  PLANNED: ["EXPORTED", "READY", "REVOKING"],
  EXPORTED: ["SIGNED", "EXPIRED", "REVOKING"],
  SIGNED: ["BROADCASTING", "CONFIRMING", "EXPIRED", "REVOKING"],
  BROADCASTING: ["BROADCAST", "UNCERTAIN", "CONFIRMING", "EXPIRED", "REVOKING"],
  UNCERTAIN: ["BROADCASTING", "BROADCAST", "CONFIRMING", "EXPIRED", "REVOKING"],
  BROADCAST: ["UNCERTAIN", "BROADCASTING", "CONFIRMING", "EXPIRED", "REVOKING"],
  CONFIRMING: ["BROADCAST", "UNCERTAIN", "BROADCASTING", "COMPLETED", "EXPIRED", "REVOKING"],
  COMPLETED: ["BROADCAST", "UNCERTAIN", "CONFIRMING", "REVOKING"],
  EXPIRED: [
    "PENDING_APPROVAL",
    "EXPORTED",
    "SIGNED",
    "BROADCASTING",
    "UNCERTAIN",
    "BROADCAST",
    "CONFIRMING",
    "REVOKING",
  ],
  REVOKING: ["REJECTED", "CANCELLED", "CONFIRMING"],
  REJECTED: [],
  CANCELLED: [],
} as const satisfies Edges<WithdrawalState>);

export type WithdrawalState =
  | "REQUESTED"
  | "PENDING_APPROVAL"
  | "COOLING"
  | "READY"
  | "PLANNED"
  | "EXPORTED"
  | "SIGNED"
  | "BROADCASTING"
  | "UNCERTAIN"
  | "BROADCAST"
  | "CONFIRMING"
  | "COMPLETED"
  | "EXPIRED"
  | "REVOKING"
  | "REJECTED"
  | "CANCELLED";

// The first state is a customer's: a movement is asked for by our own people, and begins with the approvals.
const { REQUESTED: _, ...WITHOUT_CUSTOMER } = WITHDRAWAL_EDGES;

/**
 * A movement is an intent that is no customer's: a transfer, a consolidation, a cancel, a message. Its states are a
 * withdrawal's. It holds nobody's money, so that it ends without voids while no plan of it has left the machine. It has
 * one generation: an EXPIRED one is asked for anew, for nothing is owed by it. A message (`attest`) is COMPLETED by its
 * signatures, from where the export has put it: nothing is ever sent.
 */
export const MOVEMENT_EDGES = frozen({
  ...WITHOUT_CUSTOMER,
  EXPORTED: [...WITHOUT_CUSTOMER.EXPORTED, "COMPLETED"],
  REVOKING: [...WITHOUT_CUSTOMER.REVOKING, "COMPLETED"],
  EXPIRED: ["EXPORTED", "SIGNED", "BROADCASTING", "UNCERTAIN", "BROADCAST", "CONFIRMING", "REVOKING"],
} as const satisfies Edges<MovementState>);

export type MovementState = Exclude<WithdrawalState, "REQUESTED">;

/**
 * A plan is a batch of intents with leased conflict keys. Only one that never left the machine may be dropped.
 * REPLACED: a later plan over the same conflict keys is to take its place; it may still win. SETTLED: one of its rungs
 * is final. CANCELLED: its cancel rung is. DEAD: it can never settle, for somebody else spent what it needs, or enough
 * signers have closed one of its families. A deep reorganisation takes the last three back; a block that holds an attempt
 * of a DEAD one does too. ATTESTED: the plan of a message has its signatures; it has no transaction that could be sent, and
 * never becomes SIGNED.
 */
export const PLAN_EDGES = frozen({
  DRAFT: ["EXPORTED", "DROPPED"],
  EXPORTED: ["SIGNED", "ATTESTED", "REPLACED", "DEAD"],
  ATTESTED: [],
  SIGNED: ["SETTLED", "CANCELLED", "REPLACED", "DEAD"],
  REPLACED: ["EXPORTED", "SIGNED", "SETTLED", "CANCELLED", "DEAD"],
  SETTLED: ["SIGNED", "REPLACED"],
  CANCELLED: ["SIGNED", "REPLACED"],
  DEAD: ["EXPORTED", "SIGNED", "REPLACED"],
  DROPPED: [],
} as const satisfies Edges<PlanState>);

export type PlanState =
  | "DRAFT"
  | "EXPORTED"
  | "ATTESTED"
  | "SIGNED"
  | "REPLACED"
  | "SETTLED"
  | "CANCELLED"
  | "DEAD"
  | "DROPPED";

/** An attempt is the concrete signed bytes of one rung. It is live until proven dead. */
export const ATTEMPT_EDGES = frozen({
  SIGNED: ["BROADCASTING", "CONFIRMING"],
  BROADCASTING: ["BROADCAST", "UNCERTAIN", "CONFIRMING"],
  UNCERTAIN: ["BROADCASTING", "BROADCAST", "CONFIRMING"],
  BROADCAST: ["UNCERTAIN", "CONFIRMING"],
  CONFIRMING: ["BROADCAST", "FINAL"],
  FINAL: ["BROADCAST"],
} as const satisfies Edges<AttemptState>);

export type AttemptState = "SIGNED" | "BROADCASTING" | "UNCERTAIN" | "BROADCAST" | "CONFIRMING" | "FINAL";

/**
 * What is known of a customer (KYC). Only a review accepts; a suspension ends by another review, never by itself. Who
 * submits again is not accepted until that is reviewed.
 */
export const KYC_EDGES = frozen({
  NONE: ["SUBMITTED"],
  SUBMITTED: ["ACCEPTED", "REJECTED"],
  ACCEPTED: ["SUSPENDED", "SUBMITTED"],
  REJECTED: ["SUBMITTED"],
  SUSPENDED: ["ACCEPTED", "REJECTED", "SUBMITTED"],
} as const satisfies Edges<KycState>);

export type KycState = "NONE" | "SUBMITTED" | "ACCEPTED" | "REJECTED" | "SUSPENDED";

export const EDGES = Object.freeze({
  withdrawal: WITHDRAWAL_EDGES,
  movement: MOVEMENT_EDGES,
  plan: PLAN_EDGES,
  attempt: ATTEMPT_EDGES,
  kyc: KYC_EDGES,
});
export type Entity = keyof typeof EDGES;
export type StateOf = {
  withdrawal: WithdrawalState;
  movement: MovementState;
  plan: PlanState;
  attempt: AttemptState;
  kyc: KycState;
};

const SHOWN: Partial<Record<Entity, (id: string) => string>> = {
  withdrawal: (id) => `custody withdraw show ${id}`,
  movement: (id) => `custody intent show ${id}`,
};

/** Asserts that `to` may follow `from`. @throws STATE_CONFLICT */
export function assertEdge<E extends Entity>(entity: E, id: string, from: StateOf[E], to: StateOf[E]): void {
  const edges: Readonly<Record<string, readonly string[]>> = EDGES[entity];
  // A damaged row may hold any text, "constructor" too.
  if (Object.hasOwn(edges, from) && edges[from]?.includes(to) === true) return;
  throw STATE_CONFLICT(`${entity} ${id} is ${from} and cannot become ${to}`, {
    field: `${entity}.state`,
    hint: SHOWN[entity]?.(id) ?? "custody status",
    details: { entity, from, to },
  });
}
