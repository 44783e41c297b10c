/** Canonical JSON, and every kind of document that crosses a boundary. */
import { canonicalBytes, parseCanonical } from "../../../src/core/canonical.ts";
import { documentBytes, kindOf, parseDocument } from "../../../src/core/document.ts";
import { DOCUMENT_TYPES } from "../../../src/core/documents/kinds.ts";
import { INTENT } from "../../../src/core/documents/intent.ts";
import { POLICY } from "../../../src/core/policy/policy.ts";
import { problemsOf } from "../../../src/core/policy/verify.ts";
import { verifySignature } from "../../../src/core/signature.ts";
import { policyBody } from "../../factory/documents.ts";
import { formatDocuments } from "../../factory/format-documents.ts";
import { mutateJson } from "../mutate-json.ts";
import { once, type Target } from "../target.ts";

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
    const type = DOCUMENT_TYPES.find((known) => known.kind === kind) ?? INTENT;
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
