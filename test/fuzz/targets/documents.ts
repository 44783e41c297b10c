/** Canonical JSON, and every kind of document that crosses a boundary. */
import { canonicalBytes, parseCanonical } from "../../../src/core/canonical.ts";
import { documentBytes, kindOf, parseDocument, type DocumentHeader } from "../../../src/core/document.ts";
import type { DocumentType } from "../../../src/core/document.ts";
import { APPROVAL } from "../../../src/core/documents/approval.ts";
import { BENEFICIARY } from "../../../src/core/documents/beneficiary.ts";
import { BUILD } from "../../../src/core/documents/build.ts";
import { BUNDLE } from "../../../src/core/documents/bundle.ts";
import { CLEARANCE } from "../../../src/core/documents/clearance.ts";
import { DEAD } from "../../../src/core/documents/dead.ts";
import { DELEGATION } from "../../../src/core/documents/delegation.ts";
import { HALT, RESUME } from "../../../src/core/documents/halt.ts";
import { IDENTITY_CARD } from "../../../src/core/documents/identity-card.ts";
import { INTENT } from "../../../src/core/documents/intent.ts";
import { PLAN } from "../../../src/core/documents/plan.ts";
import { RECEIPT } from "../../../src/core/documents/receipt.ts";
import { REHEARSAL } from "../../../src/core/documents/rehearsal.ts";
import { REQUEST } from "../../../src/core/documents/request.ts";
import { REVIEW } from "../../../src/core/documents/review.ts";
import { SIGNER_CARD } from "../../../src/core/documents/signer-card.ts";
import { VOID } from "../../../src/core/documents/void.ts";
import { POLICY } from "../../../src/core/policy/policy.ts";
import { problemsOf } from "../../../src/core/policy/verify.ts";
import { verifySignature } from "../../../src/core/signature.ts";
import { policyBody } from "../../factory/documents.ts";
import { formatDocuments } from "../../factory/format-documents.ts";
import { mutateJson } from "../mutate-json.ts";
import { once, type Target } from "../target.ts";

const TYPES: readonly DocumentType<DocumentHeader>[] = [
  APPROVAL,
  BENEFICIARY,
  BUILD,
  BUNDLE,
  CLEARANCE,
  DEAD,
  DELEGATION,
  HALT,
  IDENTITY_CARD,
  INTENT,
  PLAN,
  POLICY,
  RECEIPT,
  REHEARSAL,
  REQUEST,
  RESUME,
  REVIEW,
  SIGNER_CARD,
  VOID,
];

/** One document of every kind, as bytes. */
export const documentSamples = once(() => [...formatDocuments().values()].map((one) => documentBytes(one)));

const canonical: Target = {
  name: "canonical",
  samples: documentSamples,
  mutate: mutateJson,
  decode: (input) => canonicalBytes(parseCanonical(input)),
  cases: 1500,
};

const documents: Target = {
  name: "documents",
  samples: documentSamples,
  mutate: mutateJson,
  decode: (input) => {
    const kind = kindOf(parseCanonical(input));
    const type = TYPES.find((known) => known.kind === kind) ?? INTENT;
    const document = parseDocument(type, input);
    for (const signature of document.signatures) verifySignature(document.digest, signature);
    return documentBytes(document);
  },
  cases: 1500,
};

const policy: Target = {
  name: "policy",
  samples: once(() => [
    documentBytes({ digest: "" as never, body: policyBody(), signatures: [] }),
    ...[...formatDocuments().values()]
      .filter(({ body }) => body.kind === "policy")
      .map((one) => documentBytes(one)),
  ]),
  mutate: mutateJson,
  decode: (input) => {
    const document = parseDocument(POLICY, input);
    for (const { field, why } of problemsOf(document.body)) void `${field}: ${why}`;
    return documentBytes(document);
  },
  cases: 800,
};

export const DOCUMENT_TARGETS: readonly Target[] = [canonical, documents, policy];
