/** G4: each intent is allowed, approved by the quorum, in time, by people who may act together, and planned once. */
import type { JudgedIntent } from "../../src/chains/review.ts";
import type { Document, DocumentHeader } from "../../src/core/document.ts";
import { familyKeys, familyOf } from "../../src/core/documents/family.ts";
import type { IntentDocument } from "../../src/core/documents/intent.ts";
import type { PlanDocument } from "../../src/core/documents/plan.ts";
import { declareRule } from "../../src/core/gate.ts";
import { addSeconds, earlier, later, type Instant } from "../../src/core/instant.ts";
import { countSignatures } from "../../src/core/policy/counting.ts";
import { completedAt, evaluate, type Allowed } from "../../src/core/policy/evaluate.ts";
import type { PolicyIdentity, PolicySigner, PolicyWallet } from "../../src/core/policy/policy.ts";
import { conflictIn, holderOf } from "../../src/core/policy/roles.ts";
import { verifySignature } from "../../src/core/signature.ts";
import type { Memory } from "../journal/memory.ts";
import type { Container } from "./g1-container.ts";
import { DENIALS } from "./g4-denials.ts";
import { assertBorn } from "./g4-families.ts";
import { indexRequest, walletOf, type RequestIndex } from "./g4-structure.ts";
import { timeOf, type SignerState } from "./state.ts";

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

export type JudgedPlan = {
  readonly plan: PlanDocument;
  readonly wallet: PolicyWallet;
  readonly intents: readonly JudgedIntent[];
};
/** `at` is journal time once this request is done: max(journal time, request time), law 12. */
export type Judged = { readonly at: Instant; readonly plans: readonly JudgedPlan[] };

/** Who acts besides those whose signatures the request holds. */
export type People = { readonly operator: PolicyIdentity; readonly signer: PolicySigner };

type Judging = People & {
  readonly index: RequestIndex;
  readonly state: SignerState;
  readonly memory: Memory;
};

/** @throws Refusal of G4 */
export function judgeIntents(
  container: Container,
  state: SignerState,
  memory: Memory,
  people: People,
): Judged {
  assertClock(state);
  const judging: Judging = { ...people, state, memory, index: indexRequest(container, state) };
  const judgeAll = (now: Instant) =>
    container.parts.intents.map((intent) => judgeIntent(intent, judging, now));
  const first = judgeAll(timeOf(state));
  assertNotAhead(container, state, first, people.operator);
  // By when its quorum stood, not by its first word: one approver who backdates his own would age every window (law 12).
  const requestTime = first.map(({ approvers, row }) => completedAt(approvers, row.quorum)).reduce(earlier);
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

function judgeIntent(intent: IntentDocument, judging: Judging, now: Instant): JudgedIntent {
  const { state, memory, index, signer } = judging;
  assertBorn(intent, state, signer);
  const { id, type } = intent.body;
  const hint = `custody withdraw show ${id}   (at the online host)`;
  // A no that was brought here binds for ever, also when its maker has left and the request leaves it out; and it is to the
  // promise, whichever generation or draft of it comes now (law 13).
  const names = [intent.digest, ...intent.body.supersedes, ...familyKeys(familyOf(intent.body))];
  if (names.some((name) => memory.noes.has(name))) {
    throw DENIALS.REJECTED(`intent ${id}: a rejection of its promise was brought to this signer`, {
      field: "intents",
      hint,
    });
  }
  const beneficiary = type === "withdrawal" ? index.beneficiaries.get(intent.body.beneficiary) : undefined;
  const verdict = evaluate(
    state.policy.body,
    {
      intent,
      superseded: intent.body.supersedes.flatMap((digest) => index.superseded.get(digest) ?? []),
      beneficiary,
      approvals: index.approvals.get(intent.digest) ?? [],
      clearances: index.clearances.get(intent.digest) ?? [],
      halts: memory.halts,
      wallet: index.plans.get(intent.digest)?.body.wallet,
    },
    now,
  );
  if (!verdict.allowed)
    throw DENIALS[verdict.rule](`intent ${id}: ${verdict.why}`, { field: "intents", hint });
  assertApart(intent, verdict, judging);
  return { ...verdict, intent, beneficiary };
}

function assertApart({ body }: IntentDocument, verdict: Allowed, { state, operator }: Judging): void {
  const { requester, approvers, releasers, clearedBy } = verdict;
  const officer =
    state.officer === undefined ? undefined : holderOf(state.policy.body, state.officer, "officer");
  const conflict = conflictIn(state.policy.body, [
    { role: "requester", person: requester.person },
    { role: "operator", person: operator.person },
    ...[...approvers, ...releasers].map(({ identity }) => ({
      role: "approver" as const,
      person: identity.person,
    })),
    ...clearedBy.map(({ identity }) => ({ role: "compliance" as const, person: identity.person })),
    ...(officer === undefined ? [] : [{ role: "officer" as const, person: officer.person }]),
  ]);
  if (conflict === undefined) return;
  throw CONFLICT_OF_ROLES(
    `intent ${body.id}: ${conflict.person} acts as ${conflict.roles.join(" and ")}, which the policy keeps apart`,
    { field: "policy.conflicts", hint: `let another person act as ${conflict.roles[1]}` },
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

// A signature from the future would move journal time, and with it every window of time, at its owner's will. Only
// signatures that count are looked at: else anybody's beside them would stop the request.
function assertNotAhead(
  { request, parts }: Container,
  { clock, policy: { body: policy } }: SignerState,
  judged: readonly JudgedIntent[],
  operator: PolicyIdentity,
): void {
  const limit = addSeconds(clock, policy.clockToleranceSeconds);
  const times = [
    ...request.signatures,
    ...signaturesBy(operator.key, parts.delegation),
    ...judged.flatMap(({ approvers, releasers, clearedBy }) => [...approvers, ...releasers, ...clearedBy]),
    ...[...parts.beneficiaries, ...parts.dead].flatMap((document) =>
      countSignatures(policy, "approver", document),
    ),
    ...parts.beneficiaries.flatMap((document) => signaturesBy(document.body.customerKey, document)),
  ].map(({ at }) => at);
  const ahead = times.find((at) => at > limit);
  if (ahead === undefined) return;
  throw SIGNED_AHEAD(`a signature says ${ahead}, the clock says ${clock}`, {
    field: "signatures.at",
    hint: "set the machine's clock to the right UTC time; if it is right, sign that document again",
  });
}

function signaturesBy(key: string | undefined, document: Document<DocumentHeader>) {
  return document.signatures.filter(
    (signature) => signature.by === key && verifySignature(document.digest, signature),
  );
}
