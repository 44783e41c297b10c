import { documentType, type BodyOf, type Document } from "../document.ts";
import { instantField, nameField, publicKeyField } from "../fields.ts";
import { seconds } from "../instant.ts";
import { LIMITS } from "../limits.ts";

/**
 * An operator lends an online session key the right to sign requests for some hours. It names the actor of audit
 * rows and can approve nothing.
 */
export const DELEGATION = documentType("delegation", {
  operator: nameField,
  session: publicKeyField,
  notBefore: instantField,
  expires: instantField,
});

export type Delegation = BodyOf<typeof DELEGATION>;
export type DelegationDocument = Document<Delegation>;

/** A session key lies on the online host: what is stolen there must be worthless tomorrow. */
export function lendsTooLong({ notBefore, expires }: Pick<Delegation, "notBefore" | "expires">): boolean {
  return seconds(expires) - seconds(notBefore) > LIMITS.delegationSecondsMax;
}
