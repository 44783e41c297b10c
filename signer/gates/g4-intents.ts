/** G4: each intent is allowed, approved by the quorum, in time, by people who may act together, and planned once. */
import type { BeneficiaryDocument } from "../../src/core/documents/beneficiary.ts";
import type { IntentDocument } from "../../src/core/documents/intent.ts";
import type { PlanDocument } from "../../src/core/documents/plan.ts";
import { declareRule, type Rule } from "../../src/core/gate.ts";
import { addSeconds, earlier, later, type Instant } from "../../src/core/instant.ts";
import { countSignatures, evaluate, type Counted, type DenialRule } from "../../src/core/policy/evaluate.ts";
import type { PolicyIdentity, PolicySigner, PolicyWallet } from "../../src/core/policy/policy.ts";
import { conflictIn, holderOf } from "../../src/core/policy/roles.ts";
import type { Container } from "./g1-container.ts";
import { indexRequest, walletOf, type RequestIndex } from "./g4-structure.ts";
import { timeOf, type SignerState } from "./state.ts";

const GENERATION = declareRule(
  "G4",
  "GENERATION",
  "the intent is not of generation 1, which needs proof of death.",
);
const BORN_LATER = declareRule(
  "G4",
  "BORN_LATER",
  "the intent was born under a policy that is not pinned here.",
);
const BORN_BEFORE_EPOCH = declareRule(
  "G4",
  "BORN_BEFORE_EPOCH",
  "the intent's family was born before the policy that named this signer's epoch (law 7).",
);
const CONFLICT_OF_ROLES = declareRule(
  "G4",
  "CONFLICT_OF_ROLES",
  "one person acted in two roles that the policy keeps apart.",
);
const CLOCK_BEHIND = declareRule(
  "G4",
  "CLOCK_BEHIND",
  "the clock is behind journal time by more than the tolerance.",
);
const SIGNED_AHEAD = declareRule(
  "G4",
  "SIGNED_AHEAD",
  "a signature's time is ahead of the clock by more than the tolerance.",
);

const DENIALS: Readonly<Record<DenialRule, Rule>> = {
  NO_ROW: declareRule("G4", "NO_ROW", "no policy row covers the type, asset and amount."),
  WALLET_NOT_ALLOWED: declareRule(
    "G4",
    "WALLET_NOT_ALLOWED",
    "the policy row does not allow the paying wallet.",
  ),
  INTENT_EXPIRED: declareRule("G4", "INTENT_EXPIRED", "the intent has expired."),
  BENEFICIARY_MISMATCH: declareRule("G4", "BENEFICIARY_MISMATCH", "the beneficiary is not the intent's."),
  BENEFICIARY_UNSIGNED: declareRule("G4", "BENEFICIARY_UNSIGNED", "the beneficiary lacks its quorum."),
  BENEFICIARY_NOT_IN_FORCE: declareRule("G4", "BENEFICIARY_NOT_IN_FORCE", "the beneficiary is not in force."),
  REJECTED: declareRule("G4", "REJECTED", "an approver has rejected the intent, for ever."),
  QUORUM_NOT_MET: declareRule("G4", "QUORUM_NOT_MET", "too few distinct approvers count."),
  REQUESTER_UNKNOWN: declareRule("G4", "REQUESTER_UNKNOWN", "the requester does not hold that role."),
};

export type JudgedIntent = {
  readonly intent: IntentDocument;
  readonly beneficiary: BeneficiaryDocument;
  readonly approvers: readonly Counted[];
};
export type JudgedPlan = {
  readonly plan: PlanDocument;
  readonly wallet: PolicyWallet;
  readonly intents: readonly JudgedIntent[];
};
/** `at` is journal time once this request is done: max(journal time, request time), law 12. */
export type Judged = { readonly at: Instant; readonly plans: readonly JudgedPlan[] };

/** @throws Refusal of G4 */
export function judgeIntents(
  container: Container,
  state: SignerState,
  people: { readonly operator: PolicyIdentity; readonly signer: PolicySigner },
): Judged {
  assertClock(state);
  const index = indexRequest(container, state);
  const judgeAll = (now: Instant) =>
    container.parts.intents.map((intent) => judgeIntent(intent, index, state, people, now));
  const first = judgeAll(timeOf(state));
  assertNotAhead(container, state, first);
  const requestTime = first
    .flatMap(({ approvers }) => approvers)
    .map(({ at }) => at)
    .reduce(earlier);
  const at = later(state.journal.time, requestTime);
  // A clock that is behind, within the tolerance, must not lengthen a life: judged again at the later time.
  const intents = at > timeOf(state) ? judgeAll(at) : first;
  const byDigest = new Map(intents.map((judged) => [judged.intent.digest, judged]));
  const plans = container.parts.plans.map((plan) => ({
    plan,
    wallet: walletOf(plan, state),
    intents: plan.body.intents.map((digest) => byDigest.get(digest) as JudgedIntent),
  }));
  return { at, plans };
}

