import * as z from "zod";
import { documentType, fromEmbedded, type BodyOf, type Document } from "../document.ts";
import { base64Field, countField, digestField, hexField, idField, nameField } from "../fields.ts";
import { LIMITS } from "../limits.ts";
import { APPROVAL, headField, type ApprovalDocument } from "./approval.ts";
import { BENEFICIARY, type BeneficiaryDocument } from "./beneficiary.ts";
import { CLEARANCE, type ClearanceDocument } from "./clearance.ts";
import { DEAD, type DeadDocument } from "./dead.ts";
import { DELEGATION, type DelegationDocument } from "./delegation.ts";
import { INTENT, type IntentDocument } from "./intent.ts";
import { PLAN, type PlanDocument } from "./plan.ts";

const EMBEDDED_MAX = LIMITS.plansPerRequestMax * LIMITS.intentsPerPlanMax;

/** A place of the online audit tree. */
export const auditPlaceField = z.strictObject({
  epoch: countField(1_000_000, 1),
  size: countField(Number.MAX_SAFE_INTEGER),
  root: digestField,
});
export type AuditPlace = z.output<typeof auditPlaceField>;

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
    /** Every earlier generation of those intents, whose promise they must be. */
    superseded: z.array(INTENT.schema).max(EMBEDDED_MAX),
    beneficiaries: z.array(BENEFICIARY.schema).max(EMBEDDED_MAX),
    approvals: z
      .array(APPROVAL.schema)
      .min(1)
      .max(8 * EMBEDDED_MAX),
    clearances: z.array(CLEARANCE.schema).max(EMBEDDED_MAX),
    dead: z.array(DEAD.schema).max(EMBEDDED_MAX),
    /**
     * What the plans' inputs spend, once for all plans: witness-stripped previous transactions, in ascending order of
     * their base64 text. Each is found by its id, which the reader computes.
     */
    previous: z.array(base64Field).max(LIMITS.plansPerRequestMax * LIMITS.transactionInputsMax),
    /** The last journal head of each signer that the online host holds: a receipt brings what came after. */
    heads: z.array(headField).max(64),
    /** The online audit tree now, with a proof that it extends what each signer countersigned last (RFC 6962 §2.1.2). */
    audit: z.strictObject({
      ...auditPlaceField.shape,
      extends: z
        .array(
          z.strictObject({
            signer: nameField,
            size: countField(Number.MAX_SAFE_INTEGER),
            proof: z.array(hexField).max(64),
          }),
        )
        .max(64),
    }),
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
  readonly superseded: readonly IntentDocument[];
  readonly beneficiaries: readonly BeneficiaryDocument[];
  readonly approvals: readonly ApprovalDocument[];
  readonly clearances: readonly ClearanceDocument[];
  readonly dead: readonly DeadDocument[];
};

export function requestParts({ body }: RequestDocument): RequestParts {
  return {
    delegation: fromEmbedded(DELEGATION, body.delegation),
    plans: body.plans.map((plan) => fromEmbedded(PLAN, plan)),
    intents: body.intents.map((intent) => fromEmbedded(INTENT, intent)),
    superseded: body.superseded.map((intent) => fromEmbedded(INTENT, intent)),
    beneficiaries: body.beneficiaries.map((beneficiary) => fromEmbedded(BENEFICIARY, beneficiary)),
    approvals: body.approvals.map((approval) => fromEmbedded(APPROVAL, approval)),
    clearances: body.clearances.map((clearance) => fromEmbedded(CLEARANCE, clearance)),
    dead: body.dead.map((document) => fromEmbedded(DEAD, document)),
  };
}
