import { z } from "zod";
import { documentType, type BodyOf, type Document } from "../document.ts";
import {
  assetField,
  countField,
  digestField,
  idField,
  instantField,
  nameField,
  unitsField,
} from "../fields.ts";

/**
 * What shall happen, once. People approve the digest of an intent; every effect of a transaction belongs to exactly
 * one approved intent or is proven change (law 9). An intent carries no signatures: its approvals do.
 */
export const INTENT = documentType(
  "intent",
  {
    id: idField,
    operation: idField,
    type: z.literal("withdrawal"),
    /** 1, 2, …: a new generation may use other coins only after the earlier one is dead (law 4). */
    generation: countField(1000, 1),
    /** The policy number under which the intent's family was born (law 7). */
    born: countField(1_000_000, 1),
    requester: nameField,
    /** Random pseudonym; who it is never leaves the online host. */
    customer: idField,
    /** SHA-256 of the client's idempotency key: two intents with one client key are one family. */
    clientKey: digestField,
    asset: assetField,
    units: unitsField,
    /** Digest of the signed beneficiary document, so that an owned host cannot swap the address (law 11). */
    beneficiary: digestField,
    /** Who bears the network fee. The payee always receives `units`. */
    feeBearer: z.literal("custody"),
    expires: instantField,
  },
  { signed: false },
);

export type Intent = BodyOf<typeof INTENT>;
export type IntentDocument = Document<Intent>;
