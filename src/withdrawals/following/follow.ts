/** An attempt moves: its plan, the plans it competes with, the withdrawals and the books move with it. */
import { assetFacts, feeAsset, nativeAsset } from "../../core/asset.ts";
import type { Effected } from "../../chains/chain-node.ts";
import { assert } from "../../core/errors.ts";
import type { Id } from "../../core/identifier.ts";
import { feeShare, postFee, postUnfee } from "../../core/ledger.ts";
import type { Policy } from "../../core/policy/policy.ts";
import type { AttemptEvent, AttemptState } from "../../core/states/attempt.ts";
import type { PlanStanding } from "../../core/states/plan.ts";
import type { Settlement } from "../../core/states/holds.ts";
import { freeMembers } from "./free-members.ts";
import { standingAlone } from "./give-back.ts";
import { endOrphans, reviveOrphans } from "./orphans.ts";
import type { LifePorts } from "../ports.ts";
import type { DecidingPorts } from "../deciding/ports.ts";
import type { FollowingPorts } from "./ports.ts";
import type { AttemptRow, PlanRow, WithdrawalRow } from "../rows.ts";
import { releaseIfClosed } from "../ending/revoke.ts";
import { endIfClosed } from "../../treasury/close.ts";
import { standMovements } from "../../treasury/stand.ts";
import { paidFor, paysAt, stand } from "../stand.ts";
import { stepAttempt, stepPlan } from "../step.ts";
import { stopSuperseded, surface } from "./surface.ts";

type Changes = {
  readonly block?: { readonly hash: string; readonly height: number } | null | undefined;
  readonly effect?: Effected | undefined;
};

/** Something happens to attempt `id`: it moves, and everything that stands or falls with it. */
export function followAttempt<Tx>(
  ports: LifePorts<Tx> & DecidingPorts<Tx> & FollowingPorts<Tx>,
  tx: Tx,
  id: Id,
  event: AttemptEvent,
  { policy, ...changes }: Changes & { readonly policy: Policy },
): AttemptRow {
  const before = ports.getAttempt(tx, id);
  const moved = stepAttempt(ports, tx, before, event, changes);
  const to = moved.state;
  surfaceIfDead(ports, tx, before, to);
  if (to === "CONFIRMING" && before.kind === "rung") stopSuperseded(ports, tx, before);
  if (to === "FINAL") settleLine(ports, tx, before);
  if (to === "FINAL") endOrphans(ports, tx, before, policy);
  if (before.state === "FINAL") unsettleLine(ports, tx, before);
  const standing = (plan: PlanRow) => standsWithoutWinner(ports, tx, plan, ports.lineOf(tx, plan.id));
  if (before.state === "FINAL") reviveOrphans(ports, tx, before, policy, standing);
  const line = ports.lineOf(tx, before.plan);
  const members = new Map<Id, WithdrawalRow>();
  for (const plan of line)
    for (const withdrawal of ports.withdrawalsOf(tx, plan.id)) members.set(withdrawal.id, withdrawal);
  for (const withdrawal of members.values()) {
    const stands = stand(ports, tx, withdrawal, event, settlementOf(ports, tx, before, withdrawal));
    if (to === "FINAL") releaseIfClosed(ports, tx, stands, policy);
  }
  for (const movement of standMovements(ports, tx, line, event, before))
    if (to === "FINAL") endIfClosed(ports, tx, movement, policy);
  return moved;
}

// A plan that was ended by its own cancel rung may be declared dead before that is final here; its books wait for that.
function surfaceIfDead<Tx>(ports: LifePorts<Tx>, tx: Tx, attempt: AttemptRow, to: AttemptState): void {
  const plan = ports.getPlan(tx, attempt.plan);
  const settles = to === "FINAL" || (to === "CONFIRMING" && attempt.kind === "rung");
  if (plan.state !== "DEAD" || !settles) return;
  const back = standsWithoutWinner(ports, tx, plan, ports.lineOf(tx, plan.id));
  assert(back !== "DRAFT", "a dead plan has left the machine");
  surface(ports, tx, plan, attempt, back);
}

