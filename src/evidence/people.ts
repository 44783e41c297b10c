/** What people have signed: the policies that say who they are, the destination, the approvals, the request. */
import { isSameWallet } from "../chains/same-wallet.ts";
import { counted } from "../core/count.ts";
import type { Digest } from "../core/digest.ts";
import { assertBelongs, fromEmbedded } from "../core/document.ts";
import { formatAmount } from "../core/amount.ts";
import { lendsTooLong } from "../core/documents/delegation.ts";
import type { ReceiptDocument } from "../core/documents/receipt.ts";
import { REVIEW } from "../core/documents/review.ts";
import { later, type Instant } from "../core/instant.ts";
import { judgeBeneficiary } from "../core/policy/beneficiaries.ts";
import { countSignatures, type Counted } from "../core/policy/counting.ts";
import { evaluate, type Allowed } from "../core/policy/evaluate.ts";
import { generationDenial } from "../core/policy/generations.ts";
import { custodyId, type Policy, type Role } from "../core/policy/policy.ts";
import { conflictIn, holderOf, identityNamed } from "../core/policy/roles.ts";
import { assertGenesisSigned, assertSuccession } from "../core/policy/succession.ts";
import { verifySignature } from "../core/signature.ts";
import { EVIDENCE_CONTRADICTS, EVIDENCE_INCOMPLETE, notProven, proven, type Finding } from "./claim.ts";
import {
  allDocuments,
  policyNumber,
  requestOf,
  type OpenEvidence,
  type OpenRequest,
  type PayingIntent,
  type WithdrawalIntent,
} from "./opened.ts";

/** Is this the custody that the reader means? Only a digest from elsewhere can say so. */
export function judgeCustody({ custody }: OpenEvidence, expected: Digest | undefined): Finding {
  if (expected === undefined)
    return notProven(
      `custody ${custody}: compare it with the one that you have from elsewhere, or give --policy-digest`,
    );
  if (expected === custody) return proven(`custody ${custody}, as was asked for`);
  throw EVIDENCE_CONTRADICTS(`the file is about custody ${custody}, not ${expected}`, { field: "custody" });
}

/** From number 1, which everyone named has signed, each policy vouches for the next. */
export function judgePolicies({ policies, releases, custody, network }: OpenEvidence): Finding {
  policies.forEach((policy, i) => {
    if (policy.body.number !== i + 1 || policy.body.network !== network)
      throw EVIDENCE_CONTRADICTS(`policy number ${i + 1} is missing`, { field: `policies[${i}]` });
    if (custodyId(policy) !== custody)
      throw EVIDENCE_CONTRADICTS(`policy number ${i + 1} is of another custody`, { field: `policies[${i}]` });
    const previous = policies[i - 1];
    if (previous === undefined) assertGenesisSigned(policy);
    else assertSuccession(previous, policy, releases[i] ?? [], isSameWallet);
  });
  const last = policies[policies.length - 1]?.body as Policy;
  const admins = last.identities.filter(({ roles }) => roles.includes("admin")).map(({ name }) => name);
  const rest =
    policies.length === 1
      ? ""
      : `, and each of the ${policies.length - 1} after it follows from the one before`;
  return proven(`policy number 1 is signed by everyone whom it names${rest}`, admins);
}

/** Nothing from another custody or network stands in the file, and every signature in it is a true one of some key. */
export function judgeDocuments(opened: OpenEvidence): Finding {
  const all = allDocuments(opened);
  for (const document of all) {
    assertBelongs(document, opened);
    for (const signature of document.signatures) {
      if (!verifySignature(document.digest, signature))
        throw EVIDENCE_CONTRADICTS(`a ${document.body.kind} carries a false signature of ${signature.by}`, {
          field: document.body.kind,
        });
    }
  }
  return proven(`${all.length} documents belong to this custody and network, and their signatures verify`);
}