function judgeIntent(
  intent: IntentDocument,
  index: RequestIndex,
  state: SignerState,
  { operator, signer }: { readonly operator: PolicyIdentity; readonly signer: PolicySigner },
  now: Instant,
): JudgedIntent {
  assertFamily(intent, state, signer);
  const beneficiary = beneficiaryOf(intent, index);
  const approvals = index.approvals.get(intent.digest) ?? [];
  const wallet = index.plans.get(intent.digest)?.body.wallet;
  const evidence = { intent, beneficiary, approvals, wallet };
  const verdict = evaluate(state.policy.body, evidence, now);
  if (!verdict.allowed) {
    throw DENIALS[verdict.rule](`intent ${intent.body.id}: ${verdict.why}`, {
      field: "intents",
      hint: `custody withdraw show ${intent.body.id}`,
    });
  }
  const officer =
    state.officer === undefined ? undefined : holderOf(state.policy.body, state.officer, "officer");
  const conflict = conflictIn(state.policy.body, [
    { role: "requester", person: verdict.requester.person },
    { role: "operator", person: operator.person },
    ...verdict.approvers.map(({ identity }) => ({ role: "approver" as const, person: identity.person })),
    ...(officer === undefined ? [] : [{ role: "officer" as const, person: officer.person }]),
  ]);
  if (conflict !== undefined) {
    throw CONFLICT_OF_ROLES(
      `intent ${intent.body.id}: ${conflict.person} acts as ${conflict.roles.join(" and ")}, which the policy keeps apart`,
      { field: "policy.conflicts", hint: `let another person act as ${conflict.roles[1]}` },
    );
  }
  return { intent, beneficiary, approvers: verdict.approvers };
}

function assertFamily(intent: IntentDocument, state: SignerState, signer: PolicySigner): void {
  const { id, generation, born } = intent.body;
  const { number } = state.policy.body;
  if (generation !== 1) {
    throw GENERATION(`intent ${id} is of generation ${generation}: this version signs generation 1 alone`, {
      field: "intent.generation",
      hint: "settle the first generation by a plan on the same coins",
    });
  }
  if (born > number) {
    throw BORN_LATER(`intent ${id} was born under policy number ${born}, ${number} is pinned`, {
      field: "intent.born",
      hint: `pin version ${born} first: custody-signer policy pin --in policy-${born}.json`,
    });
  }
  if (born < signer.since) {
    throw BORN_BEFORE_EPOCH(
      `intent ${id} was born under policy number ${born}, this signer's epoch exists since ${signer.since}`,
      {
        field: "intent.born",
        hint: "what an earlier epoch may have signed is unknown here: sign with a signer of that time",
      },
    );
  }
}

function beneficiaryOf(intent: IntentDocument, index: RequestIndex): BeneficiaryDocument {
  const found = index.beneficiaries.get(intent.body.beneficiary);
  if (found !== undefined) return found;
  throw DENIALS.BENEFICIARY_MISMATCH(
    `intent ${intent.body.id}: the request lacks the beneficiary that it names`,
    {
      field: "beneficiaries",
      hint: "export the request again",
    },
  );
}

function assertClock(state: SignerState): void {
  const { clockToleranceSeconds } = state.policy.body;
  if (addSeconds(state.clock, clockToleranceSeconds) >= state.journal.time) return;
  throw CLOCK_BEHIND(
    `the clock says ${state.clock}, but this signer has already seen ${state.journal.time}`,
    {
      field: "clock",
      hint: "set the machine's clock to the right UTC time",
    },
  );
}

// A signature from the future would move journal time, and with it every window of time, at its owner's will.
function assertNotAhead(
  { request, parts }: Container,
  state: SignerState,
  judged: readonly JudgedIntent[],
): void {
  const limit = addSeconds(state.clock, state.policy.body.clockToleranceSeconds);
  const times = [
    ...request.signatures.map(({ at }) => at),
    ...parts.delegation.signatures.map(({ at }) => at),
    ...judged.flatMap(({ approvers, beneficiary }) =>
      [...approvers, ...countSignatures(state.policy.body, "approver", beneficiary)].map(({ at }) => at),
    ),
  ];
  const ahead = times.find((at) => at > limit);
  if (ahead === undefined) return;
  throw SIGNED_AHEAD(`a signature says ${ahead}, the clock says ${state.clock}`, {
    field: "signatures.at",
    hint: "set the machine's clock to the right UTC time; if it is right, sign that document again",
  });
}
