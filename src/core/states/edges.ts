/**
 * The legal edges of each entity, read out of the tables of its events. Code moves rows only along them, and the
 * database's trigger refuses every other move (its table is generated from this one, and a test compares the two).
 * `docs/states.md` draws them.
 */
import { ATTEMPT_MOVES, ATTEMPT_STATES, type AttemptState } from "./attempt.ts";
import { KYC_MOVES, KYC_STATES, type KycState } from "./kyc.ts";
import { MOVEMENT_MOVES, MOVEMENT_STATES, type MovementState } from "./movement.ts";
import { edgesOf, shown, STATE_CONFLICT } from "./moves.ts";
import { PLAN_MOVES, PLAN_STATES, type PlanState } from "./plan.ts";
import { WITHDRAWAL_STATES, type WithdrawalState } from "./withdrawal-states.ts";
import { WITHDRAWAL_MOVES } from "./withdrawal.ts";

export { STATE_CONFLICT } from "./moves.ts";
export type { AttemptState, KycState, MovementState, PlanState, WithdrawalState };

/** By entity and event: from which state to which. */
export const MOVES = Object.freeze({
  withdrawal: WITHDRAWAL_MOVES,
  movement: MOVEMENT_MOVES,
  plan: PLAN_MOVES,
  attempt: ATTEMPT_MOVES,
  kyc: KYC_MOVES,
});

export const WITHDRAWAL_EDGES = edgesOf(WITHDRAWAL_STATES, WITHDRAWAL_MOVES);
export const MOVEMENT_EDGES = edgesOf(MOVEMENT_STATES, MOVEMENT_MOVES);
export const KYC_EDGES = edgesOf(KYC_STATES, KYC_MOVES);

export const EDGES = Object.freeze({
  withdrawal: WITHDRAWAL_EDGES,
  movement: MOVEMENT_EDGES,
  plan: edgesOf(PLAN_STATES, PLAN_MOVES),
  attempt: edgesOf(ATTEMPT_STATES, ATTEMPT_MOVES),
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

/** Asserts that `to` may follow `from`. @throws STATE_CONFLICT */
export function assertEdge<E extends Entity>(entity: E, id: string, from: StateOf[E], to: StateOf[E]): void {
  const edges: Readonly<Record<string, readonly string[]>> = EDGES[entity];
  // A damaged row may hold any text, "constructor" too.
  if (Object.hasOwn(edges, from) && edges[from]?.includes(to) === true) return;
  throw STATE_CONFLICT(`${entity} ${id} is ${from} and cannot become ${to}`, {
    field: `${entity}.state`,
    hint: shown(entity, id),
    details: { entity, from, to },
  });
}
