/** Signed destinations in the order of their digests, page by page. */
import type { Digest } from "../core/digest.ts";
import { BENEFICIARY, type BeneficiaryDocument } from "../core/documents/beneficiary.ts";
import type { Id } from "../core/identifier.ts";
import { findDocuments } from "./documents.ts";
import { from, pageLimit, rows, type Page } from "./query.ts";
import type { Reader } from "./statement.ts";

/** A page of destinations, of one customer where one is given; each with all its signatures. @throws PAGE_MALFORMED */
export function listBeneficiaries(
  reader: Reader,
  { customer }: { readonly customer?: Id | undefined },
  page: Page<Digest>,
): readonly BeneficiaryDocument[] {
  let query = from.selectFrom("beneficiary").select("digest");
  if (customer !== undefined) query = query.where("customer", "=", customer);
  if (page.after !== undefined) query = query.where("digest", ">", page.after);
  const found = rows(reader, query.orderBy("digest").limit(pageLimit(page)));
  return findDocuments(
    reader,
    BENEFICIARY,
    found.map(({ digest }) => digest),
  );
}
