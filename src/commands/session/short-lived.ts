import { lendsTooLong, type DelegationDocument } from "../../core/documents/delegation.ts";
import { declareError } from "../../core/errors.ts";

export const DELEGATION_TOO_LONG = declareError(
  "DELEGATION_TOO_LONG",
  "denied",
  "A delegation would lend an operator's right for longer than a day.",
);

/** No desk signs a longer one and no session begins by it: signers would refuse whatever it asks for (G2). */
export function assertShortLived({ body }: DelegationDocument): void {
  if (!lendsTooLong(body)) return;
  throw DELEGATION_TOO_LONG(`the delegation holds from ${body.notBefore} to ${body.expires}`, {
    field: "delegation.expires",
    hint: "custody session new --operator NAME --hours 12 --out delegation.json",
  });
}
