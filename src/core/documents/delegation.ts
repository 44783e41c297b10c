import { documentType, type BodyOf, type Document } from "../document.ts";
import { instantField, nameField, publicKeyField } from "../fields.ts";

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
