/**
 * Plans that spend change which no block held yet (CPFP, `--unconfirmed-change`). Where another attempt of the parent's line
 * is final, the coin that such a plan spends can never exist: it is dead without anybody having spent that coin (law 4, by
 * the parent's conflict key). A reorganisation that takes the winner back brings it back as well (F10).
 */
import { PLAN_OUT } from "../../core/states/plan.ts";
import type { Policy } from "../../core/policy/policy.ts";
import type { Digest } from "../../core/digest.ts";
import { endIfClosed } from "../../treasury/close.ts";
import { standMovements } from "../../treasury/stand.ts";
import { freeMembers } from "./free-members.ts";
import type { LifePorts } from "../ports.ts";
import type { DecidingPorts } from "../deciding/ports.ts";
import type { FollowingPorts } from "./ports.ts";
import type { AttemptRow, PlanRow } from "../rows.ts";
import { releaseIfClosed } from "../ending/revoke.ts";
import { stand } from "../stand.ts";
import { stepPlan } from "../step.ts";

/** `winner` is final: what spends an output of any attempt that it has beaten never can be. */
export function endOrphans<Tx>(
  ports: LifePorts<Tx> & DecidingPorts<Tx> & FollowingPorts<Tx>,
  tx: Tx,
  winner: AttemptRow,
  policy: Policy,
): void {
  for (const plan of orphansOf(ports, tx, winner)) {
    if (plan.state === "DRAFT") {
      stepPlan(ports, tx, plan, { type: "dropped" });
      freeMembers(ports, tx, plan);
    } else if (PLAN_OUT.has(plan.state)) stepPlan(ports, tx, plan, { type: "proven dead" });
    else continue;
    standAgain(ports, tx, plan, "what it spends can never exist", policy);
  }
}

/** `winner` is final no more. */
export function reviveOrphans<Tx>(
  ports: LifePorts<Tx> & DecidingPorts<Tx> & FollowingPorts<Tx>,
  tx: Tx,
  winner: AttemptRow,
  policy: Policy,
  standing: (plan: PlanRow) => "REPLACED" | "SIGNED" | "EXPORTED" | "DRAFT",
): void {
  for (const plan of orphansOf(ports, tx, winner)) {
    const at = standing(plan);
    if (plan.state !== "DEAD" || at === "DRAFT") continue;
    stepPlan(ports, tx, plan, { type: "stands", at, why: "unsettled" });
    standAgain(ports, tx, plan, "unsettled", policy);
  }
}

// Children of what the winner has beaten, and theirs. Chains are short (`LIMITS.unconfirmedChainMax`).
function orphansOf<Tx>(
  ports: LifePorts<Tx> & FollowingPorts<Tx>,
  tx: Tx,
  winner: AttemptRow,
): readonly PlanRow[] {
  const attemptsIn = (plan: PlanRow) => ports.attemptsOf(tx, plan.id).map(({ txid }) => txid);
  const pending: Digest[] = ports
    .lineOf(tx, winner.plan)
    .flatMap(attemptsIn)
    .filter((txid) => txid !== winner.txid);
  const found = new Map<PlanRow["id"], PlanRow>();
  for (let txid = pending.pop(); txid !== undefined; txid = pending.pop()) {
    for (const plan of ports.childrenOf(tx, txid)) {
      if (found.has(plan.id)) continue;
      found.set(plan.id, plan);
      pending.push(...attemptsIn(plan));
    }
  }
  return [...found.values()];
}

function standAgain<Tx>(
  ports: LifePorts<Tx> & DecidingPorts<Tx>,
  tx: Tx,
  plan: PlanRow,
  event: string,
  policy: Policy,
): void {
  for (const withdrawal of ports.withdrawalsOf(tx, plan.id))
    releaseIfClosed(ports, tx, stand(ports, tx, withdrawal, event), policy);
  for (const movement of standMovements(ports, tx, [plan], event)) endIfClosed(ports, tx, movement, policy);
}
