/** A plan leaves the machine: everything that its signers need to decide, in one request signed by the session. */
import { embed, makeDocument, withSignature } from "../../core/document.ts";
import type { Head } from "../../core/documents/approval.ts";
import type { DelegationDocument } from "../../core/documents/delegation.ts";
import { REQUEST, type Request, type RequestDocument } from "../../core/documents/request.ts";
import { assert, declareError } from "../../core/errors.ts";
import type { Id, Name } from "../../core/identifier.ts";
import type { Instant } from "../../core/instant.ts";
import { walletNamed } from "../../core/policy/entries.ts";
import { custodyId, type PolicyDocument } from "../../core/policy/policy.ts";
import { signDigest } from "../../core/signature.ts";
import { contentOf } from "./request-content.ts";
import { auditPlace, knownHeads, namesOldHead } from "./places.ts";
import { haltsNow, judgeWithdrawal } from "../deciding/evidence.ts";
import { assertNotHalted } from "../stopping/halt.ts";
import { giveBack } from "../following/give-back.ts";
import { freeMembers } from "../following/free-members.ts";
import type { LifePorts } from "../ports.ts";
import type { DecidingPorts } from "../deciding/ports.ts";
import type { CrossingPorts } from "./ports.ts";
import type { PlanRow } from "../rows.ts";
import { assertMovementAllowed, assertMovementWanted, moveAlong } from "../../treasury/leave.ts";
import { stepPlan, stepWithdrawal } from "../step.ts";
import { revivedBeside } from "../following/surface.ts";

export const PLAN_NOT_ALLOWED = declareError(
  "PLAN_NOT_ALLOWED",
  "denied",
  "A plan pays a withdrawal that may no longer be paid: the signer would refuse all of it.",
);

export const GENERATION_REVIVED = declareError(
  "GENERATION_REVIVED",
  "pending",
  "A plan of another generation may settle again, for what had killed it was reorganised away: this one would pay twice.",
);

export const PLANS_OF_WALLETS = declareError(
  "PLANS_OF_WALLETS",
  "usage",
  "Plans of several wallets are to leave in one request.",
);

export type ExportAbout = {
  readonly policy: PolicyDocument;
  readonly delegation: DelegationDocument;
  readonly sessionSeed: Uint8Array;
  readonly now: Instant;
  readonly operation: Id;
  readonly id: Id;
};

type Exported = {
  readonly request: RequestDocument;
  readonly plans: readonly PlanRow[];
  /** Names of those that the file goes to. */
  readonly signers: readonly Name[];
};

/**
 * Exports plans of one wallet in one request. From here on each may be signed and sent by anyone at any time, so nothing in the
 * database undoes it (law 3). One file goes to every signer of the wallet. Exporting them again gives the same request; in
 * another session, or when people have signed since, they are the same plans in a new request, for a signer takes no request
 * whose delegation or approvals have run out.
 * @throws WALLET_NOT_IN_POLICY, PLANS_OF_WALLETS, HALTED, GENERATION_REVIVED; PLAN_NOT_ALLOWED before the first export, when
 *   the plan can still be dropped, and for a plan of what is not wanted any more
 */
export function exportPlans<Tx>(
  ports: LifePorts<Tx> & DecidingPorts<Tx> & CrossingPorts<Tx>,
  tx: Tx,
  plans: readonly [PlanRow, ...PlanRow[]],
  about: ExportAbout,
): Exported {
  // Gate G4 of every signer refuses a plan of a wallet that the policy names no more.
  const { name: wallet, chain, signers } = walletNamed(about.policy.body, plans[0].wallet, "plan");
  assertOneWallet(plans);
  assertNotHalted(ports, tx, { wallet, chain }, "plan");
  for (const plan of plans) {
    assertNoneRevived(ports, tx, plan);
    if (plan.request === undefined) assertAllowed(ports, tx, plan, about);
    else assertWanted(ports, tx, plan);
  }
  const isNew = plans.some(({ request }) => request === undefined);
  const request = isNew
    ? leaving(ports, tx, plans, makeRequest(ports, tx, plans, about))
    : exportAgain(ports, tx, plans, about);
  return { request, plans: plans.map((plan) => left(ports, tx, plan, request)), signers };
}

