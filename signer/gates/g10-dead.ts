/**
 * G10: proofs that an earlier plan can never settle, so that a new generation may use other coins (law 4). What has taken
 * its coin is somebody else's transaction, or the plan's own cancel rung, which pays nobody; never an attempt that pays.
 */
import type { Digest } from "../../src/core/digest.ts";
import type { DeadDocument } from "../../src/core/documents/dead.ts";
import { declareRule } from "../../src/core/gate.ts";
import { countVouchers } from "../../src/core/policy/death.ts";
import type { Policy, PolicyIdentity, PolicyRow } from "../../src/core/policy/policy.ts";
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
      `plan ${plan}: intent ${attempt.intent.family.intent} was signed before, in plan ${attempt.of.plan}, with other coins`,
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
  assertCovers(document, attempt);
  assertSigned(document, attempt, quorumOf(row, attempt, graveyard), graveyard);
}

// A next policy may have moved the bands: what is said to be dead is the earlier attempt, as it was approved.
function quorumOf(row: PolicyRow, { intent }: EarlierAttempt, { policy }: Graveyard): number {
  const earlier = policy.rows.find(({ name }) => name === intent.row);
  if (earlier !== undefined) return Math.max(row.quorum, earlier.quorum);
  throw DEAD_UNSIGNED(
    `policy number ${policy.number} has no row ${intent.row}: nobody can say how many it takes`,
    {
      field: "policy.rows",
      hint: "build a plan that spends a coin of the earlier one",
    },
  );
}

function assertCovers({ body }: DeadDocument, { of }: EarlierAttempt): void {
  const dead = new Set(body.transactions);
  const living = transactionsOf(of).find((transaction) => !dead.has(transaction));
  // Spent by an attempt of the plan itself, the conflict key is proof that it settled: unless it is the cancel rung as it
  // was signed here, which G6 has seen to pay nobody. Whatever else is said to be one may pay (model: deadByCancelRung).
  const killer = body.spentBy === of.transactions.get("cancel") || !dead.has(body.spentBy);
  const covers = living === undefined && of.conflictKeys.includes(body.conflictKey) && killer;
  if (covers) return;
  throw DEAD_OTHERWISE(`the proof of death of plan ${of.plan} is about other attempts or coins`, {
    field: "dead",
    hint: "make it from the plan as it was exported, with all of its attempts",
  });
}

// Whoever led the plan out is not the one to say that it is gone, nor who leads out what shall follow it: an operator
// who could would only have to wait until a colleague's session asks.
function assertSigned(
  document: DeadDocument,
  { of: { operators } }: EarlierAttempt,
  quorum: number,
  { policy, operator }: Graveyard,
): void {
  const { plan, policy: number } = document.body;
  const signers = countVouchers(policy, document, new Set([...operators, operator.person]));
  const counts = number >= policy.approvalsSince && number <= policy.number;
  if (counts && signers.length >= quorum) return;
  throw DEAD_UNSIGNED(
    `the proof of death of plan ${plan} needs ${quorum} approvers without its operators, ${counts ? signers.length : 0} count`,
    { field: "dead.signatures", hint: "let another approver sign it: custody desk sign dead.json" },
  );
}
