/**
 * Evidence of death (law 4): a conflict key of a plan went, deep enough, to a transaction that pays none of its intents:
 * somebody else's, or the plan's own cancel rung, or an attempt of it that a block holds without its effect (F18); or it can never exist, because what would have made it has lost a coin of
 * its own to such a transaction (F10). People vouch for it in a signed document; what the watcher itself has
 * seen become final counts as well, here alone.
 */
import { rungsOf } from "../../chains/attempts.ts";
import { coversDeath, killerName, provesDeath } from "../../chains/death.ts";
import { canonicalBytes } from "../../core/canonical.ts";
import { makeDocument } from "../../core/document.ts";
import { DEAD, type Dead, type DeadDocument } from "../../core/documents/dead.ts";
import type { SignedAttempt } from "../../core/documents/family.ts";
import { taggedDigest, type Digest } from "../../core/digest.ts";
import { declareError } from "../../core/errors.ts";
import type { Name } from "../../core/identifier.ts";
import { operatorPersons, vouchersOf, type Deceased, type PlanAttempts } from "../../core/policy/death.ts";
import { custodyId, type Policy, type PolicyDocument } from "../../core/policy/policy.ts";
import type { PlanState } from "../../core/states/plan.ts";
import type { WithdrawalPorts } from "../ports.ts";
import { failedForGood } from "../failed.ts";
import type { AttemptRow, PlanIntentRow, PlanRow } from "../rows.ts";
import { deceasedOf, listedIn, type Proving } from "./deceased.ts";

export const DEAD_UNFOUNDED = declareError(
  "DEAD_UNFOUNDED",
  "denied",
  "What is said to prove a plan dead does not.",
);
/** What took a conflict key of a plan, or a coin that it would have been made from, as the node shows it at policy depth. */
export type Spent = Pick<Dead, "conflictKey" | "spentBy" | "withoutEffect" | "killer" | "block">;

/**
 * Drafts the document that the approval quorum signs.
 * @throws DEAD_UNFOUNDED when the transaction is an attempt of the plan that pays, or takes nothing of it, or is not what it
 *   is said to be
 */
export function draftDead(
  attempts: PlanAttempts,
  spent: Spent,
  { body: policy, ...document }: PolicyDocument,
): DeadDocument {
  const { plan, transactions, cancel, conflictKeys } = attempts;
  const name = killerName(spent);
  if (name !== cancel && transactions.includes(name) && spent.withoutEffect !== true)
    throw unfounded("spentBy", `${spent.spentBy} is an attempt of the plan that pays: it has settled`);
  if (!conflictKeys.includes(spent.conflictKey))
    throw unfounded("conflictKey", `the plan does not spend ${spent.conflictKey}`);
  const dead = makeDocument<Dead>(DEAD, {
    kind: "dead",
    version: 1,
    network: policy.network,
    custody: custodyId({ body: policy, ...document }),
    plan,
    transactions: [...transactions],
    ...spent,
    evidence: taggedDigest("custody/dead-evidence/v1", canonicalBytes(spent)),
    policy: policy.number,
  });
  if (coversDeath(dead, attempts)) return dead;
  const why =
    spent.withoutEffect === true
      ? "is no attempt of the plan, or its chain's blocks hold nothing that failed"
      : "comes without its bytes, or they have not taken that";
  throw unfounded("spentBy", `${spent.spentBy} ${why}`);
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
  { id }: Pick<PlanRow, "id">,
  spentBy: Digest,
): void {
  const promises = ports.intentsOfPlan(tx, id);
  const family = promises.flatMap(({ withdrawal }) =>
    withdrawal === undefined ? [] : ports.plansOfWithdrawal(tx, withdrawal),
  );
  assertPaysOthers(ports, tx, { promises, plans: [...ports.lineOf(tx, id), ...family] }, spentBy);
}

/** What a plan pays: an intent, and the withdrawal that it is for. */
export type Promised = Pick<PlanIntentRow, "intent" | "withdrawal">;

/**
 * Asserts that a transaction is no attempt of `plans` that pays all of `promises`.
 * @throws DEAD_UNFOUNDED
 */
export function assertPaysOthers<Tx>(
  ports: Pick<WithdrawalPorts<Tx>, "attemptsOf" | "intentsOfPlan">,
  tx: Tx,
  { promises, plans }: { readonly promises: readonly Promised[]; readonly plans: readonly PlanRow[] },
  spentBy: Digest,
): void {
  const settled = plans
    .flatMap((plan) => ports.attemptsOf(tx, plan.id))
    .find((one) => one.kind === "rung" && one.txid === spentBy && !failedForGood(one));
  if (settled === undefined) return;
  const paid = ports.intentsOfPlan(tx, settled.plan);
  // Of another generation the withdrawal is the same, and the intent is not.
  const isPaid = ({ intent, withdrawal }: Promised) =>
    paid.some(
      (other) => other.intent === intent || (withdrawal !== undefined && other.withdrawal === withdrawal),
    );
  if (promises.every(isPaid))
    throw unfounded("spentBy", `${spentBy} is an attempt of plan ${settled.plan}, which pays the same`);
}

