import { z } from "zod";
import { documentType, type BodyOf, type Document } from "../document.ts";
import { countField, digestField, hexField, idField, nameField, textField } from "../fields.ts";
import { GATES } from "../gate.ts";
import { signedJournalEntryField } from "../journal-entry.ts";
import { LIMITS } from "../limits.ts";
import { REVIEW } from "./review.ts";

/** An intent's family: all generations and plans of one promise to one client (law 4). */
const familyField = z.strictObject({ intent: idField, customer: idField, clientKey: digestField });

const inputSignatureField = z.strictObject({
  input: countField(LIMITS.transactionInputsMax - 1),
  /** Compressed public key, 33 bytes. */
  key: hexField,
  /** DER signature with its sighash byte (BIP-174 PSBT_IN_PARTIAL_SIG). */
  signature: hexField,
});

const signedPlanField = z.strictObject({
  plan: digestField,
  families: z.array(familyField).min(1).max(LIMITS.intentsPerPlanMax),
  conflictKeys: z.array(textField(160)).min(1).max(LIMITS.transactionInputsMax),
  rungs: z
    .array(
      z.strictObject({
        rung: countField(LIMITS.rungsPerPlanMax - 1),
        transaction: digestField,
        signatures: z.array(inputSignatureField).min(1).max(LIMITS.transactionInputsMax),
      }),
    )
    .min(1)
    .max(LIMITS.rungsPerPlanMax),
});

/**
 * A signer's answer: signatures, or the gate and rule that refused. Its unsigned body is a pure function of request,
 * policy, journal and confirmation: nothing of the request is echoed, so a signer cannot be used to carry words out.
 */
export const RECEIPT = documentType(
  "receipt",
  {
    request: digestField,
    policy: countField(1_000_000, 1),
    signer: nameField,
    epoch: countField(1_000_000, 1),
    outcome: z.discriminatedUnion("type", [
      z.strictObject({
        type: z.literal("signed"),
        plans: z.array(signedPlanField).min(1).max(LIMITS.plansPerRequestMax),
        /** What the officer confirmed, with the officer's signature. */
        review: REVIEW.schema,
      }),
      z.strictObject({
        type: z.literal("refused"),
        gate: z.enum(GATES),
        rule: z.string().regex(/^[A-Z][A-Z0-9_]{0,63}$/),
      }),
    ]),
    /** Journal entries before this receipt's own, from the last one that an earlier receipt carried. */
    journal: z.array(signedJournalEntryField).max(10_000),
  },
  { bytesMax: LIMITS.documentBytesMax },
);

export type Receipt = BodyOf<typeof RECEIPT>;
export type ReceiptDocument = Document<Receipt>;
export type SignedPlan = z.output<typeof signedPlanField>;
export type InputSignature = z.output<typeof inputSignatureField>;
export type Family = z.output<typeof familyField>;
