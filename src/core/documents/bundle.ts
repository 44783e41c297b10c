import { z } from "zod";
import { documentType, type BodyOf, type Document } from "../document.ts";
import { countField } from "../fields.ts";
import { APPROVAL } from "./approval.ts";
import { BENEFICIARY } from "./beneficiary.ts";
import { INTENT } from "./intent.ts";

/** What a desk needs to decide on one intent: the intent, its destination, and what others have said so far. */
export const BUNDLE = documentType(
  "bundle",
  {
    policy: countField(1_000_000, 1),
    intent: INTENT.schema,
    beneficiary: BENEFICIARY.schema,
    approvals: z.array(APPROVAL.schema).max(64),
  },
  { signed: false },
);

export type Bundle = BodyOf<typeof BUNDLE>;
export type BundleDocument = Document<Bundle>;
