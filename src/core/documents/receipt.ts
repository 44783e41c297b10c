import * as z from "zod";
import { documentType, type BodyOf, type Document } from "../document.ts";
import { countField, digestField, hexField, nameField, textField, unitsField } from "../fields.ts";
import { GATES } from "../gate.ts";
import { signedJournalEntryField } from "../journal-entry.ts";
import { LIMITS } from "../limits.ts";
import { settledIntentField } from "./family.ts";
import { auditPlaceField } from "./request.ts";
import { REVIEW } from "./review.ts";

export const inputSignatureField = z.strictObject({
  input: countField(LIMITS.transactionInputsMax - 1),
  /** Compressed public key, 33 bytes; of taproot the one with an even y (BIP-340 lift_x), before any tweak. */
  key: hexField,
  /** DER with its sighash byte (BIP-174 PSBT_IN_PARTIAL_SIG); of taproot 64 bytes (BIP-340), sighash DEFAULT. */
  signature: hexField,
});

const rungSignaturesField = z.strictObject({
  /** Place in the plan's rungs; `cancel` for the cancel rung. */
  rung: z.union([countField(LIMITS.rungsPerPlanMax - 1), z.literal("cancel")]),
  transaction: digestField,
  signatures: z
    .array(inputSignatureField)
    .min(1)
    .max(16 * LIMITS.transactionInputsMax),
});

const signedPlanField = z.strictObject({
  plan: digestField,
  wallet: nameField,
  /** In the plan's order. */
  intents: z.array(settledIntentField).min(1).max(LIMITS.intentsPerPlanMax),
  conflictKeys: z.array(textField(160)).min(1).max(LIMITS.transactionInputsMax),
  /** The dearest attempt's fee, which counts against the fee budget of the first intent's row. */
  feeUnits: unitsField,
  rungs: z
    .array(rungSignaturesField)
    .min(1)
    .max(LIMITS.rungsPerPlanMax + 1),
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
        /** The place of the online audit tree that this signer has proven to extend what it saw last. */
        audit: auditPlaceField,
      }),
      z.strictObject({
        type: z.literal("refused"),
        gate: z.enum(GATES),
        rule: z.string().regex(/^[A-Z][A-Z0-9_]{0,63}$/),
      }),
    ]),
    /** What its own journal entry says besides the receipt's digest and the time of its signature. */
    place: z.strictObject({ number: countField(1_000_000), previous: digestField }),
    /** Journal entries before this receipt's own, after the head that the request says is known. */
    journal: z.array(signedJournalEntryField).max(LIMITS.receiptEntriesMax),
  },
  { bytesMax: LIMITS.documentBytesMax },
);

export type Receipt = BodyOf<typeof RECEIPT>;
export type ReceiptDocument = Document<Receipt>;
export type SignedPlan = z.output<typeof signedPlanField>;
export type RungSignatures = z.output<typeof rungSignaturesField>;
export type InputSignature = z.output<typeof inputSignatureField>;
