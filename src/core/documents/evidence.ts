import * as z from "zod";
import type { Json, JsonObject } from "../canonical.ts";
import { documentType, type BodyOf, type Document } from "../document.ts";
import { countField, digestField, hexField, idField, instantField, textField } from "../fields.ts";
import { LIMITS } from "../limits.ts";
import { POLICY } from "../policy/policy.ts";
import { APPROVAL } from "./approval.ts";
import { BENEFICIARY } from "./beneficiary.ts";
import { CLEARANCE } from "./clearance.ts";
import { DEAD } from "./dead.ts";
import { HALT, RESUME } from "./halt.ts";
import { INTENT } from "./intent.ts";
import { RECEIPT, inputSignatureField } from "./receipt.ts";
import { REQUEST } from "./request.ts";
import { VOID } from "./void.ts";

const EACH_MAX = LIMITS.evidenceDocumentsMax;

const jsonField: z.ZodType<Json> = z.lazy(() =>
  z.union([z.string(), z.number(), z.boolean(), z.array(jsonField), jsonObjectField]),
);
const jsonObjectField: z.ZodType<JsonObject> = z.record(z.string(), jsonField);

/** One row of the audit log, as it was hashed. Its leaf is SHA-256(0x00 ‖ the canonical JSON of exactly these fields). */
const auditRowField = z.strictObject({
  seq: countField(Number.MAX_SAFE_INTEGER, 1),
  at: instantField,
  actor: textField(128),
  operation: idField,
  entity: textField(32),
  entityId: textField(256),
  version: countField(Number.MAX_SAFE_INTEGER, 1),
  event: textField(128),
  before: jsonObjectField.optional(),
  after: jsonObjectField.optional(),
});
export type EvidenceRow = z.output<typeof auditRowField>;

const proofField = z.array(digestField).max(64);
const rungField = z.union([countField(LIMITS.rungsPerPlanMax - 1), z.literal("cancel")]);

/**
 * Everything about one withdrawal that an auditor can judge without a database and without a network. It is unsigned:
 * what it proves, it proves by the signatures and hashes of what it holds. A request is whole, since its digest covers
 * the whole batch, so other customers' pseudonyms, destinations and amounts of the same batch stand in it as well.
 */
export const EVIDENCE = documentType(
  "evidence",
  {
    /** Id of the withdrawal, which is its intent's. */
    withdrawal: idField,
    made: instantField,
    /** From number 1 to the newest that anything here names; each with the releases that a recovery needed. */
    policies: z
      .array(z.strictObject({ policy: POLICY.schema, releases: z.array(APPROVAL.schema).max(64) }))
      .min(1)
      .max(EACH_MAX),
    /** Generation 1 first. */
    intents: z.array(INTENT.schema).min(1).max(EACH_MAX),
    beneficiaries: z.array(BENEFICIARY.schema).min(1).max(EACH_MAX),
    /** Whatever anybody has said of the intents, also what came too late for a request. */
    approvals: z.array(APPROVAL.schema).max(EACH_MAX),
    clearances: z.array(CLEARANCE.schema).max(EACH_MAX),
    halts: z.array(HALT.schema).max(EACH_MAX),
    resumes: z.array(RESUME.schema).max(EACH_MAX),
    /** Those that carried a plan of it out, with their plans and delegations, in the order of their export. */
    requests: z.array(REQUEST.schema).max(EACH_MAX),
    /** In the order in which they were imported. */
    receipts: z.array(RECEIPT.schema).max(EACH_MAX),
    /** Signatures that other makers' signers gave, without a receipt. */
    partials: z
      .array(
        z.strictObject({
          plan: digestField,
          rung: rungField,
          /** How many of `receipts` had been imported before. */
          afterReceipts: countField(EACH_MAX),
          signatures: z
            .array(inputSignatureField)
            .min(1)
            .max(16 * LIMITS.transactionInputsMax),
        }),
      )
      .max(EACH_MAX),
    voids: z.array(VOID.schema).max(EACH_MAX),
    dead: z.array(DEAD.schema).max(EACH_MAX),
    /** The attempt that settles it, as far as the online host knows; absent while nothing was sent. */
    settlement: z
      .strictObject({
        plan: digestField,
        rung: rungField,
        transaction: digestField,
        /** The bytes that were sent. */
        bytes: hexField,
        /** Its block holds it, and it failed there: it has settled nothing (F18). Hearsay, as the block is. */
        withoutEffect: z.literal(true).optional(),
        /** The block that the watcher saw it in. Hearsay: a node can be asked. */
        block: z
          .strictObject({
            hash: digestField,
            height: countField(100_000_000),
            confirmations: countField(100_000_000),
          })
          .optional(),
      })
      .optional(),
    audit: z.strictObject({
      epoch: countField(1_000_000, 1),
      size: countField(Number.MAX_SAFE_INTEGER),
      root: digestField,
      /** Rows of the withdrawal, its plans and attempts, each with its place under `root` (RFC 6962 §2.1.1). */
      rows: z.array(z.strictObject({ row: auditRowField, proof: proofField })).max(100 * EACH_MAX),
      /** That `root` extends the tree of `size` rows, which a receipt here has countersigned (RFC 6962 §2.1.2). */
      extends: z
        .array(z.strictObject({ size: countField(Number.MAX_SAFE_INTEGER), proof: proofField }))
        .max(EACH_MAX),
    }),
  },
  { signed: false, bytesMax: LIMITS.documentBytesMax },
);

export type Evidence = BodyOf<typeof EVIDENCE>;
export type EvidenceDocument = Document<Evidence>;
export type EvidenceSettlement = NonNullable<Evidence["settlement"]>;
