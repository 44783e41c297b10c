/** G4, first half: the request's documents fit together, each once, none beside the point. */
import type { Digest } from "../../src/core/digest.ts";
import type { Document, DocumentHeader } from "../../src/core/document.ts";
import type { ApprovalDocument } from "../../src/core/documents/approval.ts";
import type { BeneficiaryDocument } from "../../src/core/documents/beneficiary.ts";
import type { ClearanceDocument } from "../../src/core/documents/clearance.ts";
import type { IntentDocument } from "../../src/core/documents/intent.ts";
import type { PlanDocument } from "../../src/core/documents/plan.ts";
import type { RequestParts } from "../../src/core/documents/request.ts";
import { declareRule } from "../../src/core/gate.ts";
import { findWallet } from "../../src/core/policy/entries.ts";
import type { PolicyWallet } from "../../src/core/policy/policy.ts";
import type { Container } from "./g1-container.ts";
import type { SignerState } from "./state.ts";

const VERSION_NOT_ACCEPTED = declareRule(
  "G4",
  "VERSION_NOT_ACCEPTED",
  "the policy does not accept a document of this kind and format version.",
);
const DOCUMENT_TWICE = declareRule("G4", "DOCUMENT_TWICE", "a document stands in the request twice.");
const INTENT_NOT_IN_REQUEST = declareRule(
  "G4",
  "INTENT_NOT_IN_REQUEST",
  "a plan names an intent that is not there.",
);
const INTENT_NOT_PLANNED_ONCE = declareRule(
  "G4",
  "INTENT_NOT_PLANNED_ONCE",
  "an intent is in no plan, or stands in the plans twice.",
);
const INTENT_NOT_ALONE = declareRule(
  "G4",
  "INTENT_NOT_ALONE",
  "an intent that moves a wallet's own coins shares its plan with another.",
);
const STRAY_DOCUMENT = declareRule("G4", "STRAY_DOCUMENT", "a document belongs to no intent of the request.");
const PREVIOUS_UNSORTED = declareRule(
  "G4",
  "PREVIOUS_UNSORTED",
  "previous transactions are not in ascending order, each once.",
);
const WALLET_UNKNOWN = declareRule(
  "G4",
  "WALLET_UNKNOWN",
  "a plan's wallet is not in the policy or on another chain.",
);
const WALLET_NOT_OURS = declareRule("G4", "WALLET_NOT_OURS", "a plan's wallet does not name this signer.");

const EXPORT_AGAIN = "export the request again: custody withdraw export PLAN --out request.json";

/** A request's documents by what they belong to. Maps, because a request may hold thousands of each. */
export type RequestIndex = {
  readonly plans: ReadonlyMap<Digest, PlanDocument>;
  readonly superseded: ReadonlyMap<Digest, IntentDocument>;
  readonly beneficiaries: ReadonlyMap<Digest, BeneficiaryDocument>;
  readonly approvals: ReadonlyMap<Digest, readonly ApprovalDocument[]>;
  readonly clearances: ReadonlyMap<Digest, readonly ClearanceDocument[]>;
};

/**
 * Checks that the documents fit together.
 * @returns plans, approvals and clearances by intent digest @throws Refusal of G4
 */
export function indexRequest({ request, parts }: Container, state: SignerState): RequestIndex {
  assertAccepted(parts, state);
  assertEachOnce(parts);
  assertOnce(
    "head of signer",
    request.body.heads.map(({ signer }) => signer),
  );
  assertSorted(request.body.previous);
  for (const plan of parts.plans) walletOf(plan, state);
  const intents = new Map(parts.intents.map((intent) => [intent.digest, intent]));
  assertNoStray(parts, intents);
  const plans = plansByIntent(parts.plans, intents);
  return {
    plans,
    superseded: new Map(parts.superseded.map((intent) => [intent.digest, intent])),
    beneficiaries: new Map(parts.beneficiaries.map((beneficiary) => [beneficiary.digest, beneficiary])),
    approvals: grouped(parts.approvals, ({ body }) => [body.intent]),
    clearances: grouped(parts.clearances, ({ body }) => body.intents),
  };
}

/** The pinned wallet that `plan` pays from. @throws Refusal of G4 */
export function walletOf({ body }: PlanDocument, { policy, self }: SignerState): PolicyWallet {
  const wallet = findWallet(policy.body, body.wallet);
  if (wallet === undefined || wallet.chain !== body.chain) {
    throw WALLET_UNKNOWN(`policy number ${policy.body.number} has no wallet ${body.wallet} on that chain`, {
      field: "plan.wallet",
      hint: "custody-signer policy show",
    });
  }
  if (!wallet.signers.includes(self.name)) {
    throw WALLET_NOT_OURS(`wallet ${wallet.name} is not signed by ${self.name}`, {
      field: "plan.wallet",
      hint: `take the request to ${wallet.signers.join(" or ")}`,
    });
  }
  return wallet;
}

