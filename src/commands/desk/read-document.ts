/** Drafts and signed documents as a person reads them, one function for each kind. */
import { checkWords } from "../../core/words.ts";
import type { Instant } from "../../core/instant.ts";
import { judgeDestination } from "../../core/policy/beneficiaries.ts";
import { countSignatures } from "../../core/policy/counting.ts";
import { HALT_ROLES } from "../../core/policy/halts.ts";
import type { HaltScope } from "../../core/documents/halt.ts";
import type { Policy, PolicyDocument } from "../../core/policy/policy.ts";
import { holderOf } from "../../core/policy/roles.ts";
import { missingFor } from "../../core/policy/missing.ts";
import { verifySignature } from "../../core/signature.ts";
import { drawChanges, policyChanges } from "../../terminal/policy-changes.ts";
import type { Fact, Reading } from "../../terminal/reading.ts";
import { grouped } from "../../terminal/table.ts";
import { drawPolicy } from "../policy/draw.ts";
import { readBuild } from "./read-build.ts";
import { readDead } from "./read-dead.ts";
import { destinationFacts, readIntent } from "./read-intent.ts";
import { readRates } from "./read-rates.ts";
import { readReceipt } from "./read-receipt.ts";
import { readWarrant } from "./read-warrant.ts";
import { namesOf, signedAs, type Findings } from "./reading.ts";
import type { Seen } from "./seen.ts";
import { signersOf } from "./standing.ts";
import type { Subject, SubjectOf } from "./subject.ts";

/** What a desk brings to a document. */
export type Desk = {
  readonly policy: PolicyDocument | undefined;
  readonly seen: readonly Seen[];
  readonly now: Instant;
};

/** Decodes a document against the pinned policy. */
export function readingOf(subject: Subject, desk: Desk): Reading {
  const { digest, body } = subject.document;
  const findings = findingsIn(subject, desk);
  const nothingPinned: Fact = ["policy says", "nothing: no policy is pinned at this desk"];
  const judged = desk.policy !== undefined || subject.kind === "policy";
  return {
    signed: [],
    missing: [],
    similar: [],
    warnings: [],
    ...findings,
    kind: subject.kind,
    network: body.network,
    digest,
    words: checkWords(digest),
    facts: [...findings.facts, ...(judged ? [] : [nothingPinned])],
  };
}

function findingsIn(subject: Subject, desk: Desk): Findings {
  const policy = desk.policy?.body;
  switch (subject.kind) {
    case "bundle":
      return readIntent(subject, desk.policy, desk.seen, desk.now);
    case "beneficiary":
      return readBeneficiary(subject, policy, desk.now);
    case "build":
      return readBuild(subject.document, policy);
    case "clearance":
      return readClearance(subject, policy, desk.seen);
    case "delegation":
      return readDelegation(subject, policy);
    case "dead":
      return readDead(subject, policy);
    case "halt":
      return readHalt(subject, policy);
    case "resume":
      return readResume(subject, policy);
    case "policy":
      return readPolicy(subject, desk.policy);
    case "receipt":
      return readReceipt(subject.document, desk.policy, desk.seen);
    case "rates":
      return readRates(subject.document, policy);
    case "warrant":
      return readWarrant(subject.document, policy);
  }
}

function readBeneficiary(
  { document }: SubjectOf<"beneficiary">,
  policy: Policy | undefined,
  now: Instant,
): Findings {
  const { customerKey } = document.body;
  const facts: Fact[] = [
    ["A DESTINATION", "where a customer may be paid from now on"],
    ...destinationFacts(document),
  ];
  const confirmed = document.signatures.some(
    (signature) => signature.by === customerKey && verifySignature(document.digest, signature),
  );
  if (customerKey !== undefined)
    facts.push(["customer's key", `${grouped(customerKey)}: ${confirmed ? "has signed" : "has not signed"}`]);
  if (policy === undefined) return { facts };
  const approvers = countSignatures(policy, "approver", document);
  const quorum = policy.quorums.beneficiary;
  const denial = judgeDestination(policy, document, now);
  const missing = [
    ...(approvers.length < quorum ? [`approvers: ${approvers.length} of ${quorum}`] : []),
    ...(customerKey !== undefined && !confirmed ? ["the customer's own signature"] : []),
  ];
  return {
    facts: [
      ...facts,
      ["approved by", `${namesOf(approvers)}: ${approvers.length} of ${quorum}`],
      ["policy says", denial === undefined ? "in force" : `not in force: ${denial[1]}`],
    ],
    signed: signedAs("beneficiary", approvers),
    missing,
  };
}

