/** G4, first half: the request's documents fit together, each once, none beside the point. */
import type { Digest } from "../../src/core/digest.ts";
import type { ApprovalDocument } from "../../src/core/documents/approval.ts";
import type { BeneficiaryDocument } from "../../src/core/documents/beneficiary.ts";
import type { PlanDocument } from "../../src/core/documents/plan.ts";
import { declareRule } from "../../src/core/gate.ts";
import type { PolicyWallet } from "../../src/core/policy/policy.ts";
import type { Container } from "./g1-container.ts";
import type { SignerState } from "./state.ts";

const VERSION_NOT_ACCEPTED = declareRule(
  "G4",
  "VERSION_NOT_ACCEPTED",
  "the policy does not accept a document of this kind and format version.",
);
const DOCUMENT_TWICE = declareRule("G4", "DOCUMENT_TWICE", "an intent or plan stands in the request twice.");
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
const STRAY_DOCUMENT = declareRule("G4", "STRAY_DOCUMENT", "a document belongs to no intent of the request.");
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
  readonly beneficiaries: ReadonlyMap<Digest, BeneficiaryDocument>;
  readonly approvals: ReadonlyMap<Digest, readonly ApprovalDocument[]>;
};

/** Checks that the documents fit together. @returns plans and approvals by intent digest @throws Refusal of G4 */
export function indexRequest({ parts }: Container, state: SignerState): RequestIndex {
  const { intents, plans, beneficiaries, approvals } = parts;
  assertAccepted(state);
  assertOnce(
    "intent id",
    intents.map(({ body }) => body.id),
  );
  assertOnce(
    "plan id",
    plans.map(({ body }) => body.id),
  );
  assertOnce(
    "beneficiary",
    beneficiaries.map(({ digest }) => digest),
  );
  for (const plan of plans) walletOf(plan, state);
  const known = new Set(intents.map(({ digest }) => digest));
  const used = new Set(intents.map(({ body }) => body.beneficiary));
  const stray =
    approvals.find(({ body }) => !known.has(body.intent)) ??
    beneficiaries.find(({ digest }) => !used.has(digest));
  if (stray !== undefined) {
    throw STRAY_DOCUMENT(`the request holds ${stray.body.kind} ${stray.digest} that no intent of it needs`, {
      field: stray.body.kind,
      hint: EXPORT_AGAIN,
    });
  }
  return {
    plans: plansByIntent(plans, known),
    beneficiaries: new Map(beneficiaries.map((beneficiary) => [beneficiary.digest, beneficiary])),
    approvals: approvalsByIntent(approvals),
  };
}

function approvalsByIntent(approvals: readonly ApprovalDocument[]): RequestIndex["approvals"] {
  const grouped = new Map<Digest, ApprovalDocument[]>();
  for (const approval of approvals) {
    const group = grouped.get(approval.body.intent);
    if (group === undefined) grouped.set(approval.body.intent, [approval]);
    else group.push(approval);
  }
  return grouped;
}

// Every intent in exactly one place of exactly one plan: twice would be paid twice, never means that it is not needed.
function plansByIntent(
  plans: readonly PlanDocument[],
  known: ReadonlySet<Digest>,
): ReadonlyMap<Digest, PlanDocument> {
  const placed = new Map<Digest, PlanDocument>();
  for (const plan of plans) {
    for (const intent of plan.body.intents) {
      if (!known.has(intent)) {
        throw INTENT_NOT_IN_REQUEST(`plan ${plan.body.id} names intent ${intent}, which the request lacks`, {
          field: "plans.intents",
          hint: EXPORT_AGAIN,
        });
      }
      if (placed.has(intent)) throw notOnce(intent, "stands in the plans twice");
      placed.set(intent, plan);
    }
  }
  for (const intent of known) if (!placed.has(intent)) throw notOnce(intent, "is in no plan");
  return placed;
}

/** The pinned wallet that `plan` pays from. @throws Refusal of G4 */
export function walletOf({ body }: PlanDocument, { policy, self }: SignerState): PolicyWallet {
  const wallet = policy.body.wallets.find(({ name }) => name === body.wallet);
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

function notOnce(intent: Digest, why: string) {
  return INTENT_NOT_PLANNED_ONCE(`intent ${intent} ${why}`, { field: "plans.intents", hint: EXPORT_AGAIN });
}

function assertAccepted({ policy }: SignerState): void {
  for (const kind of ["request", "delegation", "plan", "intent", "beneficiary", "approval"]) {
    const accepted = policy.body.accepts.find((entry) => entry.kind === kind)?.versions ?? [];
    if (accepted.includes(1)) continue;
    throw VERSION_NOT_ACCEPTED(`policy number ${policy.body.number} does not accept ${kind} version 1`, {
      field: "policy.accepts",
      hint: "let the admins sign a policy that accepts it",
    });
  }
}

function assertOnce(what: string, values: readonly string[]): void {
  const seen = new Set<string>();
  for (const value of values) {
    if (seen.has(value)) {
      throw DOCUMENT_TWICE(`${what} ${value} stands in the request twice`, {
        field: what,
        hint: EXPORT_AGAIN,
      });
    }
    seen.add(value);
  }
}
