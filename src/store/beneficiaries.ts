/** Signed destinations in the order of their digests, page by page. */
import type { Digest } from "../core/digest.ts";
import { BENEFICIARY, type BeneficiaryDocument } from "../core/documents/beneficiary.ts";
import type { Id } from "../core/identifier.ts";
import { findDocuments } from "./documents.ts";
import { pageOf, where, type Page } from "./page.ts";
import type { Reader } from "./statement.ts";

/** A page of destinations, of one customer where one is given; each with all its signatures. @throws PAGE_MALFORMED */
export function listBeneficiaries(
  reader: Reader,
  { customer }: { readonly customer?: Id | undefined },
  page: Page<Digest>,
): readonly BeneficiaryDocument[] {
  const list = { select: "SELECT digest FROM beneficiary", order: "digest" };
  const kept = [where("customer", "=", customer), where("digest", ">", page.after)];
  const found = pageOf<{ digest: Digest }>(reader, list, kept, page);
  return findDocuments(
    reader,
    BENEFICIARY,
    found.map(({ digest }) => digest),
  );
}