/** The intents are generations of one promise, and each names all before it. */
export function judgeSubject({ body, intents, beneficiaries }: OpenEvidence): Finding {
  intents.forEach((document, i) => {
    const { body: intent } = document;
    const denial = generationDenial(document, intents.slice(0, i));
    if (intent.type !== "withdrawal" || intent.id !== body.withdrawal || denial !== undefined) {
      const why = denial === undefined ? "" : `: ${denial[1]}`;
      throw EVIDENCE_CONTRADICTS(`intent ${i + 1} is not generation ${i + 1} of this withdrawal${why}`, {
        field: `intents[${i}]`,
      });
    }
    if (!beneficiaries.some(({ digest }) => digest === intent.beneficiary))
      throw EVIDENCE_INCOMPLETE(`the beneficiary of generation ${i + 1} is not here`, {
        field: "beneficiaries",
      });
  });
  const { body: last, digest } = intents[intents.length - 1] as WithdrawalIntent;
  const amount = formatAmount(last);
  return proven(
    `${amount} to beneficiary ${last.beneficiary}, intent ${digest}, generation ${last.generation}`,
  );
}

/** An operator lent a session key, and that key signed the request while it was lent. */
export function judgeRequest(opened: OpenEvidence, request: OpenRequest): Finding {
  const { delegation } = request.parts;
  const { body, digest, signatures } = request.document;
  const operator = operatorOf(opened, request);
  const lent = delegation.signatures.some(
    (signature) =>
      signature.by === operator.key &&
      signature.alg === operator.alg &&
      verifySignature(delegation.digest, signature),
  );
  if (!lent)
    throw EVIDENCE_CONTRADICTS(`${operator.name} has not signed the delegation`, { field: "delegation" });
  const { session, notBefore, expires } = delegation.body;
  if (lendsTooLong(delegation.body))
    throw EVIDENCE_CONTRADICTS("the delegation lends an operator's right for longer than a day", {
      field: "delegation",
    });
  const [signature, ...others] = signatures;
  const valid =
    signature?.by === session &&
    signature.alg === "ed25519" &&
    others.length === 0 &&
    verifySignature(digest, signature);
  if (!valid) throw EVIDENCE_CONTRADICTS("the session key has not signed the request", { field: "request" });
  if (signature.at < notBefore || signature.at > expires)
    throw EVIDENCE_CONTRADICTS("the request was signed outside its delegation", { field: "request" });
  return proven(`asked for at ${signature.at} under policy number ${body.policy}, digest ${digest}`, [
    operator.name,
  ]);
}

/** A receipt's own reading of the people: what its request carried, judged at the time of signing. */
export type Heard<Intent extends PayingIntent = WithdrawalIntent> = {
  readonly policy: Policy;
  readonly request: OpenRequest;
  readonly intent: Intent;
  readonly now: Instant;
};

/**
 * Judged by what the request carried, for that is what the signer knew, under the policy that the signer had pinned, at
 * the latest time that anyone has signed for: the request's, or the receipt's, which is journal time (law 12).
 */
export function heardBy(opened: OpenEvidence, receipt: ReceiptDocument): Heard {
  const request = requestOf(opened, receipt);
  const policy = policyNumber(opened, receipt.body.policy);
  const intent = request.parts.intents.find(
    (one): one is WithdrawalIntent =>
      one.body.type === "withdrawal" && one.body.id === opened.body.withdrawal,
  );
  if (intent === undefined)
    throw EVIDENCE_CONTRADICTS("a request does not carry the intent", { field: "requests" });
  if (!opened.intents.some(({ digest }) => digest === intent.digest))
    throw EVIDENCE_CONTRADICTS("a request carries another intent of this id", { field: "requests" });
  const times = [...request.document.signatures, ...receipt.signatures].map(({ at }) => at);
  return { policy, request, intent, now: times.reduce(later) };
}

/** The destination is the one that the intent names, signed by its quorum and, where there is one, the customer's key. */
export function judgeDestination({ policy, request, intent, now }: Heard): Finding {
  const beneficiary = request.parts.beneficiaries.find(({ digest }) => digest === intent.body.beneficiary);
  const denial = judgeBeneficiary(policy, intent.body, beneficiary, now);
  if (beneficiary === undefined || denial !== undefined)
    throw EVIDENCE_CONTRADICTS((denial ?? ["", "the beneficiary is missing"])[1], { field: "beneficiary" });
  const { account, customerKey } = beneficiary.body;
  const customer = customerKey === undefined ? "" : ", confirmed by the customer's own key";
  return proven(
    `${account} was signed as a destination${customer}`,
    namesOf(countSignatures(policy, "approver", beneficiary)),
  );
}

