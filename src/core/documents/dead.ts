import * as z from "zod";
import { documentType, type BodyOf, type Document } from "../document.ts";
import { base64Field, countField, digestField, textField } from "../fields.ts";
import { LIMITS } from "../limits.ts";

/**
 * People vouch that no attempt of a plan that pays somebody can ever settle: one of its conflict keys is spent, deep
 * enough, by a transaction that is no attempt of it, or by its own cancel rung, which pays nobody (law 4); or that
 * transaction has spent what the coin would have been made from, so that the coin never exists (F10); or it is an attempt
 * of the plan that a block holds and that had no effect there (F18). Signed by the
 * approval quorum of the intent's band, without the plan's operators. Only then may a new generation use other resources.
 */
export const DEAD = documentType("dead", {
  plan: digestField,
  /** All attempts of the plan, the cancel rung included. */
  transactions: z
    .array(digestField)
    .min(1)
    .max(LIMITS.rungsPerPlanMax + 1),
  /** The conflict key that went elsewhere or never exists, and the transaction that took it, or what makes it. */
  conflictKey: textField(160),
  spentBy: digestField,
  /** It is one of the plan's own attempts, and has failed in its block: chains with accounts keep such transactions. */
  withoutEffect: z.literal(true).optional(),
  /**
   * That transaction, signed, of chains where an attempt's name is not its id: by these bytes everybody finds that it is no
   * attempt of the plan under another name.
   */
  killer: base64Field.optional(),
  /** The block that holds that transaction. */
  block: z.strictObject({ hash: digestField, height: countField(100_000_000) }),
  /** Digest of what the online host collected as evidence. */
  evidence: digestField,
  policy: countField(1_000_000, 1),
});

export type Dead = BodyOf<typeof DEAD>;
export type DeadDocument = Document<Dead>;
