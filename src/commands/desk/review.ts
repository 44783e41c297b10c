import type { Run } from "../../terminal/command.ts";
import { shellWord } from "../../core/shell-word.ts";
import { drawReading, readingData, type Reading } from "../../terminal/reading.ts";
import { pinNext } from "./missed.ts";
import { pinnedIfAny } from "./pinned.ts";
import { readingOf } from "./read-document.ts";
import { readSeen, rememberSeen, seenOf } from "./seen.ts";
import { assertOurs, readSubject, type Subject } from "./subject.ts";

/** Decodes a file and shows it against the pinned policy. Signs nothing. */
export const run: Run = async (call) => {
  const file = call.args[0] ?? "-";
  const subject = await readSubject(call, file);
  const policy = await pinnedIfAny(call);
  if (policy !== undefined) assertOurs(subject, policy);
  const now = call.io.now();
  const seen = policy === undefined ? [] : await readSeen(call);
  const reading = readingOf(subject, { policy, seen, now });
  if (policy !== undefined && subject.kind === "bundle")
    await rememberSeen(call, [seenOf(subject, "reviewed", now)]);
  return {
    data: readingData(reading),
    text: drawReading(reading, call.io.paint.out),
    warnings: call.json ? reading.warnings : [],
    // What is signed under a policy that was left behind may not count.
    next:
      policy !== undefined && subject.kind === "bundle" && subject.policy > policy.body.number
        ? pinNext(policy)
        : nextFor(subject.kind, reading, file),
  };
};

function nextFor(kind: Subject["kind"], { waitsFor = "approve", signed }: Reading, file: string): string {
  if (kind === "receipt") return `custody desk heads ${shellWord(file)}`;
  if (kind === "clearance") return `custody withdraw import ${shellWord(file)}`;
  const decision =
    kind === "bundle" ? VOTES[waitsFor] : kind === "halt" && signed.length === 0 ? "halt" : USUAL[kind];
  return `custody desk sign ${shellWord(file)} --as ${decision} --identity NAME.key --out signed.json`;
}

const VOTES = { approve: "approve", release: "release", clear: "clear --tier TIER" } as const;

const USUAL = {
  beneficiary: "beneficiary",
  build: "build",
  dead: "dead",
  delegation: "delegate",
  halt: "resume",
  policy: "policy",
  rates: "rates",
  resume: "resume",
  warrant: "warrant",
} as const;