function left<Tx>(ports: LifePorts<Tx>, tx: Tx, plan: PlanRow, request: RequestDocument): PlanRow {
  if (plan.request !== undefined) return plan;
  moveAlong(ports, tx, plan, "exported");
  for (const withdrawal of ports.withdrawalsOf(tx, plan.id)) {
    // Those of a replacement stand where the plan before has put them.
    if (withdrawal.state === "PLANNED") stepWithdrawal(ports, tx, withdrawal, { type: "exported" });
  }
  return stepPlan(ports, tx, plan, { type: "exported" }, { request: request.digest });
}

// Its file goes to the signers of one wallet, and people carry it to each of them.
function assertOneWallet([first, ...others]: readonly [PlanRow, ...PlanRow[]]): void {
  const stray = others.find(({ wallet }) => wallet !== first.wallet);
  if (stray === undefined) return;
  throw PLANS_OF_WALLETS(
    `plan ${stray.id} is of wallet ${stray.wallet}, plan ${first.id} of ${first.wallet}`,
    {
      field: "plan",
      hint: "export the plans of each wallet by themselves",
    },
  );
}

/**
 * Takes back a plan that never left the machine: its coins are free again and its withdrawals ready. A replacement
 * gives its place back to the plan before.
 * @throws STATE_CONFLICT once it was exported
 */
export function dropPlan<Tx>(ports: LifePorts<Tx>, tx: Tx, plan: PlanRow): PlanRow {
  const dropped = stepPlan(ports, tx, plan, { type: "dropped" });
  freeMembers(ports, tx, plan);
  if (plan.replaces !== undefined)
    giveBack(ports, tx, ports.getPlan(tx, plan.replaces), `replacement ${plan.id} dropped`);
  return dropped;
}

function leaving<Tx>(
  ports: LifePorts<Tx> & CrossingPorts<Tx>,
  tx: Tx,
  [first, ...others]: readonly [PlanRow, ...PlanRow[]],
  request: RequestDocument,
): RequestDocument {
  ports.saveDocument(tx, request);
  const { epoch, size } = request.body.audit;
  const plans: [Id, ...Id[]] = [first.id, ...others.map(({ id }) => id)];
  ports.insertRequest(tx, { request: request.digest, plans, audit: { epoch, size } });
  return request;
}

// The attempts are the plan's, in whichever request it travels: the same bytes over the same coins (law 4).
function exportAgain<Tx>(
  ports: LifePorts<Tx> & DecidingPorts<Tx> & CrossingPorts<Tx>,
  tx: Tx,
  plans: readonly [PlanRow, ...PlanRow[]],
  about: ExportAbout,
): RequestDocument {
  const digest = ports.requestsOf(tx, plans[0].id).at(-1);
  assert(digest !== undefined, "an exported plan has a request");
  const before = ports.findDocument(tx, REQUEST, digest);
  assert(before !== undefined, "an exported request is stored");
  if (before.body.plans.length !== plans.length)
    return leaving(ports, tx, plans, makeRequest(ports, tx, plans, about));
  const { id, operation, audit, heads } = before.body;
  const same = makeRequest(ports, tx, plans, { ...about, id, operation }, { audit, heads });
  const { body } = about.policy;
  const isOld = isBehind(ports, tx, before.body) || namesOldHead(ports, tx, before.body, body);
  if (same.digest === before.digest && !isOld) return before;
  return leaving(ports, tx, plans, makeRequest(ports, tx, plans, { ...about, id, operation }));
}

