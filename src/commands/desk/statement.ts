/** What a person is about to sign: the document that says it, and how its reading is confirmed. Pure. */
import { isSameWallet } from "../../chains/same-wallet.ts";
import type { Digest } from "../../core/digest.ts";
import { makeDocument, type Document, type DocumentHeader } from "../../core/document.ts";
import {
  HALT,
  RESUME,
  type Halt,
  type HaltDocument,
  type ResumeDocument,
} from "../../core/documents/halt.ts";
import { assert } from "../../core/errors.ts";
import { parseName } from "../../core/identifier.ts";
import { assertFollows } from "../../core/policy/following.ts";
import { parseScope } from "../../core/policy/halts.ts";
import { custodyId, type PolicyDocument } from "../../core/policy/policy.ts";
import { assertConsistent } from "../../core/policy/verify.ts";
import { checkWords } from "../../core/words.ts";
import { assertShortLived } from "../session/short-lived.ts";
import { clearIntents } from "./clear.ts";
import type { Decision } from "./decision.ts";
import { assertNoneMissed } from "./missed.ts";
import type { Occasion, Statement } from "./occasion.ts";
import type { IntentSubject, Subject, SubjectOf } from "./subject.ts";
import { releasePolicy, voteOn } from "./vote.ts";

/** @throws whatever forbids to sign it: see each decision's own file */
export function statementFor(
  decision: Decision,
  subjects: readonly Subject[],
  occasion: Occasion,
): Statement {
  const [subject] = subjects;
  const { policy } = occasion;
  switch (decision) {
    case "approve":
    case "release":
    case "reject":
      assert(subject !== undefined && policy !== undefined, "a vote has an intent and a policy");
      if (subject.kind === "policy")
        return asItStands(releasePolicy(subject.document, policy, occasion.now), subject);
      return voteOn(decision, subject as IntentSubject, policy, occasion);
    case "clear":
      assert(policy !== undefined, "a clearance has a policy");
      return clearIntents(subjects as readonly IntentSubject[], policy, occasion);
    case "halt":
      assert(policy !== undefined, "a halt has a policy");
      return subject === undefined ? newHalt(policy, occasion) : asItStands(subject.document, subject);
    case "resume":
      assert(subject !== undefined && policy !== undefined, "a resume has a halt and a policy");
      return resume(subject as SubjectOf<"halt"> | SubjectOf<"resume">, policy);
    case "delegate":
      assertShortLived((subject as SubjectOf<"delegation">).document);
      return asItStands((subject as Subject).document, subject as Subject);
    case "policy":
      return newPolicy(subject as SubjectOf<"policy">, policy);
    case "beneficiary":
    case "build":
    case "dead":
    case "rates":
    case "warrant":
      return asItStands((subject as Subject).document, subject as Subject);
  }
}

/** `document` confirmed by its check words, or in a script by the digest that `review` prints for `subject`. */
function asItStands(document: Document<DocumentHeader>, subject: Subject): Statement {
  return confirmedBy(document, [subject.document.digest]);
}

function confirmedBy(document: Document<DocumentHeader>, confirm: readonly (Digest | string)[]): Statement {
  return { document, retype: checkWords(document.digest), confirm, seen: [] };
}

/** @throws POLICY_INCONSISTENT, POLICY_NOT_NEXT: what could never bind is not signed */
function newPolicy(subject: SubjectOf<"policy">, pinned: PolicyDocument | undefined): Statement {
  const { document } = subject;
  assertConsistent(document.body);
  // A desk that has nothing pinned signs to prove its key, at genesis or when it is new.
  if (pinned !== undefined && pinned.digest !== document.digest) {
    assertNoneMissed(pinned, document);
    assertFollows(pinned, document, isSameWallet);
  }
  return asItStands(document, subject);
}

// Nobody has reviewed a halt before it is made: a script confirms it by saying once more what shall stop.
function newHalt(policy: PolicyDocument, { flags, id }: Occasion): Statement {
  const text = flags.scope ?? "";
  const body: Halt = {
    kind: "halt",
    version: 1,
    network: policy.body.network,
    custody: custodyId(policy),
    id,
    scope: parseScope(text, policy.body),
    code: parseName(flags.code ?? "", "--code"),
    policy: policy.body.number,
  };
  const document: HaltDocument = makeDocument<Halt>(HALT, body);
  return confirmedBy(document, [text]);
}

// The same for everybody who signs under one policy number, so that their signatures add up.
function resume(subject: SubjectOf<"halt"> | SubjectOf<"resume">, policy: PolicyDocument): Statement {
  if (subject.kind === "resume") return asItStands(subject.document, subject);
  const document: ResumeDocument = makeDocument(RESUME, {
    kind: "resume",
    version: 1,
    network: policy.body.network,
    custody: custodyId(policy),
    halt: subject.document.digest,
    policy: policy.body.number,
  });
  return asItStands(document, subject);
}