function settlementOf<Tx>(
  ports: LifePorts<Tx>,
  tx: Tx,
  attempt: AttemptRow,
  withdrawal: WithdrawalRow,
): Settlement | undefined {
  const pays = paysAt(ports, tx, attempt, withdrawal);
  if (pays === undefined) return undefined;
  const { wallet } = ports.getPlan(tx, attempt.plan);
  const feeAsset = nativeAsset(assetFacts(withdrawal.amount.asset).chain);
  return { wallet, feeUnits: feeShare(paidFor(attempt), pays.place, pays.count), feeAsset };
}

// One attempt is final: its plan has won, and all that compete with it share a conflict key that is spent now (I4).
function settleLine<Tx>(ports: LifePorts<Tx>, tx: Tx, attempt: AttemptRow): void {
  for (const plan of ports.lineOf(tx, attempt.plan)) {
    if (plan.id === attempt.plan) {
      if (paysItsFeeAlone(ports, tx, attempt)) ports.post(tx, postFee(feeOf(ports, tx, plan, attempt)));
      stepPlan(ports, tx, plan, { type: attempt.kind === "cancel" ? "cancelled" : "settled" });
    } else if (plan.state !== "DEAD") {
      stepPlan(ports, tx, plan, { type: "beaten" });
      // A draft that has lost is dropped: what it was to settle waits for another, or for its end.
      if (plan.state === "DRAFT") freeMembers(ports, tx, plan);
    }
  }
}

// A reorganisation beyond the policy's depth: what was dead may settle again. Coins that were given back stay free.
function unsettleLine<Tx>(ports: LifePorts<Tx>, tx: Tx, attempt: AttemptRow): void {
  const line = ports.lineOf(tx, attempt.plan);
  for (const plan of line) {
    if (plan.id === attempt.plan && paysItsFeeAlone(ports, tx, attempt))
      ports.post(tx, postUnfee(feeOf(ports, tx, plan, attempt)));
    const at = standsWithoutWinner(ports, tx, plan, line);
    if (at !== "DRAFT" && plan.state !== at)
      stepPlan(ports, tx, plan, { type: "stands", at, why: "unsettled" });
  }
}

// Of a cancel rung, and of a movement without its effect, nothing is booked but the fee; a token's is booked beside it. Members of a plan that had none book
// their shares themselves.
function paysItsFeeAlone<Tx>(ports: LifePorts<Tx>, tx: Tx, { kind, effect, plan }: AttemptRow): boolean {
  const movement = ports.movementOfPlan(tx, plan);
  const inToken = movement !== undefined && feeAsset(movement.asset) !== movement.asset;
  return kind === "cancel" || inToken || (effect?.failed === true && movement !== undefined);
}

/** The state of a plan whose line nobody has won any more: of those that have left, each may settle again. */
function standsWithoutWinner<Tx>(
  ports: LifePorts<Tx>,
  tx: Tx,
  plan: PlanRow,
  line: readonly PlanRow[],
): PlanStanding | "DRAFT" {
  if (plan.state === "DRAFT") return "DRAFT";
  return line.some(({ replaces }) => replaces === plan.id) ? "REPLACED" : standingAlone(ports, tx, plan);
}

function feeOf<Tx>(ports: LifePorts<Tx>, tx: Tx, { id, wallet }: PlanRow, attempt: AttemptRow) {
  const [member] = ports.withdrawalsOf(tx, id);
  const moved = member?.amount.asset ?? ports.movementOfPlan(tx, id)?.asset;
  assert(moved !== undefined, "a plan settles withdrawals or a movement");
  return { plan: id, wallet, asset: nativeAsset(assetFacts(moved).chain), units: paidFor(attempt) };
}