// A signer that has countersigned a later place of the audit tree meanwhile would refuse this one.
function isBehind<Tx>(ports: CrossingPorts<Tx>, tx: Tx, { audit }: Request): boolean {
  return ports.countersigned(tx).some(({ epoch, size }) => epoch > audit.epoch || size > audit.size);
}

// Its signers would take the proof of death that the request carries: a reorganisation has made it false (F10).
function assertNoneRevived<Tx>(ports: LifePorts<Tx>, tx: Tx, { id }: PlanRow): void {
  const members = ports.withdrawalsOf(tx, id).filter(({ reason }) => reason === undefined);
  const revived = revivedBeside(ports, tx, id, members);
  if (revived === undefined) return;
  throw GENERATION_REVIVED(
    `plan ${revived.id}, of another generation, is ${revived.state} again and may pay`,
    {
      field: "plan",
      hint: "custody-watcher once   (until what ends that plan is in a block again, as deep as the policy asks)",
      details: { plan: revived.id },
    },
  );
}

// It is live, but nobody has to help it along: signers know nothing of what was called off or paid online alone.
function assertWanted<Tx>(ports: LifePorts<Tx>, tx: Tx, plan: PlanRow): void {
  const unwanted = ports.withdrawalsOf(tx, plan.id).find(({ reason }) => reason !== undefined);
  if (unwanted !== undefined) {
    const { id, state, reason } = unwanted;
    throw PLAN_NOT_ALLOWED(`withdrawal ${id} is ${state}: ${reason}`, {
      field: "plan",
      hint: `custody withdraw build --wallet ${plan.wallet} --replace ${plan.id}   (the others, over the same coins)`,
      details: { withdrawal: id, rule: "REVOKED" },
    });
  }
  assertMovementWanted(ports, tx, plan);
}

// Whoever was late to say no, or an approval whose life has ended, must not take the rest of the batch along.
function assertAllowed<Tx>(
  ports: LifePorts<Tx> & DecidingPorts<Tx>,
  tx: Tx,
  plan: PlanRow,
  { policy, now }: ExportAbout,
): void {
  const halts = haltsNow(ports, tx);
  assertMovementAllowed(ports, tx, plan, { policy, now, halts });
  for (const withdrawal of ports.withdrawalsOf(tx, plan.id)) {
    const verdict = judgeWithdrawal(ports, tx, withdrawal, { policy, now, halts, wallet: plan.wallet });
    const revoked = withdrawal.reason;
    if (verdict.allowed && revoked === undefined) continue;
    const why = verdict.allowed ? `it is ${withdrawal.state}: ${revoked}` : `${verdict.rule}: ${verdict.why}`;
    throw PLAN_NOT_ALLOWED(`withdrawal ${withdrawal.id} may not be paid: ${why}`, {
      field: "plan",
      hint: `custody withdraw drop ${plan.id}   (its withdrawals are ready again; build leaves this one out)`,
      details: { withdrawal: withdrawal.id, rule: verdict.allowed ? "REVOKED" : verdict.rule },
    });
  }
}

function makeRequest<Tx>(
  ports: LifePorts<Tx> & DecidingPorts<Tx> & CrossingPorts<Tx>,
  tx: Tx,
  plans: readonly PlanRow[],
  about: ExportAbout,
  { audit, heads }: { readonly audit: Request["audit"]; readonly heads: readonly Head[] } = {
    audit: auditPlace(ports, tx, about.policy.body),
    heads: knownHeads(ports, tx, about.policy.body),
  },
): RequestDocument {
  const { policy, delegation, sessionSeed, now, operation, id } = about;
  const request = makeDocument<Request>(REQUEST, {
    kind: "request",
    version: 1,
    network: policy.body.network,
    custody: custodyId(policy),
    id,
    operation,
    policy: policy.body.number,
    delegation: embed(delegation),
    ...contentOf(ports, tx, plans, policy, delegation.body.operator),
    heads: [...heads],
    audit,
  });
  return withSignature(request, signDigest(request.digest, sessionSeed, now));
}
