import * as z from "zod";
import { documentType, type BodyOf, type Document } from "../document.ts";
import { nameField, publicKeyField, textField } from "../fields.ts";
import { SIGNATURE_ALGORITHMS } from "../signature.ts";

/** A person's public key on its way to a policy draft, signed by itself. The officer compares its fingerprint in full. */
export const IDENTITY_CARD = documentType(
  "identity-card",
  { name: nameField, person: textField(64), key: publicKeyField, alg: z.enum(SIGNATURE_ALGORITHMS) },
  { custody: "optional" },
);

export type IdentityCard = BodyOf<typeof IDENTITY_CARD>;
export type IdentityCardDocument = Document<IdentityCard>;
