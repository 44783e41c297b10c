import * as z from "zod";
import { documentVariants, type BodyOf, type Document } from "../document.ts";
import { countField, digestField, instantField, nameField } from "../fields.ts";
import { familyField } from "./family.ts";

/** A signer's journal head in an epoch of it. */
export const headField = z.strictObject({
  signer: nameField,
  epoch: countField(1_000_000, 1),
  head: digestField,
});
export type Head = z.output<typeof headField>;

const common = {
  /** Digest of the intent; in the release of a recovery, of the policy. */
  intent: digestField,
  policy: countField(1_000_000, 1),
  expires: instantField,
  heads: z.array(headField).max(64),
};

/**
 * One person's word on one intent. `heads` are the journal heads that this desk last saw in a valid receipt, by
 * signer: a signer that lacks one of its own has been rolled back (law 7).
 */
export const APPROVAL = documentVariants(
  "approval",
  [
    { ...common, decision: z.enum(["approve", "release"]) },
    {
      ...common,
      decision: z.literal("reject"),
      /** The intent's own: a no is to the promise, in whatever intent it comes again (law 13). */
      family: familyField,
    },
  ],
  { by: "decision" },
);

export type Approval = BodyOf<typeof APPROVAL>;
export type ApprovalDocument = Document<Approval>;
