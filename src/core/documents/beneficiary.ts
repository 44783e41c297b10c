import { z } from "zod";
import { documentType, type BodyOf, type Document } from "../document.ts";
import { accountField, idField, instantField, textField } from "../fields.ts";
import { LIMITS } from "../limits.ts";

/** Where a customer may be paid: a destination is a signed document (law 11). */
export const BENEFICIARY = documentType("beneficiary", {
  id: idField,
  customer: idField,
  account: accountField,
  memo: textField(LIMITS.memoCharactersMax).optional(),
  accountKind: z.literal("account"),
  notBefore: instantField,
  expires: instantField,
});

export type Beneficiary = BodyOf<typeof BENEFICIARY>;
export type BeneficiaryDocument = Document<Beneficiary>;
