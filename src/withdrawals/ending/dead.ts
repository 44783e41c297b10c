/**
 * Evidence of death (law 4): a conflict key of a plan went, deep enough, to a transaction that pays none of its intents:
 * somebody else's, or the plan's own cancel rung; or it can never exist, because what would have made it has lost a coin of
 * its own to such a transaction (F10). People vouch for it in a signed document; what the watcher itself has
 * seen become final counts as well, here alone.
 */
import type { DecodedAttempts } from "../../chains/adapter.ts";
import { canonicalBytes } from "../../core/canonical.ts";
import { makeDocument } from "../../core/document.ts";
import { DEAD, type DeadDocument } from "../../core/documents/dead.ts";
import type { SignedAttempt } from "../../core/documents/family.ts";
import { REQUEST } from "../../core/documents/request.ts";
import { taggedDigest, type Digest } from "../../core/digest.ts";
import { declareError } from "../../core/errors.ts";
import { countVouchers, operatorPersons } from "../../core/policy/death.ts";
import { custodyId, type Policy, type PolicyDocument } from "../../core/policy/policy.ts";
import { policiesSince } from "../deciding/evidence.ts";
import type { WithdrawalPorts } from "../ports.ts";
import type { PlanIntentRow, PlanRow } from "../rows.ts";

export const DEAD_UNFOUNDED = declareError(
  "DEAD_UNFOUNDED",
  "denied",
  "What is said to prove a plan dead does not.",
);
/** What took a conflict key of a plan, or a coin that it would have been made from, as the node shows it at policy depth. */
export type Spent = {
  readonly conflictKey: string;
  readonly spentBy: Digest;
  readonly block: { readonly hash: Digest; readonly height: number };
};

/**
 * Drafts the document that the approval quorum signs.
 * @throws DEAD_UNFOUNDED when the transaction is an attempt of the plan that pays, or takes nothing of it
 */
export function draftDead<Decoded>(
  plan: PlanRow,
  decoded: DecodedAttempts<Decoded>,
  spent: Spent,
  { body: policy, ...document }: PolicyDocument,
): DeadDocument {
  const attempts = [...decoded.rungs, ...(decoded.cancel === undefined ? [] : [decoded.cancel])];
  const transactions = attempts.map(({ transaction }) => transaction);
  if (decoded.rungs.some(({ transaction }) => transaction === spent.spentBy))
    throw unfounded("spentBy", `${spent.spentBy} is an attempt of the plan that pays: it has settled`);
  if (decoded.rungs[0]?.conflictKeys.includes(spent.conflictKey) !== true)
    throw unfounded("conflictKey", `the plan does not spend ${spent.conflictKey}`);
  return makeDocument(DEAD, {
    kind: "dead",
    version: 1,
    network: policy.network,
    custody: custodyId({ body: policy, ...document }),
    plan: plan.digest,
    transactions,
    ...spent,
    evidence: taggedDigest("custody/dead-evidence/v1", canonicalBytes(spent)),
    policy: policy.number,
  });
}

/**
 * Asserts that what took a conflict key does not pay all that the plan pays: an attempt of a plan that took its place, or of
 * another generation, has then settled it, not killed it (law 4). A replacement that left somebody out has killed the plan for
 * whom it left out.
 * @throws DEAD_UNFOUNDED
 */
export function assertNoneOfFamily<Tx>(
  ports: Pick<WithdrawalPorts<Tx>, "attemptsOf" | "intentsOfPlan" | "lineOf" | "plansOfWithdrawal">,
  tx: Tx,
  { id }: PlanRow,
  spentBy: Digest,
): void {
  const intents = ports.intentsOfPlan(tx, id);
  const family = [
    ...ports.lineOf(tx, id),
    ...intents.flatMap(({ withdrawal }) =>
      withdrawal === undefined ? [] : ports.plansOfWithdrawal(tx, withdrawal),
    ),
  ];
  const settled = family
    .flatMap((plan) => ports.attemptsOf(tx, plan.id))
    .find(({ kind, txid }) => kind === "rung" && txid === spentBy);
  if (settled === undefined) return;
  const paid = ports.intentsOfPlan(tx, settled.plan);
  // Of another generation the withdrawal is the same, and the intent is not.
  const isPaid = ({ intent, withdrawal }: PlanIntentRow) =>
    paid.some(
      (other) => other.intent === intent || (withdrawal !== undefined && other.withdrawal === withdrawal),
    );
  if (intents.every(isPaid))
    throw unfounded("spentBy", `${spentBy} is an attempt of plan ${settled.plan}, which pays the same`);
}