function assertAccepted(parts: RequestParts, { policy }: SignerState): void {
  const { delegation, plans, intents, beneficiaries, approvals, clearances, dead } = parts;
  // What is superseded is of a kind that stands here already.
  const all = [delegation, ...plans, ...intents, ...beneficiaries, ...approvals, ...clearances, ...dead];
  for (const kind of new Set(["request", ...all.map(({ body }) => body.kind)])) {
    const accepted = policy.body.accepts.find((entry) => entry.kind === kind)?.versions ?? [];
    if (accepted.includes(1)) continue;
    throw VERSION_NOT_ACCEPTED(`policy number ${policy.body.number} does not accept ${kind} version 1`, {
      field: "policy.accepts",
      hint: "let the admins sign a policy that accepts it",
    });
  }
}

function assertEachOnce(parts: RequestParts): void {
  const { intents, superseded, plans, beneficiaries, approvals, clearances, dead } = parts;
  assertOnce(
    "intent id",
    intents.map(({ body }) => body.id),
  );
  assertOnce(
    "superseded intent",
    superseded.map(({ digest }) => digest),
  );
  assertOnce(
    "plan id",
    plans.map(({ body }) => body.id),
  );
  assertOnce(
    "beneficiary",
    beneficiaries.map(({ digest }) => digest),
  );
  assertOnce(
    "dead plan",
    dead.map(({ body }) => body.plan),
  );
  // Two people may have signed one text, each in a file of its own.
  assertOnce("approval", approvals.map(signedText));
  assertOnce("clearance", clearances.map(signedText));
}

function signedText({ digest, signatures }: Document<DocumentHeader>): string {
  return [digest, ...signatures.map(({ sig }) => sig)].join(" ");
}

function assertOnce(what: string, values: readonly string[]): void {
  const seen = new Set<string>();
  for (const value of values) {
    if (seen.has(value)) {
      throw DOCUMENT_TWICE(`${what} ${value.slice(0, 64)} stands in the request twice`, {
        field: what,
        hint: EXPORT_AGAIN,
      });
    }
    seen.add(value);
  }
}

// One order, so that one set of transactions has one spelling; what no plan spends is found at G5.
function assertSorted(previous: readonly string[]): void {
  const place = previous.findIndex((text, i) => i > 0 && text <= (previous[i - 1] as string));
  if (place < 0) return;
  throw PREVIOUS_UNSORTED(`previous transaction ${place} does not come after the one before it`, {
    field: `request.previous[${place}]`,
    hint: EXPORT_AGAIN,
  });
}

function assertNoStray(parts: RequestParts, intents: ReadonlyMap<Digest, IntentDocument>): void {
  const destinations = new Set(
    parts.intents.flatMap(({ body }) => (body.type === "withdrawal" ? [body.beneficiary] : [])),
  );
  const superseded = new Set(parts.intents.flatMap(({ body }) => body.supersedes));
  const stray =
    parts.superseded.find(({ digest }) => !superseded.has(digest)) ??
    parts.approvals.find(({ body }) => !intents.has(body.intent)) ??
    parts.beneficiaries.find(({ digest }) => !destinations.has(digest)) ??
    parts.clearances.find(({ body }) => !body.intents.some((intent) => intents.has(intent)));
  if (stray === undefined) return;
  throw STRAY_DOCUMENT(`the request holds ${stray.body.kind} ${stray.digest} that no intent of it needs`, {
    field: stray.body.kind,
    hint: EXPORT_AGAIN,
  });
}

// Every intent in exactly one place of exactly one plan: twice would be paid twice, never means that it is not needed.
function plansByIntent(
  plans: readonly PlanDocument[],
  intents: ReadonlyMap<Digest, IntentDocument>,
): ReadonlyMap<Digest, PlanDocument> {
  const placed = new Map<Digest, PlanDocument>();
  for (const plan of plans) {
    for (const digest of plan.body.intents) {
      const intent = intents.get(digest);
      if (intent === undefined) {
        throw INTENT_NOT_IN_REQUEST(`plan ${plan.body.id} names intent ${digest}, which the request lacks`, {
          field: "plans.intents",
          hint: EXPORT_AGAIN,
        });
      }
      assertAlone(intent, plan);
      if (placed.has(digest)) throw notOnce(digest, "stands in the plans twice");
      placed.set(digest, plan);
    }
  }
  for (const digest of intents.keys()) if (!placed.has(digest)) throw notOnce(digest, "is in no plan");
  return placed;
}

// Payments may be batched. What brings a wallet's own coins together or back has no effect to be matched with but change.
function assertAlone({ body }: IntentDocument, plan: PlanDocument): void {
  const batched = body.type === "withdrawal" || body.type === "transfer";
  if (batched || plan.body.intents.length === 1) return;
  throw INTENT_NOT_ALONE(`intent ${body.id} (${body.type}) is not the only one of plan ${plan.body.id}`, {
    field: "plan.intents",
    hint: "build a plan for this intent alone",
  });
}

function notOnce(intent: Digest, why: string) {
  return INTENT_NOT_PLANNED_ONCE(`intent ${intent} ${why}`, { field: "plans.intents", hint: EXPORT_AGAIN });
}

function grouped<T>(
  documents: readonly T[],
  keysOf: (document: T) => readonly Digest[],
): ReadonlyMap<Digest, readonly T[]> {
  const groups = new Map<Digest, T[]>();
  for (const document of documents) {
    for (const key of keysOf(document)) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [document]);
      else group.push(document);
    }
  }
  return groups;
}
