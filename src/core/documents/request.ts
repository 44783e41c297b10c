import { z } from "zod";
import { documentType, fromEmbedded, type BodyOf, type Document } from "../document.ts";
import { countField, idField } from "../fields.ts";
import { LIMITS } from "../limits.ts";
import { APPROVAL, type ApprovalDocument } from "./approval.ts";
import { BENEFICIARY, type BeneficiaryDocument } from "./beneficiary.ts";
import { DELEGATION, type DelegationDocument } from "./delegation.ts";
import { INTENT, type IntentDocument } from "./intent.ts";
import { PLAN, type PlanDocument } from "./plan.ts";

const EMBEDDED_MAX = LIMITS.plansPerRequestMax * LIMITS.intentsPerPlanMax;

/** Everything a signer needs to decide, signed by the operator's session key. */
export const REQUEST = documentType(
  "request",
  {
    id: idField,
    operation: idField,
    /** The policy number that the online host believes is pinned. */
    policy: countField(1_000_000, 1),
    delegation: DELEGATION.schema,
    plans: z.array(PLAN.schema).min(1).max(LIMITS.plansPerRequestMax),
    intents: z.array(INTENT.schema).min(1).max(EMBEDDED_MAX),
    beneficiaries: z.array(BENEFICIARY.schema).min(1).max(EMBEDDED_MAX),
    approvals: z
      .array(APPROVAL.schema)
      .min(1)
      .max(8 * EMBEDDED_MAX),
  },
  { bytesMax: LIMITS.documentBytesMax },
);

export type Request = BodyOf<typeof REQUEST>;
export type RequestDocument = Document<Request>;

/** A request's embedded documents, each with its digest computed from its bytes. */
export type RequestParts = {
  readonly delegation: DelegationDocument;
  readonly plans: readonly PlanDocument[];
  readonly intents: readonly IntentDocument[];
  readonly beneficiaries: readonly BeneficiaryDocument[];
  readonly approvals: readonly ApprovalDocument[];
};

export function requestParts({ body }: RequestDocument): RequestParts {
  return {
    delegation: fromEmbedded(DELEGATION, body.delegation),
    plans: body.plans.map((plan) => fromEmbedded(PLAN, plan)),
    intents: body.intents.map((intent) => fromEmbedded(INTENT, intent)),
    beneficiaries: body.beneficiaries.map((beneficiary) => fromEmbedded(BENEFICIARY, beneficiary)),
    approvals: body.approvals.map((approval) => fromEmbedded(APPROVAL, approval)),
  };
}
