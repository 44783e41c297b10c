/**
 * G10: proofs that an earlier plan can never settle, so that a new generation may use other coins (law 4). What has taken
 * its coin is somebody else's transaction, or the plan's own cancel rung, which pays nobody; or an attempt of it that people
 * have seen fail in its block (F18); never one that pays.
 */
import type { Digest } from "../../src/core/digest.ts";
import type { DeadDocument } from "../../src/core/documents/dead.ts";
import { declareRule } from "../../src/core/gate.ts";
import { coversDeath } from "../../src/chains/death.ts";
import { vouchersNeeded, vouchersOf, type Deceased } from "../../src/core/policy/death.ts";
import type { Policy, PolicyIdentity } from "../../src/core/policy/policy.ts";
import { transactionsOf, type EarlierAttempt } from "../journal/memory.ts";
import type { JudgedIntent } from "../../src/chains/review.ts";

const NO_SHARED_COIN = declareRule(
  "G10",
  "NO_SHARED_COIN",
  "an earlier attempt of the same family could settle beside the new one.",
);
const NOT_SUPERSEDED = declareRule(
  "G10",
  "NOT_SUPERSEDED",
  "an earlier attempt is dead, but the new intent is not of a later generation that names it.",
);
const DEAD_OTHERWISE = declareRule(
  "G10",
  "DEAD_OTHERWISE",
  "a proof of death does not cover all that this signer has signed of the plan.",
);
const DEAD_UNSIGNED = declareRule("G10", "DEAD_UNSIGNED", "a proof of death lacks its quorum.");

/** The proofs of a request, and who may sign them. */
export type Graveyard = {
  readonly dead: ReadonlyMap<Digest, DeadDocument>;
  readonly policy: Policy;
  readonly operator: PolicyIdentity;
};

export function deadByPlan(dead: readonly DeadDocument[]): ReadonlyMap<Digest, DeadDocument> {
  return new Map(dead.map((document) => [document.body.plan, document]));
}

/** An attempt that shares no coin with the new plan is dead. @throws Refusal of G10 */
export function assertDead(
  { intent, row }: JudgedIntent,
  attempt: EarlierAttempt,
  graveyard: Graveyard,
  plan: string,
): void {
  const { id, generation, supersedes } = intent.body;
  const document = graveyard.dead.get(attempt.of.plan);
  if (document === undefined) {
    throw NO_SHARED_COIN(
      `plan ${plan}: intent ${attempt.intent.family.intent} was signed before, in plan ${attempt.of.plan}, with other coins: ${attempt.of.conflictKeys[0]}`,
      {
        field: "plan.conflictKeys",
        hint: `build a plan that spends a coin of the earlier one: custody withdraw show ${id}`,
      },
    );
  }
  // People approved the later generation knowing what it follows: an old approval does not reach other coins.
  if (generation <= attempt.intent.generation || !supersedes.includes(attempt.intent.intent)) {
    throw NOT_SUPERSEDED(
      `intent ${id}: generation ${generation} does not supersede intent ${attempt.intent.intent}`,
      { field: "intent.supersedes", hint: `custody withdraw show ${id}` },
    );
  }
  const { of } = attempt;
  const deceased: Deceased = {
    plan: of.plan,
    transactions: transactionsOf(of),
    cancel: of.transactions.get("cancel"),
    conflictKeys: of.conflictKeys,
    // A next policy may have moved the bands: what is said to be dead is the earlier attempt, as it was approved.
    rows: [row.name, attempt.intent.row],
    // Nor may who leads out what shall follow it: an operator who could would only have to wait until a colleague's
    // session asks.
    operators: new Set([...of.operators, graveyard.operator.person]),
  };
  assertCovers(document, deceased);
  assertSigned(document, deceased, graveyard.policy);
}

function assertCovers(document: DeadDocument, deceased: Deceased): void {
  if (coversDeath(document, deceased)) return;
  throw DEAD_OTHERWISE(`the proof of death of plan ${deceased.plan} is about other attempts or coins`, {
    field: "dead",
    hint: "make it from the plan as it was exported, with all of its attempts",
  });
}

function assertSigned(document: DeadDocument, deceased: Deceased, policy: Policy): void {
  const needed = vouchersNeeded(policy, deceased);
  if (needed === undefined) {
    throw DEAD_UNSIGNED(
      `policy number ${policy.number} has no row ${deceased.rows.at(-1)}: nobody can say how many it takes`,
      { field: "policy.rows", hint: "build a plan that spends a coin of the earlier one" },
    );
  }
  const count = vouchersOf(policy, document, deceased).length;
  if (count >= needed) return;
  throw DEAD_UNSIGNED(
    `the proof of death of plan ${deceased.plan} needs ${needed} approvers without its operators, ${count} count`,
    { field: "dead.signatures", hint: "let another approver sign it: custody desk sign dead.json" },
  );
}