function readClearance(
  { document }: SubjectOf<"clearance">,
  policy: Policy | undefined,
  seen: readonly Seen[],
): Findings {
  const { decision, code, intents, expires } = document.body;
  const signed = policy === undefined ? [] : countSignatures(policy, "compliance", document);
  return {
    facts: [
      [
        decision === "clear" ? "CLEARANCE" : "REFUSAL",
        `${intents.length} intents, ${decision === "clear" ? "tier" : "reason"} ${code}`,
      ],
      ...intents.map((intent): Fact => {
        const known = seen.some(({ digest }) => digest === intent);
        return ["intent", `${grouped(intent)}${known ? " (seen here)" : ""}`];
      }),
      ["expires", expires],
      ["signed by", namesOf(signed)],
    ],
    signed: signedAs(decision, signed),
    missing: policy === undefined || signed.length > 0 ? [] : ["a signature of compliance"],
  };
}

function readDelegation({ document }: SubjectOf<"delegation">, policy: Policy | undefined): Findings {
  const { operator, session, notBefore, expires } = document.body;
  const signed = (policy === undefined ? [] : countSignatures(policy, "operator", document)).filter(
    ({ identity }) => identity.name === operator,
  );
  return {
    facts: [
      ["DELEGATION", `${operator} lends its right to sign requests`],
      ["to session key", grouped(session)],
      ["in force", `${notBefore} to ${expires}`],
      ["signed by", namesOf(signed)],
    ],
    signed: signedAs("delegate", signed),
    missing: policy === undefined || signed.length > 0 ? [] : [`the signature of ${operator}`],
  };
}

function readHalt({ document }: SubjectOf<"halt">, policy: Policy | undefined): Findings {
  const { scope, code, id } = document.body;
  const signed = policy === undefined ? [] : signersOf(policy, HALT_ROLES, [document]);
  return {
    facts: [
      ["HALT", whatStops(scope)],
      ["reason", code],
      ["halt", id],
      ["signed by", namesOf(signed)],
    ],
    signed: signedAs("halt", signed),
    missing: policy === undefined || signed.length > 0 ? [] : ["one signature"],
  };
}

function whatStops(scope: HaltScope): string {
  if (scope.of === "everything") return "every signature";
  return scope.of === "chain"
    ? `every signature of every wallet on ${scope.chain}`
    : `every signature of wallet ${scope.wallet}`;
}

function readResume({ document }: SubjectOf<"resume">, policy: Policy | undefined): Findings {
  const signed = policy === undefined ? [] : countSignatures(policy, "approver", document);
  const quorum = policy?.quorums.resume ?? 0;
  return {
    facts: [
      ["RESUME", "end one halt; signatures are possible again"],
      ["halt", grouped(document.body.halt)],
      [
        "signed by",
        policy === undefined ? namesOf(signed) : `${namesOf(signed)}: ${signed.length} of ${quorum}`,
      ],
    ],
    signed: signedAs("resume", signed),
    missing: signed.length < quorum ? [`approvers: ${signed.length} of ${quorum}`] : [],
  };
}

function readPolicy({ document }: SubjectOf<"policy">, pinned: PolicyDocument | undefined): Findings {
  const { body, digest, signatures } = document;
  const signed = signatures
    .filter((signature) => verifySignature(digest, signature))
    .flatMap(({ by, at }) => {
      const name = [...body.identities, ...body.signers].find(({ key }) => key === by)?.name;
      const former = name ?? (pinned && holderOf(pinned.body, by, "admin")?.name);
      return former === undefined ? [] : [{ name: former, as: "policy", at }];
    });
  return {
    facts: [
      ["POLICY", `number ${body.number}${pinned?.digest === digest ? ", pinned at this desk" : ""}`],
      // Of the next policy its changes, all of them: a person who reads the whole again overlooks what is new.
      ...(pinned !== undefined && body.previous === pinned.digest
        ? drawChanges(policyChanges(pinned, document))
        : drawPolicy(document).filter(([label]) => label !== "digest" && label !== "missing")),
    ],
    signed,
    missing: missingOfPolicy(document, pinned),
  };
}

function missingOfPolicy(document: PolicyDocument, pinned: PolicyDocument | undefined): readonly string[] {
  const { number } = document.body;
  if (pinned?.digest === document.digest) return [];
  const previous = number === 1 ? undefined : pinned;
  if (number !== (previous?.body.number ?? 0) + 1)
    return [
      `policy number ${number - 1}, pinned here: only the one before it can vouch for number ${number}`,
    ];
  return missingFor(previous, document).map(
    ({ quorum, have, need, who }) =>
      `${quorum}: ${have} of ${need} (${who.join(", ") || "nobody is left who could"})`,
  );
}
