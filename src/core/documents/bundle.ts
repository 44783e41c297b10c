import * as z from "zod";
import { documentType, type BodyOf, type Document } from "../document.ts";
import { accountField, countField, instantField, unitsField } from "../fields.ts";
import { LIMITS } from "../limits.ts";
import { APPROVAL } from "./approval.ts";
import { BENEFICIARY } from "./beneficiary.ts";
import { CLEARANCE } from "./clearance.ts";
import { INTENT } from "./intent.ts";
import { WITHDRAWAL_STATES } from "../states/withdrawal-states.ts";

/** A decision that the online host knows of and that a desk shows beside the one asked for. */
const earlierField = z.strictObject({
  at: instantField,
  units: unitsField,
  account: accountField.optional(),
  /** What became of it: a word of the withdrawals' own, for free text could claim to be the desk's memory. */
  state: z.enum(WITHDRAWAL_STATES),
});

/** What a desk needs to decide on one intent: the intent, its destination, and what others have said so far. */
export const BUNDLE = documentType(
  "bundle",
  {
    policy: countField(1_000_000, 1),
    intent: INTENT.schema,
    /** Every earlier generation of it, whose promise it must be. */
    superseded: z.array(INTENT.schema).max(999),
    /** Of a withdrawal. */
    beneficiary: BENEFICIARY.schema.optional(),
    approvals: z.array(APPROVAL.schema).max(LIMITS.wordsPerIntentMax),
    clearances: z.array(CLEARANCE.schema).max(LIMITS.wordsPerIntentMax),
    /** The same customer's, destination's or amount's earlier intents. Hearsay: the online host says so. */
    similar: z.array(earlierField).max(20),
  },
  { signed: false },
);

export type Bundle = BodyOf<typeof BUNDLE>;
export type BundleDocument = Document<Bundle>;
