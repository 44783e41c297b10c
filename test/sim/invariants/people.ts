/** I12: every decision that counts is signed by somebody who may make it, over the document as it lies in the database. */
import { fromEmbedded, type DocumentType, type DocumentHeader } from "../../../src/core/document.ts";
import { APPROVAL } from "../../../src/core/documents/approval.ts";
import { CLEARANCE } from "../../../src/core/documents/clearance.ts";
import type { Policy, Role } from "../../../src/core/policy/policy.ts";
import { verifySignature } from "../../../src/core/signature.ts";
import type { Invariant } from "./invariant.ts";

const verified = new Map<string, string | undefined>();

export const I12: Invariant = {
  id: "I12",
  check: ({ books, house }) =>
    books.decisions.flatMap(({ content, kind, withdrawal }) => {
      if (kind !== APPROVAL.kind && kind !== CLEARANCE.kind) return [];
      const bytes = books.documents.get(content)?.bytes;
      const name = `${house.custody} ${content} ${bytes?.length ?? 0}`;
      if (!verified.has(name)) {
        if (verified.size > 10_000) verified.clear();
        verified.set(
          name,
          bytes === undefined ? "it is not stored" : faultOf(house.policy.body, kind, bytes),
        );
      }
      const fault = verified.get(name);
      return fault === undefined ? [] : [`${kind} ${content} on ${withdrawal}: ${fault}`];
    }),
};

function faultOf(policy: Policy, kind: string, bytes: Uint8Array): string | undefined {
  const value: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
  const type = (kind === "approval" ? APPROVAL : CLEARANCE) as unknown as DocumentType<DocumentHeader>;
  const { digest, signatures, body } = fromEmbedded(type, value);
  const roles: readonly Role[] =
    kind === "clearance"
      ? ["compliance"]
      : (body as { decision?: string }).decision === "reject"
        ? ["approver", "compliance"]
        : ["approver"];
  if (signatures.length === 0) return "nobody has signed it";
  for (const signature of signatures) {
    const who = policy.identities.find(({ key }) => key === signature.by);
    if (who === undefined || !who.roles.some((role) => roles.includes(role)))
      return `${signature.by} may not say so`;
    if (!verifySignature(digest, signature)) return `the signature of ${who.name} does not verify`;
  }
  return undefined;
}
