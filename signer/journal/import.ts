/**
 * People's words that are brought to this machine, because a veto that only the online host knows binds nobody
 * (law 13): a rejection or a halt by one person is obeyed for ever, a halt until a quorum resumes.
 */
import type { Digest } from "../../src/core/digest.ts";
import { APPROVAL, type ApprovalDocument } from "../../src/core/documents/approval.ts";
import { HALT, RESUME, type HaltDocument, type ResumeDocument } from "../../src/core/documents/halt.ts";
import type { RequestParts } from "../../src/core/documents/request.ts";
import { declareError } from "../../src/core/errors.ts";
import { assertBelongs, kindOf, parseDocument } from "../../src/core/document.ts";
import { parseCanonical } from "../../src/core/canonical.ts";
import { addSeconds, type Instant } from "../../src/core/instant.ts";
import { LIMITS } from "../../src/core/limits.ts";
import { withCountedSignatures } from "../../src/core/policy/counting.ts";
import { saysNo } from "../../src/core/policy/evaluate.ts";
import { HALT_ROLES, isHalt, isResume } from "../../src/core/policy/halts.ts";
import type { Network } from "../../src/core/chain.ts";
import type { PolicyDocument } from "../../src/core/policy/policy.ts";
import { allLines, endAfter, makeLine, type Journal, type JournalEnd, type JournalLine } from "./journal.ts";

export const SIGNER_IMPORT_UNKNOWN = declareError(
  "SIGNER_IMPORT_UNKNOWN",
  "invalid",
  "A file is none of what a signer takes in: a rejection, a halt, a resume.",
);
export const IMPORT_UNENTITLED = declareError(
  "IMPORT_UNENTITLED",
  "denied",
  "Nobody whom the pinned policy entitles to it has signed what was brought here, or too few have.",
);
export const IMPORT_SIGNED_AHEAD = declareError(
  "IMPORT_SIGNED_AHEAD",
  "denied",
  "A signature's time is ahead of the clock by more than the tolerance.",
);
export const IMPORT_POLICY_NEWER = declareError(
  "IMPORT_POLICY_NEWER",
  "denied",
  "A resume was made under a policy that is not pinned here.",
);
export const SIGNER_HALT_UNKNOWN = declareError(
  "SIGNER_HALT_UNKNOWN",
  "denied",
  "A resume ends a halt that this signer has never seen.",
);

/** What one person, or for a resume a quorum, has said. */
export type Word = ApprovalDocument | HaltDocument | ResumeDocument;

/** By what a word is judged. */
export type ImportState = {
  readonly network: Network;
  readonly custody: Digest;
  readonly policy: PolicyDocument;
  readonly clock: Instant;
};

/** Reads a word. @throws SIGNER_IMPORT_UNKNOWN, CANONICAL_MALFORMED, DOCUMENT_MALFORMED */
export function parseWord(bytes: Uint8Array): Word {
  const kind = kindOf(parseCanonical(bytes, LIMITS.smallDocumentBytesMax));
  if (kind === HALT.kind) return parseDocument(HALT, bytes);
  if (kind === RESUME.kind) return parseDocument(RESUME, bytes);
  const approval = kind === APPROVAL.kind ? parseDocument(APPROVAL, bytes) : undefined;
  if (approval?.body.decision === "reject") return approval;
  throw SIGNER_IMPORT_UNKNOWN(
    `${approval?.body.decision ?? kind ?? "a file without a kind"} is nothing that a signer takes in by itself`,
    {
      field: "kind",
      hint: "custody-signer inspect --in FILE   (approvals and releases come inside a request)",
    },
  );
}

/** The words that this signer has taken in, by digest. */
export function knownWords(journal: Journal): ReadonlyMap<Digest, Word> {
  const words = allLines(journal).flatMap(({ document }) =>
    document === undefined || document.body.kind === "void" ? [] : [document as Word],
  );
  return new Map(words.map((word) => [word.digest, word]));
}

/**
 * Judges words one after the other, so that a halt and its end may come together.
 * @returns those that are news, each with the signatures that count and no others
 * @throws IMPORT_UNENTITLED, IMPORT_SIGNED_AHEAD, IMPORT_POLICY_NEWER, SIGNER_HALT_UNKNOWN
 */
export function judgeWords(
  words: readonly Word[],
  known: ReadonlyMap<Digest, Word>,
  state: ImportState,
): readonly Word[] {
  const seen = new Map(known);
  const told = noesIn(known.values(), state);
  const news: Word[] = [];
  for (const word of words) {
    assertBelongs(word, state);
    if (seen.has(word.digest)) continue;
    const counted = isRejection(word)
      ? judgeRejection(word, state)
      : word.body.kind === "halt"
        ? judgeHalt(word as HaltDocument, state)
        : judgeResume(word as ResumeDocument, seen, state);
    assertNotAhead(counted, state);
    if (isRejection(counted) && !isNews(counted, told, state)) continue;
    seen.set(word.digest, counted);
    news.push(counted);
  }
  return news;
}

