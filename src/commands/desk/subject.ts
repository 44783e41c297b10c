/** What a desk reads: one document, or the bundle of everything that belongs to one intent. */
import {
  assertBelongs,
  fromEmbedded,
  parseDocument,
  type BodyOf,
  type Document,
  type DocumentHeader,
} from "../../core/document.ts";
import { APPROVAL } from "../../core/documents/approval.ts";
import { BENEFICIARY } from "../../core/documents/beneficiary.ts";
import { BUILD } from "../../core/documents/build.ts";
import { BUNDLE, type Bundle, type BundleDocument } from "../../core/documents/bundle.ts";
import { CLEARANCE } from "../../core/documents/clearance.ts";
import { DEAD } from "../../core/documents/dead.ts";
import { DELEGATION } from "../../core/documents/delegation.ts";
import { HALT, RESUME } from "../../core/documents/halt.ts";
import { INTENT, type IntentDocument } from "../../core/documents/intent.ts";
import { RATES } from "../../core/documents/rates.ts";
import { RECEIPT } from "../../core/documents/receipt.ts";
import { WARRANT } from "../../core/documents/warrant.ts";
import { declareError } from "../../core/errors.ts";
import type { Evidence } from "../../core/policy/evaluate.ts";
import { custodyId, POLICY, type PolicyDocument } from "../../core/policy/policy.ts";
import type { Call } from "../../terminal/command.ts";
import { readAnyDocument } from "../documents.ts";

export const DESK_KIND_UNKNOWN = declareError(
  "DESK_KIND_UNKNOWN",
  "invalid",
  "A desk does not read documents of this kind.",
);

const KINDS = {
  beneficiary: BENEFICIARY,
  build: BUILD,
  clearance: CLEARANCE,
  dead: DEAD,
  delegation: DELEGATION,
  halt: HALT,
  policy: POLICY,
  rates: RATES,
  receipt: RECEIPT,
  resume: RESUME,
  warrant: WARRANT,
} as const;
type Kind = keyof typeof KINDS;

/** An intent with what others have said of it. Its digest is what a person's word is about. */
export type IntentSubject = {
  readonly kind: "bundle";
  readonly document: IntentDocument;
  readonly evidence: Evidence;
  readonly similar: Bundle["similar"];
  /** The policy number that the online host works under. */
  readonly policy: number;
};

export type Subject =
  | IntentSubject
  | { [K in Kind]: { readonly kind: K; readonly document: Document<BodyOf<(typeof KINDS)[K]>> } }[Kind];

/** The subject of one kind. */
export type SubjectOf<K extends Subject["kind"]> = Extract<Subject, { kind: K }>;

/** Reads a file. @throws DESK_KIND_UNKNOWN and the readers' errors */
export async function readSubject(call: Call, path: string): Promise<Subject> {
  const { kind, bytes } = await readAnyDocument(call, path);
  return parseSubject(kind, bytes);
}

export function parseSubject(kind: string, bytes: Uint8Array): Subject {
  if (kind === "bundle") return fromBundle(parseDocument(BUNDLE, bytes));
  if (Object.hasOwn(KINDS, kind)) {
    const type = KINDS[kind as Kind];
    return { kind, document: parseDocument<DocumentHeader>(type, bytes) } as Subject;
  }
  throw DESK_KIND_UNKNOWN(`a desk does not read a document of kind ${kind}`, {
    field: "kind",
    hint: "custody inspect --in FILE, or ask for a bundle: custody withdraw bundle ID --out bundle.json",
  });
}

/**
 * Checks that the subject, and every document within a bundle, belongs to the custody whose policy is pinned here.
 * @throws DOCUMENT_WRONG_NETWORK, DOCUMENT_WRONG_CUSTODY
 */
export function assertOurs(subject: Subject, policy: PolicyDocument): void {
  const home = { network: policy.body.network, custody: custodyId(policy) };
  if (subject.kind === "policy" && subject.document.body.number === 1) {
    // The first policy carries no custody id: its own digest is one.
    const { document } = subject;
    assertBelongs({ ...document, body: { ...document.body, custody: document.digest } }, home);
    return;
  }
  assertBelongs(subject.document, home);
  if (subject.kind !== "bundle") return;
  const { superseded = [], beneficiary, approvals, clearances } = subject.evidence;
  for (const document of [...superseded, beneficiary, ...approvals, ...clearances])
    if (document !== undefined) assertBelongs(document, home);
}

function fromBundle({ body }: BundleDocument): IntentSubject {
  const { beneficiary } = body;
  return {
    kind: "bundle",
    document: fromEmbedded(INTENT, body.intent),
    policy: body.policy,
    similar: body.similar,
    evidence: {
      intent: fromEmbedded(INTENT, body.intent),
      superseded: body.superseded.map((earlier) => fromEmbedded(INTENT, earlier)),
      beneficiary: beneficiary === undefined ? undefined : fromEmbedded(BENEFICIARY, beneficiary),
      approvals: body.approvals.map((approval) => fromEmbedded(APPROVAL, approval)),
      clearances: body.clearances.map((clearance) => fromEmbedded(CLEARANCE, clearance)),
      // A desk knows of no halt: whoever stops does not wait for desks, and a signer obeys all the same.
      halts: [],
    },
  };
}
