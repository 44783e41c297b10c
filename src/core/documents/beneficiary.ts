import * as z from "zod";
import { documentType, type BodyOf, type Document } from "../document.ts";
import { accountField, idField, instantField, publicKeyField, textField } from "../fields.ts";
import { LIMITS } from "../limits.ts";

/** Where a customer may be paid: a destination is a signed document (law 11). */
export const BENEFICIARY = documentType("beneficiary", {
  id: idField,
  customer: idField,
  account: accountField,
  memo: textField(LIMITS.memoCharactersMax).optional(),
  accountKind: z.literal("account"),
  /** Where the customer has a key of its own, its signature is demanded beside the quorum's. */
  customerKey: publicKeyField.optional(),
  notBefore: instantField,
  expires: instantField,
});

export type Beneficiary = BodyOf<typeof BENEFICIARY>;
export type BeneficiaryDocument = Document<Beneficiary>;
