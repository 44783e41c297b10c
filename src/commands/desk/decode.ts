/** What a desk can decode: each kind with the facts that its signer must know. Used by review and by sign. */
import { formatAmount, parseUnits } from "../../core/amount.ts";
import { splitAccount } from "../../core/account.ts";
import { fromEmbedded, parseDocument, type Document, type DocumentHeader } from "../../core/document.ts";
import { APPROVAL } from "../../core/documents/approval.ts";
import { BENEFICIARY, type BeneficiaryDocument } from "../../core/documents/beneficiary.ts";
import { BUNDLE, type BundleDocument } from "../../core/documents/bundle.ts";
import { DELEGATION, type DelegationDocument } from "../../core/documents/delegation.ts";
import { INTENT } from "../../core/documents/intent.ts";
import { declareError } from "../../core/errors.ts";
import type { Instant } from "../../core/instant.ts";
import { POLICY, type PolicyDocument } from "../../core/policy/policy.ts";
import { evaluate, type Evidence } from "../../core/policy/evaluate.ts";
import { checkWords } from "../../core/words.ts";
import { grouped } from "../../terminal/table.ts";
import { drawPolicy } from "../policy/draw.ts";

export const DESK_KIND_UNKNOWN = declareError(
  "DESK_KIND_UNKNOWN",
  "invalid",
  "A desk does not sign documents of this kind.",
);

export type Facts = readonly (readonly [string, string])[];

export type Decoded = {
  /** The document whose digest a signature is about: for a bundle its intent. */
  readonly subject: Document<DocumentHeader>;
  /** What a person retypes to show that it was read. */
  readonly retype: string;
  readonly content:
    | { readonly kind: "bundle"; readonly bundle: BundleDocument }
    | { readonly kind: "beneficiary"; readonly beneficiary: BeneficiaryDocument }
    | { readonly kind: "delegation"; readonly delegation: DelegationDocument }
    | { readonly kind: "policy"; readonly policy: PolicyDocument };
};

/** Decodes a file's bytes. @throws DESK_KIND_UNKNOWN and the readers' errors */
export function decodeForDesk(kind: string, bytes: Uint8Array): Decoded {
  switch (kind) {
    case "bundle": {
      const bundle = parseDocument(BUNDLE, bytes);
      const intent = fromEmbedded(INTENT, bundle.body.intent);
      const amount = formatAmount(parseUnits(intent.body.units, intent.body.asset));
      return { subject: intent, retype: amount.split(" ")[0] ?? "", content: { kind, bundle } };
    }
    case "beneficiary": {
      const beneficiary = parseDocument(BENEFICIARY, bytes);
      return { subject: beneficiary, retype: checkWords(beneficiary.digest), content: { kind, beneficiary } };
    }
    case "delegation": {
      const delegation = parseDocument(DELEGATION, bytes);
      return { subject: delegation, retype: checkWords(delegation.digest), content: { kind, delegation } };
    }
    case "policy": {
      const policy = parseDocument(POLICY, bytes);
      return { subject: policy, retype: checkWords(policy.digest), content: { kind, policy } };
    }
    default:
      throw DESK_KIND_UNKNOWN(`a desk does not sign a ${kind}`, {
        field: "kind",
        hint: "ask for a bundle: custody withdraw bundle ID --out review.json",
      });
  }
}

/** The document's facts in two columns; with a pinned policy also what that policy says of it. */
export function drawDecoded(
  { content, subject }: Decoded,
  policy: PolicyDocument | undefined,
  now: Instant,
): Facts {
  const identity: Facts = [
    ["digest", grouped(subject.digest)],
    ["check words", checkWords(subject.digest)],
  ];
  switch (content.kind) {
    case "bundle":
      return [...drawBundle(content.bundle, policy, now), ...identity];
    case "beneficiary":
      return [...drawBeneficiary(content.beneficiary), ...identity];
    case "delegation": {
      const { operator, session, notBefore, expires } = content.delegation.body;
      return [
        ["delegation", `${operator} lends its right to sign requests`],
        ["to session key", grouped(session)],
        ["in force", `${notBefore} to ${expires}`],
        ...identity,
      ];
    }
    case "policy":
      return drawPolicy(content.policy);
  }
}

/** The documents of a bundle, each with its digest computed here. */
export function evidenceIn({ body }: BundleDocument): Evidence {
  return {
    intent: fromEmbedded(INTENT, body.intent),
    beneficiary: fromEmbedded(BENEFICIARY, body.beneficiary),
    approvals: body.approvals.map((approval) => fromEmbedded(APPROVAL, approval)),
  };
}

function drawBundle(bundle: BundleDocument, policy: PolicyDocument | undefined, now: Instant): Facts {
  const evidence = evidenceIn(bundle);
  const { intent, beneficiary, approvals } = evidence;
  const matches = beneficiary.digest === intent.body.beneficiary;
  return [
    ["pay", formatAmount(parseUnits(intent.body.units, intent.body.asset))],
    ...drawBeneficiary(beneficiary),
    [
      "intent",
      `${intent.body.id}, generation ${intent.body.generation}, requested by ${intent.body.requester}`,
    ],
    [
      "destination",
      matches ? "is the one that the intent names" : "IS NOT THE ONE THAT THE INTENT NAMES: do not sign",
    ],
    ["expires", intent.body.expires],
    ["approvals so far", String(approvals.length)],
    [
      "policy says",
      policy === undefined ? "nothing: no policy is pinned at this desk" : verdict(policy, evidence, now),
    ],
  ];
}

function verdict(policy: PolicyDocument, evidence: Evidence, now: Instant): string {
  const result = evaluate(policy.body, evidence, now);
  if (result.allowed) return `allowed by row ${result.row.name}: the quorum is met`;
  return result.rule === "QUORUM_NOT_MET"
    ? `${result.why}: your approval may complete it`
    : `DENIED, ${result.rule}: ${result.why}`;
}

function drawBeneficiary({ body }: BeneficiaryDocument): Facts {
  const { chain, address } = splitAccount(body.account);
  return [
    ["to", grouped(address)],
    ["on", `${body.network} (${chain})`],
    ...(body.memo === undefined ? [] : [["memo", body.memo] as const]),
    ["customer", body.customer],
    ["destination is good", `${body.notBefore} to ${body.expires}`],
  ];
}