/** The plan's own cancel rung, where the watcher has seen it become final. */
export function finalCancel<Tx>(
  ports: Pick<WithdrawalPorts<Tx>, "attemptsOf">,
  tx: Tx,
  { id }: PlanRow,
): Digest | undefined {
  return ports.attemptsOf(tx, id).find(({ kind, state }) => kind === "cancel" && state === "FINAL")?.txid;
}

/** What is read to judge whether a plan is dead. */
export type Proving<Tx> = Pick<
  WithdrawalPorts<Tx>,
  | "attemptsOf"
  | "documentDigests"
  | "findDocument"
  | "findDocuments"
  | "findPlanByDigest"
  | "intentsOfPlan"
  | "lineOf"
  | "policiesSince"
  | "requestsOf"
>;

/** Whether what a signer says it has signed can never settle. */
export function isDead<Tx>(
  ports: Proving<Tx>,
  tx: Tx,
  attempt: Pick<SignedAttempt, "plan" | "transactions">,
  [policy]: readonly Policy[],
): boolean {
  const plan = ports.findPlanByDigest(tx, attempt.plan);
  if (plan === undefined || policy === undefined) return false;
  const final = ports
    .lineOf(tx, plan.id)
    .flatMap(({ id }) => ports.attemptsOf(tx, id))
    .find(({ state }) => state === "FINAL");
  // A line's plans share conflict keys, so one of them that is final has killed the others. A cancel rung pays nobody.
  if (final !== undefined) return final.kind === "cancel" || !attempt.transactions.includes(final.txid);
  // What has surfaced in a block after all is DEAD no more, whatever people had signed before (F10).
  return plan.state === "DEAD" && provenDead(ports, tx, policy, plan);
}

/**
 * Whether the strictest band's quorum has signed that the plan is dead.
 * @param by which transactions count as what killed it
 */
export function provenDead<Tx>(
  ports: Proving<Tx>,
  tx: Tx,
  policy: Policy,
  plan: PlanRow,
  by: (spentBy: Digest) => boolean = () => true,
): boolean {
  return signedProofs(ports, tx, policy, plan).some(({ body }) => by(body.spentBy));
}

/**
 * The proof of death that a signer takes for a new generation: signed by the quorum, under a policy whose signatures still
 * count. Of several, the one that most have signed.
 */
export function proofOfDeath<Tx>(
  ports: Proving<Tx>,
  tx: Tx,
  policy: Policy,
  plan: PlanRow,
): DeadDocument | undefined {
  return signedProofs(ports, tx, policy, plan).find(
    ({ body }) => body.policy >= policy.approvalsSince && body.policy <= policy.number,
  );
}

function signedProofs<Tx>(
  ports: Proving<Tx>,
  tx: Tx,
  policy: Policy,
  plan: PlanRow,
): readonly DeadDocument[] {
  const quorum = quorumOf(ports, tx, policy, plan);
  if (quorum === undefined) return [];
  return ports
    .findDocuments(tx, DEAD, ports.documentDigests(tx, DEAD.kind))
    .filter(({ body }) => body.plan === plan.digest)
    .map((dead) => ({ dead, voters: votersOf(ports, tx, policy, dead, plan).length }))
    .filter(({ voters }) => voters >= quorum)
    .sort((a, b) => b.voters - a.voters)
    .map(({ dead }) => dead);
}

// The strictest of its intents' bands. A band that the policy has no more: nobody can say how many it takes.
export function quorumOf<Tx>(ports: Proving<Tx>, tx: Tx, policy: Policy, plan: PlanRow): number | undefined {
  const quorums = ports
    .intentsOfPlan(tx, plan.id)
    .map(({ row }) => policy.rows.find(({ name }) => name === row)?.quorum);
  return quorums.some((quorum) => quorum === undefined) ? undefined : Math.max(...(quorums as number[]));
}

export function votersOf<Tx>(
  ports: Proving<Tx>,
  tx: Tx,
  policy: Policy,
  dead: DeadDocument,
  plan: PlanRow,
): readonly string[] {
  const operators = ports
    .findDocuments(tx, REQUEST, ports.requestsOf(tx, plan.id))
    .map(({ body }) => body.delegation.operator);
  return countVouchers(
    policy,
    dead,
    operatorPersons([policy, ...policiesSince(ports, tx, 1)], operators),
  ).map(({ identity }) => identity.person);
}

export function unfounded(field: string, why: string) {
  return DEAD_UNFOUNDED(`this does not prove the plan dead: ${why}`, {
    field: `dead.${field}`,
    hint: "custody withdraw dead PLAN --spent-by TXID --out dead.json",
  });
}
