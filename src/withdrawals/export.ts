/** A plan leaves the machine: everything that the signer needs to decide, in one request signed by the session. */
import { embed, makeDocument, withSignature } from "../core/document.ts";
import type { DelegationDocument } from "../core/documents/delegation.ts";
import { PLAN } from "../core/documents/plan.ts";
import { REQUEST, type Request, type RequestDocument } from "../core/documents/request.ts";
import type { Digest } from "../core/digest.ts";
import { assert, declareError } from "../core/errors.ts";
import type { Id } from "../core/identifier.ts";
import type { Instant } from "../core/instant.ts";
import { evaluate } from "../core/policy/evaluate.ts";
import { custodyId, type PolicyDocument } from "../core/policy/policy.ts";
import { signDigest } from "../core/signature.ts";
import { evidenceOf } from "./evidence.ts";
import type { PlanRow, WithdrawalPorts } from "./ports.ts";

export const PLAN_NOT_ALLOWED = declareError(
  "PLAN_NOT_ALLOWED",
  "denied",
  "A plan pays a withdrawal that may no longer be paid: the signer would refuse all of it.",
);

/**
 * Exports a plan. From here on it may be signed and sent by anyone at any time, so nothing in the database undoes it
 * (law 3). Exporting it again gives the same request; in another session, or when people have signed since, it is the
 * same plan in a new request, for a signer takes no request whose delegation or approvals have run out.
 * @throws PLAN_NOT_ALLOWED before the first export, when the plan can still be dropped
 */
export function exportPlan<Tx>(
  ports: WithdrawalPorts<Tx>,
  tx: Tx,
  plan: PlanRow,
  about: {
    policy: PolicyDocument;
    delegation: DelegationDocument;
    sessionSeed: Uint8Array;
    now: Instant;
    operation: Id;
    id: Id;
  },
): { readonly request: RequestDocument; readonly plan: PlanRow } {
  if (plan.request !== undefined) return { request: exportAgain(ports, tx, plan, plan.request, about), plan };
  assertAllowed(ports, tx, plan, about);
  const request = makeRequest(ports, tx, plan, about);
  ports.saveDocument(tx, request);
  for (const withdrawal of ports.withdrawalsOf(tx, plan.id)) {
    ports.moveWithdrawal(tx, withdrawal.id, {
      version: withdrawal.version,
      to: "EXPORTED",
      event: "exported",
    });
  }
  const step = { version: plan.version, to: "EXPORTED", event: "exported" } as const;
  return { request, plan: ports.movePlan(tx, plan.id, step, { request: request.digest }) };
}

/**
 * Takes back a plan that never left the machine: its coins are free again and its withdrawals ready.
 * @throws STATE_CONFLICT once it was exported
 */
export function dropPlan<Tx>(ports: WithdrawalPorts<Tx>, tx: Tx, plan: PlanRow): PlanRow {
  const dropped = ports.movePlan(tx, plan.id, { version: plan.version, to: "DROPPED", event: "dropped" });
  for (const withdrawal of ports.withdrawalsOf(tx, plan.id)) {
    ports.moveWithdrawal(
      tx,
      withdrawal.id,
      { version: withdrawal.version, to: "READY", event: "plan dropped" },
      { plan: null },
    );
  }
  return dropped;
}

// The attempts are the plan's, in whichever request it travels: the same bytes over the same coins (law 4).
function exportAgain<Tx>(
  ports: WithdrawalPorts<Tx>,
  tx: Tx,
  plan: PlanRow,
  first: Digest,
  about: Parameters<typeof exportPlan>[3],
): RequestDocument {
  const before = ports.findDocument(tx, REQUEST, first);
  assert(before !== undefined, "an exported request is stored");
  const { id, operation } = before.body;
  const request = makeRequest(ports, tx, plan, { ...about, id, operation });
  const known = ports.findDocument(tx, REQUEST, request.digest);
  if (known !== undefined) return known;
  ports.saveDocument(tx, request);
  return request;
}

// Whoever was late to say no, or an approval whose life has ended, must not take the rest of the batch along.
function assertAllowed<Tx>(
  ports: WithdrawalPorts<Tx>,
  tx: Tx,
  plan: PlanRow,
  { policy, now }: Parameters<typeof exportPlan>[3],
): void {
  for (const withdrawal of ports.withdrawalsOf(tx, plan.id)) {
    const evidence = { ...evidenceOf(ports, tx, withdrawal), wallet: plan.wallet };
    const result = evaluate(policy.body, evidence, now);
    if (result.allowed) continue;
    throw PLAN_NOT_ALLOWED(`withdrawal ${withdrawal.id} may not be paid (${result.rule}): ${result.why}`, {
      field: "plan",
      hint: `custody withdraw drop ${plan.id}   (its withdrawals are ready again; build leaves this one out)`,
      details: { withdrawal: withdrawal.id, rule: result.rule },
    });
  }
}

function makeRequest<Tx>(
  ports: WithdrawalPorts<Tx>,
  tx: Tx,
  plan: PlanRow,
  about: Parameters<typeof exportPlan>[3],
): RequestDocument {
  const { policy, delegation, sessionSeed, now, operation, id } = about;
  const document = ports.findDocument(tx, PLAN, plan.digest);
  assert(document !== undefined, "a plan's document is stored with it");
  const evidence = ports.withdrawalsOf(tx, plan.id).map((withdrawal) => evidenceOf(ports, tx, withdrawal));
  const beneficiaries = new Map(evidence.map(({ beneficiary }) => [beneficiary.digest, beneficiary]));
  const request = makeDocument<Request>(REQUEST, {
    kind: "request",
    version: 1,
    network: policy.body.network,
    custody: custodyId(policy),
    id,
    operation,
    policy: policy.body.number,
    delegation: embed(delegation),
    plans: [embed(document)],
    intents: evidence.map(({ intent }) => embed(intent)),
    beneficiaries: [...beneficiaries.values()].map((beneficiary) => embed(beneficiary)),
    approvals: evidence.flatMap(({ approvals }) => approvals.map((approval) => embed(approval))),
  });
  return withSignature(request, signDigest(request.digest, sessionSeed, now));
}
