/**
 * Time is up: an intent whose end has passed before its plan left can never be signed, for every signer refuses it. It
 * does not wait for ever as if it could: a withdrawal is EXPIRED until it is asked for anew or called off, and its draft
 * plan gives its coins back. What has left is another matter: a signer may have signed it in time, so it is live (law 3).
 */
import { UNEXPORTED } from "../../core/states/stages.ts";
import type { Id } from "../../core/identifier.ts";
import type { Instant } from "../../core/instant.ts";
import { stepMovement } from "../../treasury/step.ts";
import { dropPlan } from "../crossing/export.ts";
import type { LifePorts } from "../ports.ts";
import { stepWithdrawal } from "../step.ts";

/** Moved in one pass; the next takes the next. */
const DUE_MAX = 500;

/** What was not planned in time. */
export type Overdue = { readonly entity: "withdrawal" | "movement"; readonly id: Id };

/** Those with no exported plan whose intent has ended before `now`, the first that ended first. */
export type OverduePorts<Reader> = {
  overdueWithdrawals(reader: Reader, now: Instant, limit: number): readonly { readonly id: Id }[];
  overdueMovements(reader: Reader, now: Instant, limit: number): readonly { readonly id: Id }[];
};

/** What is overdue at `now`, at most `DUE_MAX` of each kind. */
export function overdueAt<Reader>(
  ports: OverduePorts<Reader>,
  reader: Reader,
  now: Instant,
): readonly Overdue[] {
  const withdrawals = ports.overdueWithdrawals(reader, now, DUE_MAX);
  const movements = ports.overdueMovements(reader, now, DUE_MAX);
  return [
    ...withdrawals.map(({ id }) => ({ entity: "withdrawal", id }) as const),
    ...movements.map(({ id }) => ({ entity: "movement", id }) as const),
  ];
}

const WAITING: ReadonlySet<string> = new Set(UNEXPORTED);

/** Moves one to EXPIRED. @returns false where it has left, ended or been asked for anew since it was looked for */
export function expire<Tx>(ports: LifePorts<Tx>, tx: Tx, { entity, id }: Overdue, now: Instant): boolean {
  const { state, expires } =
    entity === "withdrawal" ? ports.getWithdrawal(tx, id) : ports.getMovement(tx, id);
  if (!WAITING.has(state) || expires === undefined || expires >= now) return false;
  if (entity === "withdrawal") expireWithdrawal(ports, tx, id);
  else expireMovement(ports, tx, id);
  return true;
}

function expireWithdrawal<Tx>(ports: LifePorts<Tx>, tx: Tx, id: Id): void {
  const { state, plan } = ports.getWithdrawal(tx, id);
  if (state === "PLANNED" && plan !== undefined) dropPlan(ports, tx, ports.getPlan(tx, plan));
  stepWithdrawal(ports, tx, ports.getWithdrawal(tx, id), { type: "intent expired" });
}

function expireMovement<Tx>(ports: LifePorts<Tx>, tx: Tx, id: Id): void {
  const plans = ports.plansOfMovement(tx, ports.getMovement(tx, id));
  for (const plan of plans) if (plan.state === "DRAFT") dropPlan(ports, tx, plan);
  stepMovement(ports, tx, ports.getMovement(tx, id), { type: "intent expired" });
}
