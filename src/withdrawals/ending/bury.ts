/** A signed proof of death comes in: the plan is over, and what it paid needs a new generation or is released. */
import { PLAN_OUT } from "../../core/states/plan.ts";
import { cancelOf, isInBlock } from "../../chains/attempts.ts";
import { coversDeath, killerName } from "../../chains/death.ts";
import type { DecodedAttempts } from "../../chains/adapter.ts";
import { assertBelongs } from "../../core/document.ts";
import type { Dead, DeadDocument } from "../../core/documents/dead.ts";
import type { Digest } from "../../core/digest.ts";
import { declareError } from "../../core/errors.ts";
import { withCountedSignatures } from "../../core/policy/counting.ts";
import { custodyId, type Policy, type PolicyDocument } from "../../core/policy/policy.ts";
import { vouchersNeeded, vouchersOf, type Deceased, type PlanAttempts } from "../../core/policy/death.ts";
import { failedForGood } from "../failed.ts";
import { assertNoneOfFamily, draftDead, provenDead, unfounded, type NamedPlan, type Spent } from "./dead.ts";
import { attemptsBuilt, deceasedOf, listedIn } from "./deceased.ts";
import { assertPaysNoneOfLost, releaseListing } from "./lost.ts";
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
  /** Its row; undefined where this database has lost it, and voids alone name it. */
  readonly plan: PlanRow | undefined;
  /** How many approvers have signed this file, and how many must in all: undefined where nobody can say. */
  readonly signed: number;
  readonly needed: number | undefined;
  readonly withdrawals: readonly WithdrawalRow[];
  readonly movements: readonly MovementRow[];
};

/**
 * Stores a signed proof of death. Once its quorum has signed, the plan is DEAD, and what it paid is EXPIRED. Of a plan that
 * its own cancel rung has killed the paper is kept alone: the watcher follows that rung, which makes it CANCELLED once it
 * is final, and books its fee. So of one that has failed, which is SETTLED. Of one that has no row here, the holds are released that waited for nothing else.
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
  const listed = listedIn(ports, tx, dead.body.plan);
  const deceased = deceasedOf(ports, tx, dead.body.plan, listed);
  if (deceased === undefined)
    throw unfounded("plan", "no plan here has the digest that it names, and no void lists it");
  if (plan === undefined) assertPaysNoneOfLost(ports, tx, dead.body.plan, killerName(dead.body));
  else assertNotSettled(ports, tx, plan, killerName(dead.body));
  const built = plan === undefined ? undefined : attemptsBuilt(plan, about.decode(plan));
  assertFounded(dead, policy, built ?? deceased);
  const signed = vouchersOf(policy.body, dead, deceased).length;
  if (signed === 0) throw unsigned(deceased);
  ports.saveDocument(tx, withCountedSignatures(policy.body, ["approver"], dead));
  const needed = vouchersNeeded(policy.body, deceased);
  const named = { digest: dead.body.plan, listed };
  const ended =
    plan !== undefined && (PLAN_OUT.has(plan.state) || plan.state === "DEAD")
      ? buryPlan(ports, tx, plan, named, policy.body)
      : releaseListing(ports, tx, dead.body.plan, policy.body);
  return { plan, signed, needed, ...ended };
}

// The same checks as when it was drafted: what comes back from a desk is not believed to be what left.
function assertFounded(dead: DeadDocument, policy: PolicyDocument, known: PlanAttempts): void {
  draftDead(known, said(dead.body), policy);
  if (!coversDeath(dead, known))
    throw unfounded("transactions", "it does not list all of the plan's attempts");
}

function said({ conflictKey, spentBy, block, withoutEffect, killer }: Dead): Spent {
  return { conflictKey, spentBy, block, ...(withoutEffect && { withoutEffect }), ...(killer && { killer }) };
}

function assertNotSettled<Tx>(
  ports: LifePorts<Tx> & DecidingPorts<Tx>,
  tx: Tx,
  plan: PlanRow,
  spentBy: Digest,
): void {
  const included = ports
    .attemptsOf(tx, plan.id)
    .find((each) => each.kind === "rung" && isInBlock(each) && !failedForGood(each));
  if (included !== undefined) throw unfounded("plan", `a block holds its attempt ${included.txid}`);
  assertNoneOfFamily(ports, tx, plan, spentBy);
}

function unsigned({ operators }: Deceased) {
  const why =
    operators === undefined
      ? "no policy here names who led the plan out, so that nobody can be known not to be that person"
      : "no approver has signed it who is not the plan's operator";
  return DEAD_UNSIGNED(`it proves nothing: ${why}`, {
    field: "dead.signatures",
    hint: "custody desk sign dead.json --as dead --identity NAME.key --out dead.signed.json",
  });
}

type Ended = Pick<Buried, "plan" | "withdrawals" | "movements">;

function buryPlan<Tx>(
  ports: LifePorts<Tx> & DecidingPorts<Tx>,
  tx: Tx,
  plan: PlanRow,
  named: NamedPlan,
  policy: Policy,
): Ended {
  const live = PLAN_OUT.has(plan.state);
  const followed = cancelOf(ports.attemptsOf(tx, plan.id))?.txid;
  const byOther = (killer: Digest) => killer !== followed;
  // One that is dead already, because its parent is say, is proven to be only now: what is revoked waits for this paper.
  if (!provenDead(ports, tx, policy, named, byOther)) return { plan, withdrawals: [], movements: [] };
  const buried = live ? stepPlan(ports, tx, plan, { type: "proven dead" }) : plan;
  const withdrawals = ports
    .withdrawalsOf(tx, plan.id)
    .map((withdrawal) => stand(ports, tx, withdrawal, "its plan is dead"))
    .map((withdrawal) => releaseIfClosed(ports, tx, withdrawal, policy));
  const movements = standMovements(ports, tx, [plan], "its plan is dead").map((movement) =>
    endIfClosed(ports, tx, movement, policy),
  );
  return { plan: buried, withdrawals, movements };
}
