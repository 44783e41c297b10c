import * as z from "zod";
import { documentVariants, type BodyOf, type Document } from "../document.ts";
import type { Digest } from "../digest.ts";
import {
  accountField,
  countField,
  digestField,
  idField,
  instantField,
  publicKeyField,
  textField,
} from "../fields.ts";
import { LIMITS } from "../limits.ts";

const common = {
  id: idField,
  customer: idField,
  account: accountField,
  memo: textField(LIMITS.memoCharactersMax).optional(),
  /** Where the customer has a key of its own, its signature is demanded beside the quorum's. */
  customerKey: publicKeyField.optional(),
  notBefore: instantField,
  expires: instantField,
};

/** Where a customer may be paid: a destination is a signed document (law 11). */
export const BENEFICIARY = documentVariants(
  "beneficiary",
  [
    { ...common, accountKind: z.literal("account") },
    {
      ...common,
      accountKind: z.literal("contract"),
      /** What its code hashed to when people signed (EXTCODEHASH, EIP-1052): with other code it is another destination. */
      codeHash: digestField,
      /** The most gas that a payment to it may have. */
      gasLimit: countField(2 ** 24, 21_000),
    },
  ],
  { by: "accountKind" },
);

export type Beneficiary = BodyOf<typeof BENEFICIARY>;
export type BeneficiaryDocument = Document<Beneficiary>;

/** A destination with code of its own, which a payment in its chain's coin calls. */
export type ContractFacts = { readonly codeHash: Digest; readonly gasLimit: number };

/** Undefined for a plain account. */
export function contractAt({ body }: BeneficiaryDocument): ContractFacts | undefined {
  return body.accountKind === "contract" ? { codeHash: body.codeHash, gasLimit: body.gasLimit } : undefined;
}