/** What ended the plan and paid nobody, where the watcher has seen it become final: its cancel rung, or one that failed. */
export function finalEnd<Tx>(
  ports: Pick<WithdrawalPorts<Tx>, "attemptsOf">,
  tx: Tx,
  { id }: Pick<PlanRow, "id">,
): AttemptRow | undefined {
  return ports
    .attemptsOf(tx, id)
    .find((one) => (one.kind === "cancel" && one.state === "FINAL") || failedForGood(one));
}

/** States of a plan here that has not left this machine, as far as it knows, or is over: papers say more than its row. */
const BY_PAPER: ReadonlySet<PlanState> = new Set(["DRAFT", "DROPPED", "DEAD"]);

/** A plan by its digest, and what signers' voids list of it. */
export type NamedPlan = { readonly digest: Digest; readonly listed: readonly SignedAttempt[] };

/** Whether nothing of a plan that was signed can ever settle. */
export function isDead<Tx>(ports: Proving<Tx>, tx: Tx, policy: Policy, named: NamedPlan): boolean {
  const plan = ports.findPlanByDigest(tx, named.digest);
  if (plan === undefined) return provenDead(ports, tx, policy, named);
  const final = ports
    .lineOf(tx, plan.id)
    .flatMap(({ id }) => ports.attemptsOf(tx, id))
    .find(({ state }) => state === "FINAL");
  // A line's plans share conflict keys, so one of them that is final has killed the others. A cancel rung pays nobody, nor does one that failed.
  if (final !== undefined)
    return final.kind === "cancel" || failedForGood(final) || !paysBy(ports, tx, plan, named, final.txid);
  // What has surfaced in a block after all is DEAD no more, whatever people had signed before (F10). One that is a draft
  // here, or was dropped, may have left in hours that this database has lost (F9).
  return BY_PAPER.has(plan.state) && provenDead(ports, tx, policy, named);
}

function paysBy<Tx>(
  ports: Proving<Tx>,
  tx: Tx,
  { id }: PlanRow,
  { listed }: NamedPlan,
  transaction: Digest,
): boolean {
  return (
    rungsOf(ports.attemptsOf(tx, id)).some(({ txid }) => txid === transaction) ||
    listed.some(({ transactions }) => transactions.includes(transaction))
  );
}

/**
 * Whether the strictest band's quorum has signed that the plan is dead.
 * @param by which transactions count as what killed it
 */
export function provenDead<Tx>(
  ports: Proving<Tx>,
  tx: Tx,
  policy: Policy,
  plan: NamedPlan,
  by: (spentBy: Digest) => boolean = () => true,
): boolean {
  return signedProofs(ports, tx, policy, plan).some(({ body }) => by(body.spentBy));
}

/**
 * The proof of death that a signer takes for a new generation. Of several, the one that most have signed.
 * @param leads who is to lead the next plan out: that person may not have vouched (gate G10); undefined while nobody does
 */
export function proofOfDeath<Tx>(
  ports: Proving<Tx>,
  tx: Tx,
  policy: Policy,
  { digest }: PlanRow,
  leads?: Name,
): DeadDocument | undefined {
  return signedProofs(ports, tx, policy, { digest, listed: listedIn(ports, tx, digest) }, leads)[0];
}

function signedProofs<Tx>(
  ports: Proving<Tx>,
  tx: Tx,
  policy: Policy,
  { digest, listed }: NamedPlan,
  leads?: Name,
): readonly DeadDocument[] {
  const proofs = ports
    .findDocuments(tx, DEAD, ports.documentDigests(tx, DEAD.kind))
    .filter(({ body }) => body.plan === digest);
  if (proofs.length === 0) return [];
  const known = deceasedOf(ports, tx, digest, listed);
  if (known === undefined) return [];
  const deceased = leads === undefined ? known : withOperator(known, policy, leads);
  return proofs
    .filter((dead) => provesDeath(policy, dead, deceased))
    .map((dead) => ({ dead, voters: vouchersOf(policy, dead, deceased).length }))
    .sort((a, b) => b.voters - a.voters)
    .map(({ dead }) => dead);
}

function withOperator(deceased: Deceased, policy: Policy, leads: Name): Deceased {
  const person = operatorPersons([policy], [leads]);
  const { operators } = deceased;
  if (operators === undefined || person === undefined) return { ...deceased, operators: undefined };
  return { ...deceased, operators: new Set([...operators, ...person]) };
}

export function unfounded(field: string, why: string) {
  return DEAD_UNFOUNDED(`this does not prove the plan dead: ${why}`, {
    field: `dead.${field}`,
    hint: "custody withdraw dead PLAN --spent-by TXID --out dead.json",
  });
}
