/** Every intent of this home with what people have signed about it. */
import type { DocumentHeader, Document, DocumentType } from "../../core/document.ts";
import { APPROVAL } from "../../core/documents/approval.ts";
import { BENEFICIARY } from "../../core/documents/beneficiary.ts";
import { CLEARANCE } from "../../core/documents/clearance.ts";
import { INTENT, type IntentDocument } from "../../core/documents/intent.ts";
import type { Digest } from "../../core/digest.ts";
import type { Evidence } from "../../core/policy/evaluate.ts";
import { documentDigests, findDocument, findDocuments } from "../../store/documents.ts";
import type { Reader } from "../../store/statement.ts";

/** @param wanted digests of the intents; all of them when left out */
export function recordedEvidence(reader: Reader, wanted?: readonly Digest[]): readonly Evidence[] {
  const intents = findDocuments(reader, INTENT, wanted ?? documentDigests(reader, INTENT.kind));
  const approvals = byIntent(all(reader, APPROVAL), ({ intent }) => [intent]);
  const clearances = byIntent(all(reader, CLEARANCE), (body) => body.intents);
  return intents.map((intent: IntentDocument) => ({
    intent,
    beneficiary:
      intent.body.type === "withdrawal"
        ? findDocument(reader, BENEFICIARY, intent.body.beneficiary)
        : undefined,
    approvals: approvals.get(intent.digest) ?? [],
    clearances: clearances.get(intent.digest) ?? [],
    halts: [],
  }));
}

function all<Body extends DocumentHeader>(
  reader: Reader,
  type: DocumentType<Body>,
): readonly Document<Body>[] {
  return findDocuments(reader, type, documentDigests(reader, type.kind));
}

function byIntent<Body extends DocumentHeader>(
  documents: readonly Document<Body>[],
  intentsOf: (body: Body) => readonly Digest[],
): ReadonlyMap<Digest, readonly Document<Body>[]> {
  const found = new Map<Digest, Document<Body>[]>();
  for (const document of documents) {
    for (const intent of intentsOf(document.body)) {
      const known = found.get(intent);
      if (known === undefined) found.set(intent, [document]);
      else known.push(document);
    }
  }
  return found;
}
