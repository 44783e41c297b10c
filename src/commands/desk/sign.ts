import { addSeconds, seconds, type Instant } from "../../core/instant.ts";
import {
  assertBelongs,
  makeDocument,
  withSignature,
  type Document,
  type DocumentHeader,
} from "../../core/document.ts";
import { APPROVAL } from "../../core/documents/approval.ts";
import type { BundleDocument } from "../../core/documents/bundle.ts";
import type { Delegation } from "../../core/documents/delegation.ts";
import { declareError } from "../../core/errors.ts";
import { openIdentity, type Identity } from "../../core/identity-file.ts";
import { LIMITS } from "../../core/limits.ts";
import { custodyId, type PolicyDocument } from "../../core/policy/policy.ts";
import { evaluate, rowFor } from "../../core/policy/evaluate.ts";
import { parseUnits } from "../../core/amount.ts";
import { signDigest } from "../../core/signature.ts";
import { optionalFlag, requiredFlag, type Call, type Run } from "../../terminal/command.ts";
import { readInput } from "../../terminal/files.ts";
import { askPassphrase } from "../../terminal/passphrase.ts";
import { retype } from "../../terminal/prompt.ts";
import { drawFacts } from "../../terminal/table.ts";
import { readAnyDocument, writeDocument } from "../documents.ts";
import { decodeForDesk, drawDecoded, evidenceIn, type Decoded } from "./decode.ts";
import { assertOwnDesk, pinnedPolicy } from "./pinned.ts";

export const DECISION_UNKNOWN = declareError(
  "DECISION_UNKNOWN",
  "usage",
  "What to sign as does not fit the document.",
);
export const CONFIRMATION_WRONG = declareError(
  "CONFIRMATION_WRONG",
  "denied",
  "The digest given for confirmation is not that of the document.",
);
export const NOT_YOURS_TO_SIGN = declareError(
  "NOT_YOURS_TO_SIGN",
  "denied",
  "The pinned policy gives this identity no right to sign this.",
);

export const POLICY_DENIES = declareError(
  "POLICY_DENIES",
  "denied",
  "The policy pinned at a desk denies a payment, whoever approves it.",
);

export const DELEGATION_TOO_LONG = declareError(
  "DELEGATION_TOO_LONG",
  "denied",
  "A delegation would lend an operator's right for longer than a day.",
);

/** Shows what is signed, has the person confirm it, and writes the signed document. */
export const run: Run = async (call) => {
  const { kind, bytes } = await readAnyDocument(call, call.args[0] ?? "-");
  const decoded = decodeForDesk(kind, bytes);
  const { subject } = decoded;
  const decision = requiredFlag(call.flags, "as");
  assertDecisionFits(decision, decoded);
  // A policy is signed before any policy can be pinned; everything else is judged by the pinned one.
  const policy = decoded.content.kind === "policy" ? undefined : await pinnedPolicy(call);
  if (policy !== undefined)
    assertBelongs(subject, { network: policy.body.network, custody: custodyId(policy) });

  assertOwnDesk(call.home, subject.body.network);
  call.io.stderr.write(drawFacts(drawDecoded(decoded, policy, call.io.now())));
  await confirmReading(call, decoded);
  const identity = await openKey(call, subject);
  try {
    const signed = decide(decision, decoded, identity, policy, call.io.now());
    const out = requiredFlag(call.flags, "out");
    writeDocument(call, out, signed);
    return {
      data: {
        file: out,
        kind: signed.body.kind,
        digest: signed.digest,
        by: identity.name,
        subject: subject.digest,
      },
      text: drawFacts([["signed", `${decision} by ${identity.name}, written to ${out}`]]),
      next: `${NEXT[decoded.content.kind]} ${out}`,
    };
  } finally {
    identity.seed.fill(0);
  }
};

const DECISIONS = {
  bundle: ["approve", "reject"],
  beneficiary: ["beneficiary"],
  delegation: ["delegate"],
  policy: ["policy"],
} as const satisfies Record<Decoded["content"]["kind"], readonly string[]>;

const NEXT = {
  bundle: "custody withdraw import",
  beneficiary: "custody beneficiary import",
  delegation: "custody session start --delegation",
  policy: "custody policy import",
} as const;

function assertDecisionFits(decision: string, { content }: Decoded): void {
  const fitting: readonly string[] = DECISIONS[content.kind];
  if (fitting.includes(decision)) return;
  throw DECISION_UNKNOWN(`a ${content.kind} is not signed as ${JSON.stringify(decision)}`, {
    field: "--as",
    hint: `--as ${fitting.join(" | ")}`,
  });
}