/**
 * The rejections that are news among a request's approvals of intents that it carries. A no that came once is kept, so
 * that whoever owns the online host cannot leave it out of the next request. Its time is not judged: a desk whose clock
 * is ahead says no all the same. One of each person about an intent, and no more than a refusal may add: an approver who
 * says no in ten thousand ways, or to what nobody asks for, must not fill this signer's memory.
 */
export function rejectionsIn(
  { intents, approvals }: Pick<RequestParts, "intents" | "approvals">,
  known: ReadonlyMap<Digest, Word>,
  state: Pick<ImportState, "policy">,
): readonly ApprovalDocument[] {
  const carried = new Set(intents.map(({ digest }) => digest));
  const told = noesIn(known.values(), state);
  const news: ApprovalDocument[] = [];
  for (const approval of approvals) {
    if (news.length === LIMITS.refusalNoesMax) break;
    const { decision, intent } = approval.body;
    if (decision !== "reject" || !carried.has(intent) || known.has(approval.digest)) continue;
    // Asked before the signatures, which cost more to verify.
    if (noesOf(approval, state).every((no) => told.has(no))) continue;
    const counted = withCountedSignatures(state.policy.body, ["approver", "compliance"], approval);
    if (isNews(counted, told, state)) news.push(counted);
  }
  return news;
}

/** Who has said no to which intent. */
function noesIn(words: Iterable<Word>, state: Pick<ImportState, "policy">): Set<string> {
  return new Set([...words].filter(isRejection).flatMap((word) => noesOf(word, state)));
}

// Persons, not keys; of who is no longer named, a no of the past.
function noesOf({ body, signatures }: ApprovalDocument, { policy }: Pick<ImportState, "policy">): string[] {
  return signatures.map(({ by }) => {
    const identity = policy.body.identities.find(({ key }) => key === by);
    return `${body.intent} ${identity?.person ?? by}`;
  });
}

// Whether somebody here has not said no to this intent before; whoever has is noted.
function isNews(word: ApprovalDocument, told: Set<string>, state: Pick<ImportState, "policy">): boolean {
  const news = noesOf(word, state).filter((no) => !told.has(no));
  for (const no of news) told.add(no);
  return news.length > 0;
}

/** Lines for `words`. Journal time stays where it is: only approvals that count move it (law 12). */
export function importLines(
  journal: JournalEnd,
  words: readonly Word[],
  seed: Uint8Array,
): readonly JournalLine[] {
  let end = journal;
  return words.map((word) => {
    const line = makeLine(end, "import", word.digest, end.time, seed, word);
    end = endAfter(line);
    return line;
  });
}

function isRejection(word: Word): word is ApprovalDocument {
  return word.body.kind === "approval";
}

function judgeRejection(word: ApprovalDocument, { policy }: ImportState): ApprovalDocument {
  if (!saysNo(policy.body, word)) throw unentitled("a rejection is signed by an approver or by compliance");
  return withCountedSignatures(policy.body, ["approver", "compliance"], word);
}

function judgeHalt(word: HaltDocument, { policy }: ImportState): HaltDocument {
  if (!isHalt(policy.body, word))
    throw unentitled(`a halt is signed by a holder of ${HALT_ROLES.join(", ")}`);
  return withCountedSignatures(policy.body, HALT_ROLES, word);
}

function judgeResume(
  word: ResumeDocument,
  known: ReadonlyMap<Digest, Word>,
  { policy }: ImportState,
): ResumeDocument {
  const { halt, policy: number } = word.body;
  if (number > policy.body.number) {
    throw IMPORT_POLICY_NEWER(`the resume names policy number ${number}, ${policy.body.number} is pinned`, {
      field: "resume.policy",
      hint: `pin version ${number} first: custody-signer policy pin --in policy-${number}.json`,
    });
  }
  if (known.get(halt)?.body.kind !== "halt") {
    throw SIGNER_HALT_UNKNOWN("this signer has never seen the halt that the resume ends", {
      field: "resume.halt",
      hint: "import the halt first: custody-signer import halt.json resume.json",
      details: { halt },
    });
  }
  if (!isResume(policy.body, word))
    throw unentitled(`a resume is signed by ${policy.body.quorums.resume} distinct approvers`);
  return withCountedSignatures(policy.body, ["approver"], word);
}

function assertNotAhead(word: Word, { policy, clock }: ImportState): void {
  const limit = addSeconds(clock, policy.body.clockToleranceSeconds);
  const ahead = word.signatures.find(({ at }) => at > limit);
  if (ahead === undefined) return;
  throw IMPORT_SIGNED_AHEAD(`a signature says ${ahead.at}, the clock says ${clock}`, {
    field: "signatures.at",
    hint: "set the machine's clock to the right UTC time; if it is right, sign that document again",
  });
}

function unentitled(why: string) {
  return IMPORT_UNENTITLED(`${why}, by the pinned policy`, {
    field: "signatures",
    hint: "custody-signer policy show",
  });
}
