/**
 * A new generation of an intent (law 4): what was exported for the earlier ones can never settle, people have signed that,
 * and the promise is still owed. It is the same family in a new intent, which is approved afresh and may use other coins;
 * the earlier approvals count for nothing more. The hold stays as it is.
 */
import { SUPERSEDABLE } from "../../core/states/withdrawal.ts";
import { makeDocument } from "../../core/document.ts";
import { INTENT, type Intent, type IntentDocument } from "../../core/documents/intent.ts";
import { declareError } from "../../core/errors.ts";
import type { Id } from "../../core/identifier.ts";
import { addSeconds, type Instant } from "../../core/instant.ts";
import { LIFTABLE, type DenialRule } from "../../core/policy/evaluate.ts";
import type { Policy, PolicyDocument } from "../../core/policy/policy.ts";
import { finalEnd, proofOfDeath } from "./dead.ts";
import { evidenceOf, haltsNow, judgeWithdrawal, standingNo } from "../deciding/evidence.ts";
import type { LifePorts } from "../ports.ts";
import type { DecidingPorts } from "../deciding/ports.ts";
import type { PlanRow, WithdrawalRow } from "../rows.ts";
import { INTENT_LIFE_SECONDS, WITHDRAWAL_DENIED } from "../intake/request.ts";
import { openReason } from "./revoke.ts";
import { stepWithdrawal } from "../step.ts";

export const SUPERSEDE_NOT_EXPIRED = declareError(
  "SUPERSEDE_NOT_EXPIRED",
  "conflict",
  "A withdrawal is not EXPIRED: what was signed for it may still settle, or it needs no new generation.",
);
export const SUPERSEDE_UNPROVEN = declareError(
  "SUPERSEDE_UNPROVEN",
  "denied",
  "An earlier plan of a withdrawal has no proof of death that its quorum has signed.",
);
export const SUPERSEDE_CLOSED = declareError(
  "SUPERSEDE_CLOSED",
  "denied",
  "So many signers have voided a withdrawal's family that none of its generations can be signed any more.",
);

export const SUPERSEDE_REFUSED = declareError(
  "SUPERSEDE_REFUSED",
  "denied",
  "Somebody has said no to an earlier generation of a withdrawal, and a no is to the promise.",
);

export type SupersedeAbout = {
  readonly policy: PolicyDocument;
  readonly now: Instant;
  readonly operation: Id;
};

/**
 * Stores the next generation of a withdrawal's intent and asks for approvals anew.
 * @throws SUPERSEDE_NOT_EXPIRED, SUPERSEDE_REFUSED, SUPERSEDE_UNPROVEN, SUPERSEDE_CLOSED, WITHDRAWAL_DENIED
 */
export function supersedeWithdrawal<Tx>(
  ports: LifePorts<Tx> & DecidingPorts<Tx>,
  tx: Tx,
  withdrawal: WithdrawalRow,
  about: SupersedeAbout,
): { readonly withdrawal: WithdrawalRow; readonly intent: IntentDocument } {
  const { id, state } = withdrawal;
  if (!SUPERSEDABLE.has(state)) {
    throw SUPERSEDE_NOT_EXPIRED(`withdrawal ${id} is ${state}`, {
      field: "withdrawal.state",
      hint: `custody withdraw show ${id}`,
      details: { state },
    });
  }
  assertNobodySaidNo(ports, tx, withdrawal);
  for (const plan of ports.plansOfWithdrawal(tx, id))
    assertProvenDead(ports, tx, withdrawal, plan, about.policy.body);
  if (openReason(ports, tx, withdrawal) === undefined) {
    throw SUPERSEDE_CLOSED(`enough signers have voided withdrawal ${id}: no wallet can sign it any more`, {
      field: "withdrawal",
      hint: `custody withdraw cancel ${id}   (its hold is released; a new request takes a new --key)`,
    });
  }
  const intent = nextGeneration(evidenceOf(ports, tx, withdrawal).intent, about);
  ports.saveDocument(tx, intent);
  const { generation, expires } = intent.body;
  const next = { type: "superseded", generation, intent: intent.digest, expires } as const;
  const superseded = stepWithdrawal(ports, tx, withdrawal, next);
  assertPolicyWouldAllow(ports, tx, superseded, about);
  return { withdrawal: superseded, intent };
}

// Nobody has to say it twice; a new generation would leave it behind.
function assertNobodySaidNo<Tx>(
  ports: LifePorts<Tx> & DecidingPorts<Tx>,
  tx: Tx,
  withdrawal: WithdrawalRow,
): void {
  const no = standingNo(ports, tx, withdrawal);
  if (no === undefined) return;
  throw SUPERSEDE_REFUSED(`withdrawal ${withdrawal.id} is not wanted: ${no}`, {
    field: "withdrawal",
    hint: `custody withdraw cancel ${withdrawal.id}   (its hold is released, by law 3 where it was approved)`,
  });
}

function nextGeneration(
  { body, digest }: IntentDocument,
  { now, operation }: SupersedeAbout,
): IntentDocument {
  return makeDocument<Intent>(INTENT, {
    ...body,
    operation,
    generation: body.generation + 1,
    supersedes: [digest, ...body.supersedes],
    expires: addSeconds(now, INTENT_LIFE_SECONDS),
  });
}

// Every plan, for a signer asks about each that it has signed, and which those are only it knows for sure (gate G10).
function assertProvenDead<Tx>(
  ports: LifePorts<Tx> & DecidingPorts<Tx>,
  tx: Tx,
  { id }: WithdrawalRow,
  plan: PlanRow,
  policy: Policy,
): void {
  if (plan.state === "DRAFT") {
    throw SUPERSEDE_UNPROVEN(`plan ${plan.id} of withdrawal ${id} was built and never exported`, {
      field: "plan",
      hint: `custody withdraw drop ${plan.id}`,
      details: { plan: plan.id },
    });
  }
  if (proofOfDeath(ports, tx, policy, plan) !== undefined) return;
  throw SUPERSEDE_UNPROVEN(
    `plan ${plan.id} of withdrawal ${id} lacks a proof of death signed by its quorum`,
    {
      field: "plan",
      hint: `custody withdraw dead ${plan.id}${finalEnd(ports, tx, plan) === undefined ? " --spent-by TXID" : ""} --out dead.json`,
      details: { plan: plan.id },
    },
  );
}

// As at intake: nobody is asked for what policy or KYC denies whoever approves. All of it is undone with the transaction.
function assertPolicyWouldAllow<Tx>(
  ports: LifePorts<Tx> & DecidingPorts<Tx>,
  tx: Tx,
  withdrawal: WithdrawalRow,
  { policy, now }: SupersedeAbout,
): void {
  const verdict = judgeWithdrawal(ports, tx, withdrawal, { policy, now, halts: haltsNow(ports, tx) });
  if (verdict.allowed || LIFTABLE.has(verdict.rule as DenialRule)) return;
  throw WITHDRAWAL_DENIED(`denied by policy (${verdict.rule}): ${verdict.why}`, {
    field: "withdrawal",
    hint: `custody policy show   (and custody withdraw show ${withdrawal.id})`,
    details: { rule: verdict.rule },
  });
}