// The person retypes the amount (or the check words), or a script gives the full digest.
async function confirmReading(call: Call, { subject, retype: expected }: Decoded): Promise<void> {
  const digest = optionalFlag(call.flags, "confirm");
  if (digest === undefined) return retype(call.io, `Retype ${expected} to sign:`, expected, "--confirm");
  if (digest === subject.digest) return;
  throw CONFIRMATION_WRONG("--confirm is not the digest of this document", {
    field: "--confirm",
    hint: "custody desk review FILE",
  });
}

async function openKey(call: Call, subject: Document<DocumentHeader>): Promise<Identity> {
  const path = requiredFlag(call.flags, "identity");
  const file = await readInput(call.io, path, LIMITS.sealedBytesMax, "--identity");
  const passphrase = await askPassphrase(call.io, call.flags, path);
  try {
    return openIdentity(file, subject.body.network, passphrase);
  } finally {
    passphrase.fill(0);
  }
}

function decide(
  decision: string,
  decoded: Decoded,
  identity: Identity,
  policy: PolicyDocument | undefined,
  now: Instant,
): Document<DocumentHeader> {
  const { content, subject } = decoded;
  if (content.kind === "bundle" && policy !== undefined)
    return vote(decision, decoded, identity, policy, now);
  const entitled =
    content.kind === "policy"
      ? content.policy.body.identities.some(({ key }) => key === identity.key)
      : holds(policy, identity, content.kind === "delegation" ? "operator" : "approver");
  if (content.kind === "delegation") assertShortLived(content.delegation.body);
  const rightOperator = content.kind !== "delegation" || content.delegation.body.operator === identity.name;
  if (!entitled || !rightOperator) throw notYours(identity, content.kind);
  return withSignature(subject, signDigest(subject.digest, identity.seed, now));
}

// A session key lies on the online host: what is stolen there must be worthless tomorrow.
function assertShortLived({ notBefore, expires }: Delegation): void {
  if (seconds(expires) - seconds(notBefore) <= LIMITS.delegationSecondsMax) return;
  throw DELEGATION_TOO_LONG(`the delegation holds from ${notBefore} to ${expires}`, {
    field: "delegation.expires",
    hint: "custody session new --operator NAME --hours 12 --out delegation.json",
  });
}

function vote(
  decision: string,
  { content, subject }: Decoded,
  identity: Identity,
  policy: PolicyDocument,
  now: Instant,
) {
  if (content.kind !== "bundle" || !holds(policy, identity, "approver")) throw notYours(identity, "bundle");
  const { intent } = content.bundle.body;
  if (decision === "approve") assertPolicyAllows(content.bundle, policy, now);
  const row = rowFor(policy.body, intent.type, intent.asset, parseUnits(intent.units, intent.asset).units);
  const approval = makeDocument(APPROVAL, {
    kind: "approval",
    version: 1,
    network: policy.body.network,
    custody: custodyId(policy),
    decision: decision === "reject" ? "reject" : "approve",
    intent: subject.digest,
    policy: policy.body.number,
    expires: addSeconds(now, row?.approvalSecondsMax ?? 0),
    heads: [],
  });
  return withSignature(approval, signDigest(approval.digest, identity.seed, now));
}

// Approving what the pinned policy denies whoever approves would only make trouble at the signer.
function assertPolicyAllows(bundle: BundleDocument, policy: PolicyDocument, now: Instant): void {
  const result = evaluate(policy.body, evidenceIn(bundle), now);
  if (result.allowed || result.rule === "QUORUM_NOT_MET") return;
  throw POLICY_DENIES(`the pinned policy denies this payment (${result.rule}): ${result.why}`, {
    field: "bundle",
    hint: "custody desk sign FILE --as reject, or ask for a request that the policy allows",
    details: { rule: result.rule },
  });
}

function holds(
  policy: PolicyDocument | undefined,
  identity: Identity,
  role: "approver" | "operator",
): boolean {
  return (
    policy?.body.identities.some(({ key, roles }) => key === identity.key && roles.includes(role)) === true
  );
}

function notYours(identity: Identity, kind: string) {
  return NOT_YOURS_TO_SIGN(`${identity.name} may not sign this ${kind}`, {
    field: "--identity",
    hint: "custody policy show",
  });
}
