/** A signed proof of death comes in: the plan is over, and what it paid needs a new generation or is released. */
import { PLAN_OUT } from "../../core/states/plan.ts";
import type { DecodedAttempts } from "../../chains/adapter.ts";
import { assertBelongs } from "../../core/document.ts";
import type { DeadDocument } from "../../core/documents/dead.ts";
import type { Digest } from "../../core/digest.ts";
import { declareError } from "../../core/errors.ts";
import { withCountedSignatures } from "../../core/policy/counting.ts";
import { custodyId, type PolicyDocument } from "../../core/policy/policy.ts";
import { assertNoneOfFamily, draftDead, provenDead, quorumOf, unfounded, votersOf } from "./dead.ts";
import type { LifePorts } from "../ports.ts";
import type { DecidingPorts } from "../deciding/ports.ts";
import type { PlanRow, WithdrawalRow } from "../rows.ts";
import { releaseIfClosed } from "./revoke.ts";
import { endIfClosed } from "../../treasury/close.ts";
import type { MovementRow } from "../../treasury/ports.ts";
import { standMovements } from "../../treasury/stand.ts";
import { stand } from "../stand.ts";
import { stepPlan } from "../step.ts";

export const DEAD_UNSIGNED = declareError(
  "DEAD_UNSIGNED",
  "verification",
  "A proof of death carries no valid signature of an approver who may sign it.",
);

export type Buried = {
  readonly plan: PlanRow;
  /** How many approvers have signed this file, and how many must in all. */
  readonly signed: number;
  readonly needed: number;
  readonly withdrawals: readonly WithdrawalRow[];
  readonly movements: readonly MovementRow[];
};

/**
 * Stores a signed proof of death. Once its quorum has signed, the plan is DEAD, and what it paid is EXPIRED. Of a plan that
 * its own cancel rung has killed the paper is kept alone: the watcher follows that rung, which makes it CANCELLED once it
 * is final, and books its fee.
 * @throws DEAD_UNFOUNDED, DEAD_UNSIGNED
 */
export function importDead<Tx, Decoded>(
  ports: LifePorts<Tx> & DecidingPorts<Tx>,
  tx: Tx,
  dead: DeadDocument,
  about: { policy: PolicyDocument; decode: (plan: PlanRow) => DecodedAttempts<Decoded> },
): Buried {
  const { policy } = about;
  assertBelongs(dead, { network: policy.body.network, custody: custodyId(policy) });
  const plan = ports.findPlanByDigest(tx, dead.body.plan);
  if (plan === undefined) throw unfounded("plan", "no plan here has the digest that it names");
  const included = ports
    .attemptsOf(tx, plan.id)
    .find(({ kind, state }) => kind === "rung" && (state === "CONFIRMING" || state === "FINAL"));
  if (included !== undefined) throw unfounded("plan", `a block holds its attempt ${included.txid}`);
  // The same checks as when it was drafted: what comes back from a desk is not believed to be what left.
  const { conflictKey, spentBy, block } = dead.body;
  assertNoneOfFamily(ports, tx, plan, spentBy);
  const own = draftDead(plan, about.decode(plan), { conflictKey, spentBy, block }, policy);
  if (own.body.transactions.join() !== dead.body.transactions.join())
    throw unfounded("transactions", "it does not list exactly the plan's attempts");
  const signed = votersOf(ports, tx, policy.body, dead, plan).length;
  if (signed === 0) {
    throw DEAD_UNSIGNED("no approver has signed it who is not the plan's operator", {
      field: "dead.signatures",
      hint: "custody desk sign dead.json --as dead --identity NAME.key --out dead.signed.json",
    });
  }
  ports.saveDocument(tx, withCountedSignatures(policy.body, ["approver"], dead));
  const needed = quorumOf(ports, tx, policy.body, plan) ?? signed + 1;
  const live = PLAN_OUT.has(plan.state);
  const followed = ports.attemptsOf(tx, plan.id).find(({ kind }) => kind === "cancel")?.txid;
  const byOther = (killer: Digest) => killer !== followed;
  // One that is dead already, because its parent is say, is proven to be only now: what is revoked waits for this paper.
  const proven = (live || plan.state === "DEAD") && provenDead(ports, tx, policy.body, plan, byOther);
  if (!proven) return { plan, signed, needed, withdrawals: [], movements: [] };
  const buried = live ? stepPlan(ports, tx, plan, { type: "proven dead" }) : plan;
  const withdrawals = ports
    .withdrawalsOf(tx, plan.id)
    .map((withdrawal) => stand(ports, tx, withdrawal, "its plan is dead"))
    .map((withdrawal) => releaseIfClosed(ports, tx, withdrawal, policy.body));
  const movements = standMovements(ports, tx, [plan], "its plan is dead").map((movement) =>
    endIfClosed(ports, tx, movement, policy.body),
  );
  return { plan: buried, signed, needed, withdrawals, movements };
}
