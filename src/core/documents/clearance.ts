import * as z from "zod";
import { documentType, type BodyOf, type Document } from "../document.ts";
import { countField, digestField, instantField, nameField } from "../fields.ts";
import { LIMITS } from "../limits.ts";

/** What compliance says of one or many intents, each signed by its persons. An online service never clears. */
export const CLEARANCE = documentType("clearance", {
  decision: z.enum(["clear", "refuse"]),
  /** Code of the customer's tier, or of the reason for a refusal. */
  code: nameField,
  intents: z.array(digestField).min(1).max(LIMITS.intentsPerPlanMax),
  policy: countField(1_000_000, 1),
  expires: instantField,
});

export type Clearance = BodyOf<typeof CLEARANCE>;
export type ClearanceDocument = Document<Clearance>;
