/**
 * What a withdrawal waits for in each state, for how long that is nothing to worry about, and what is typed when it has
 * taken longer. One table: status, queue, timeline and alerts say the same. Pure.
 */
import { addSeconds, type Instant } from "../core/instant.ts";
import type { Id } from "../core/identifier.ts";
import type { WithdrawalState } from "../core/states/edges.ts";

export type Waiting = {
  /** What happens next, and who brings it about. */
  readonly on: string;
  /** Seconds in the state after which a person looks at it; undefined: it may stand there for good. */
  readonly patienceSeconds: number | undefined;
  /** A runnable command. */
  readonly next: (about: { readonly id: Id; readonly plan?: Id | undefined }) => string;
};

const [MINUTE, HOUR, DAY] = [60, 3600, 86_400];
const show = ({ id }: { readonly id: Id }) => `custody withdraw show ${id}`;
const withPlan =
  (words: string) =>
  ({ id, plan }: { readonly id: Id; readonly plan?: Id | undefined }) =>
    plan === undefined ? show({ id }) : words.replace("PLAN", plan);

export const WAITING_FOR: Readonly<Partial<Record<WithdrawalState, Waiting>>> = {
  REQUESTED: { on: "its screening, in the same step", patienceSeconds: MINUTE, next: show },
  SCREENING: { on: "its screening, in the same step", patienceSeconds: MINUTE, next: show },
  ON_HOLD: {
    on: "compliance",
    patienceSeconds: DAY,
    next: ({ id }) => `custody policy explain ${id}   (then: custody withdraw unhold ${id})`,
  },
  PENDING_APPROVAL: {
    on: "approvers, at their desks",
    patienceSeconds: DAY,
    next: ({ id }) => `custody withdraw bundle ${id} --out bundle.json`,
  },
  COOLING: { on: "its release or clearance, once the delay is over", patienceSeconds: 3 * DAY, next: show },
  READY: {
    on: "a plan",
    patienceSeconds: 4 * HOUR,
    next: () => "custody withdraw build --wallet NAME",
  },
  PLANNED: {
    on: "its plan's export",
    patienceSeconds: HOUR,
    next: withPlan("custody withdraw export PLAN --out request.json"),
  },
  EXPORTED: {
    on: "signers, across the gap",
    patienceSeconds: DAY,
    next: () => "custody withdraw import receipt.json",
  },
  SIGNED: {
    on: "the watcher; or signers, of the plan that takes its plan's place",
    patienceSeconds: 30 * MINUTE,
    next: () => "custody-watcher once",
  },
  BROADCASTING: { on: "a node's answer", patienceSeconds: 10 * MINUTE, next: () => "custody-watcher once" },
  UNCERTAIN: {
    on: "a node that knows it, or its being sent again",
    patienceSeconds: 30 * MINUTE,
    next: () => "custody-watcher once   (docs/runbooks/lying-node.md)",
  },
  BROADCAST: {
    on: "a block",
    patienceSeconds: 30 * MINUTE,
    next: withPlan("custody withdraw bump PLAN   (docs/runbooks/stuck-fee.md)"),
  },
  CONFIRMING: { on: "more blocks", patienceSeconds: 6 * HOUR, next: () => "custody-watcher status" },
  REVOKING: {
    on: "signers' voids, and the end of all that they may have signed",
    patienceSeconds: DAY,
    next: show,
  },
  EXPIRED: { on: "people: a new generation, or its end", patienceSeconds: HOUR, next: show },
  FAILED_ONCHAIN: { on: "people: paid again, or its hold released", patienceSeconds: HOUR, next: show },
  BLOCKED: {
    on: "two persons of compliance",
    patienceSeconds: undefined,
    next: ({ id }) => `custody policy explain ${id}`,
  },
};

/** States from which nothing follows by itself or by anybody's doing. */
export function isOpen(state: WithdrawalState): boolean {
  return WAITING_FOR[state] !== undefined;
}

/** Whoever entered `state` before this instant has waited too long at `now`; undefined where nobody can. */
export function overdueSince(state: WithdrawalState, now: Instant): Instant | undefined {
  const patience = WAITING_FOR[state]?.patienceSeconds;
  return patience === undefined ? undefined : addSeconds(now, -patience);
}