/** The quorum, the release and the clearances that the policy's row asks for. */
export function judgeApproval(heard: Heard): Finding {
  const { row, approvers, releasers, clearedBy } = allowed(heard);
  const parts = [
    `${approvers.length} of ${counted(row.quorum, "approver")} that row ${row.name} asks for`,
    ...(row.delaySeconds === 0 ? [] : [`released after its delay by ${namesOf(releasers).join(", ")}`]),
    ...(row.clearance === "none" ? [] : [`cleared by ${namesOf(clearedBy).join(", ")}`]),
  ];
  return proven(parts.join("; "), namesOf([...approvers, ...releasers, ...clearedBy]));
}

/** Nobody acted in two roles that the policy keeps apart. @param officers who confirmed the review */
export function judgeRoles(opened: OpenEvidence, heard: Heard, officers: readonly Counted[]): Finding {
  const { requester, approvers, releasers, clearedBy } = allowed(heard);
  const operator = operatorOf(opened, heard.request);
  const as = (role: Role, counted: readonly Counted[]) =>
    counted.map(({ identity: { person } }) => ({ role, person }));
  const cast = [
    { role: "requester" as const, person: requester.person },
    { role: "operator" as const, person: operator.person },
    ...as("approver", [...approvers, ...releasers]),
    ...as("compliance", clearedBy),
    ...as("officer", officers),
  ];
  const conflict = conflictIn(heard.policy, cast);
  if (conflict !== undefined)
    throw EVIDENCE_CONTRADICTS(`${conflict.person} acted as ${conflict.roles.join(" and ")}`, {
      field: "policy.conflicts",
    });
  return proven(
    `${new Set(cast.map(({ person }) => person)).size} persons, in no two roles that the policy keeps apart`,
  );
}

/** @throws EVIDENCE_CONTRADICTS where the policy denies it */
export function allowed({ policy, request: { parts }, intent, now }: Heard<PayingIntent>): Allowed {
  const { body } = intent;
  const verdict = evaluate(
    policy,
    {
      intent,
      superseded: parts.superseded.filter(({ digest }) => body.supersedes.includes(digest)),
      beneficiary:
        body.type === "withdrawal"
          ? parts.beneficiaries.find(({ digest }) => digest === body.beneficiary)
          : undefined,
      approvals: parts.approvals,
      clearances: parts.clearances,
      // Which halts had reached the signer, only its journal says.
      halts: [],
      wallet: parts.plans.find(({ body }) => body.intents.includes(intent.digest))?.body.wallet,
    },
    now,
  );
  if (verdict.allowed) return verdict;
  throw EVIDENCE_CONTRADICTS(`at ${now} the policy denies it (${verdict.rule}): ${verdict.why}`, {
    field: "approvals",
  });
}

export function operatorOf(opened: OpenEvidence, { document, parts }: OpenRequest) {
  const policy = policyNumber(opened, document.body.policy);
  const named = identityNamed(policy, parts.delegation.body.operator);
  const operator = named && holderOf(policy, named.key, "operator");
  if (operator !== undefined) return operator;
  throw EVIDENCE_CONTRADICTS("the delegation names nobody with role operator", {
    field: "delegation.operator",
  });
}

/** Who confirmed the review that stands in the receipt. */
export function officersOf(opened: OpenEvidence, { body }: ReceiptDocument): readonly Counted[] {
  if (body.outcome.type === "refused") return [];
  return countSignatures(
    policyNumber(opened, body.policy),
    "officer",
    fromEmbedded(REVIEW, body.outcome.review),
  );
}

export function namesOf(counted: readonly Counted[]): readonly string[] {
  return [...new Set(counted.map(({ identity }) => identity.name))];
}
