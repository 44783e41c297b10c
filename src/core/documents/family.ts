import * as z from "zod";
import { countField, digestField, idField, nameField, textField, unitsField } from "../fields.ts";
import { LIMITS } from "../limits.ts";
import type { Intent } from "./intent.ts";

/**
 * An intent's family: all generations and plans of one promise (law 4). It is known by the intent's id, and for a
 * customer's withdrawal also by customer and client key: either is enough (failure F1).
 */
export const familyField = z.strictObject({
  intent: idField,
  customer: idField.optional(),
  clientKey: digestField.optional(),
});
export type Family = z.output<typeof familyField>;

export function familyOf(intent: Intent): Family {
  return intent.type === "withdrawal"
    ? { intent: intent.id, customer: intent.customer, clientKey: intent.clientKey }
    : { intent: intent.id };
}

/** The names under which a family is found again; two families that share one are the same. */
export function familyKeys({ intent, customer, clientKey }: Family): readonly string[] {
  const byId = `intent:${intent}`;
  return customer === undefined || clientKey === undefined
    ? [byId]
    : [byId, `client:${customer}:${clientKey}`];
}

export function sameFamily(a: Family, b: Family): boolean {
  const keys = familyKeys(a);
  return familyKeys(b).some((key) => keys.includes(key));
}

/**
 * A plan that was signed for a family, as voids name it: enough for people to vouch that it is dead where no other record
 * of it is left (law 4, failure F9).
 */
export const attemptField = z.strictObject({
  plan: digestField,
  /** The intent's generation for which it was signed. */
  generation: countField(1000, 1),
  /** The policy row that allowed the intent: its quorum vouches for the plan's death. */
  row: nameField,
  conflictKeys: z.array(textField(160)).min(1).max(LIMITS.transactionInputsMax),
  /** Ids that its signed rungs have, the cancel rung's last. */
  transactions: z
    .array(digestField)
    .min(1)
    .max(LIMITS.rungsPerPlanMax + 1),
  /** Which of them is the cancel rung, that pays nobody; none where it has none, or it was not signed. */
  cancel: digestField.optional(),
  /** Persons who led it out: none of them may vouch that it is dead. */
  operators: z.array(textField(64)).min(1).max(LIMITS.identitiesMax),
});
export type SignedAttempt = z.output<typeof attemptField>;

/** What a signer remembers of one intent of a signed plan: enough to recount limits without the request. */
export const settledIntentField = z.strictObject({
  family: familyField,
  intent: digestField,
  generation: countField(1000, 1),
  /** The policy row that allowed it, and what counts against that row's limits. */
  row: nameField,
  units: unitsField,
});
export type SettledIntent = z.output<typeof settledIntentField>;
