import { withSignature, documentBytes, type Document, type DocumentHeader } from "../../core/document.ts";
import { openIdentity, type Identity } from "../../core/identity-file.ts";
import { idFrom } from "../../core/identifier.ts";
import { LIMITS } from "../../core/limits.ts";
import type { Network } from "../../core/chain.ts";
import type { Instant } from "../../core/instant.ts";
import { custodyId, type PolicyDocument } from "../../core/policy/policy.ts";
import { signDigest } from "../../core/signature.ts";
import { shellWord } from "../../core/shell-word.ts";
import { optionalFlag, requiredFlag, type Call, type Outcome, type Run } from "../../terminal/command.ts";
import { assertCarriable } from "../../terminal/carry.ts";
import { readInput } from "../../terminal/files.ts";
import { askPassphrase } from "../../terminal/passphrase.ts";
import { drawReading } from "../../terminal/reading.ts";
import { drawFacts, grouped } from "../../terminal/table.ts";
import { writeDocument } from "../documents.ts";
import { assertFits, parseDecision, type Decision } from "./decision.ts";
import { confirmReading } from "./confirmation.ts";
import { completeDraft, DESK_KINDS, readSecurityKey, writeDraft } from "./draft.ts";
import { assertEntitled } from "./entitled.ts";
import { newestHeads, readHeads } from "./known-heads.ts";
import { assertOwnDesk, pinnedIfAny, pinnedPolicy } from "./pinned.ts";
import { readingOf } from "./read-document.ts";
import { readSeen, rememberSeen } from "./seen.ts";
import type { Statement } from "./occasion.ts";
import { statementFor } from "./statement.ts";
import { assertOurs, parseSubject, readSubject, type Subject } from "./subject.ts";

/** Shows what is signed, has the person confirm it, and writes the signed document. */
export const run: Run = async (call) => {
  assertCarriable(call);
  if (optionalFlag(call.flags, "draft") !== undefined) return complete(call);
  const decision = parseDecision(requiredFlag(call.flags, "as"));
  const subjects: Subject[] = [];
  for (const file of call.args) subjects.push(await readSubject(call, file));
  assertFits(decision, subjects);
  const policy = await policyFor(call, decision, subjects);
  const network = (policy ?? subjects[0]?.document)?.body.network as Network;
  assertOwnDesk(call.home, network);
  const now = call.io.now();
  await show(call, subjects, policy, now);
  const statement = await prepare(call, decision, subjects, policy, now);
  await confirmReading(call, statement, `sign as ${decision}`);
  const signing = { decision, subjects, policy, statement, now };
  const outcome = await (optionalFlag(call.flags, "securityKey") === undefined
    ? signHere(call, signing, network)
    : draftFor(call, signing));
  if (!call.dryRun && statement.seen.length > 0) await rememberSeen(call, statement.seen);
  return outcome;
};

type Signing = {
  readonly decision: Decision;
  readonly subjects: readonly Subject[];
  readonly policy: PolicyDocument | undefined;
  readonly statement: Statement;
  readonly now: Instant;
};

// The first policy is signed before any can be pinned; everything else is judged by the pinned one.
async function policyFor(
  call: Call,
  decision: Decision,
  subjects: readonly Subject[],
): Promise<PolicyDocument | undefined> {
  const policy = await (decision === "policy" ? pinnedIfAny(call) : pinnedPolicy(call));
  if (policy !== undefined) for (const subject of subjects) assertOurs(subject, policy);
  return policy;
}

async function show(
  call: Call,
  subjects: readonly Subject[],
  policy: PolicyDocument | undefined,
  now: Instant,
): Promise<void> {
  const desk = { policy, seen: policy === undefined ? [] : await readSeen(call), now };
  for (const subject of subjects)
    call.io.stderr.write(`${drawReading(readingOf(subject, desk), call.io.paint.err)}\n`);
}

async function prepare(
  call: Call,
  decision: Decision,
  subjects: readonly Subject[],
  policy: PolicyDocument | undefined,
  now: Instant,
): Promise<Statement> {
  const known = policy === undefined ? [] : await readHeads(call, custodyId(policy));
  const statement = statementFor(decision, subjects, {
    policy,
    heads: policy === undefined ? [] : newestHeads(policy.body, known),
    now,
    id: idFrom(call.io.random(16)),
    flags: {
      tier: optionalFlag(call.flags, "tier"),
      refuse: optionalFlag(call.flags, "refuse"),
      scope: optionalFlag(call.flags, "scope"),
      code: optionalFlag(call.flags, "code"),
    },
  });
  const { document } = statement;
  // A halt or resume that is made here has not been seen by anybody yet.
  const made =
    (decision === "halt" || decision === "resume") && document.digest !== subjects[0]?.document.digest;
  if (made) await show(call, [parseSubject(document.body.kind, documentBytes(document))], policy, now);
  return statement;
}

async function signHere(call: Call, signing: Signing, network: Network): Promise<Outcome> {
  const { decision, subjects, policy, statement, now } = signing;
  const identity = await openKey(call, network);
  try {
    const holder = { key: identity.key, alg: "ed25519", name: identity.name } as const;
    const by = assertEntitled(decision, subjects, policy, holder);
    const { document } = statement;
    const signed = withSignature(document, signDigest(document.digest, identity.seed, now));
    return await written(call, signed, {
      by,
      decision,
      subject: subjects[0]?.document.digest ?? document.digest,
    });
  } finally {
    identity.seed.fill(0);
  }
}

async function draftFor(
  call: Call,
  { decision, subjects, policy, statement, now }: Signing,
): Promise<Outcome> {
  const key = await readSecurityKey(call);
  const path = requiredFlag(call.flags, "securityKey");
  const by = assertEntitled(decision, subjects, policy, { key, alg: "sshsig-sk", name: path });
  const next = writeDraft(call, { document: statement.document, by: key, at: now }, "custody desk sign");
  const out = requiredFlag(call.flags, "out");
  const toSign = requiredFlag(call.flags, "toSign");
  return {
    data: { draft: out, toSign, digest: statement.document.digest, by },
    text: drawFacts([
      ["not signed yet", `${by}'s security key signs ${toSign}; ${out} waits for it`],
      // What the security key signs it cannot show: the person compares it with the file before the touch.
      ["digest in it", grouped(statement.document.digest)],
    ]),
    next,
  };
}

async function complete(call: Call): Promise<Outcome> {
  const signed = await completeDraft(call, ...DESK_KINDS);
  assertOwnDesk(call.home, signed.body.network);
  const policy = await pinnedIfAny(call);
  const key = signed.signatures[signed.signatures.length - 1]?.by;
  const by = policy?.body.identities.find((identity) => identity.key === key)?.name ?? "a security key";
  return written(call, signed, { by, decision: signed.body.kind, subject: signed.digest });
}

async function written(
  call: Call,
  signed: Document<DocumentHeader>,
  { by, decision, subject }: { by: string; decision: string; subject: string },
): Promise<Outcome> {
  const out = requiredFlag(call.flags, "out");
  await writeDocument(call, out, signed);
  return {
    data: { file: out, kind: signed.body.kind, digest: signed.digest, by, subject },
    text: out === "-" ? "" : drawFacts([["signed", `${decision} by ${by}, written to ${out}`]]),
    next: nextFor(signed.body.kind, out, decision),
  };
}

function nextFor(kind: string, out: string, decision: string): string {
  if (kind === "beneficiary")
    return `custody beneficiary import ${shellWord(out)}   (when the policy asks for more approvers, they sign ${shellWord(out)} first)`;
  if (kind === "delegation") return `custody session start --delegation ${shellWord(out)}`;
  if (kind === "build")
    return `custody-signer build check --in ${shellWord(out)} --file custody-signer.cjs   (once everybody needed has signed, at each signer)`;
  if (kind === "policy")
    return `custody policy import ${shellWord(out)}   (at the online host, with everybody else's)`;
  if (kind === "rates") return `custody rates import ${shellWord(out)}   (at the online host)`;
  if (kind === "warrant")
    return `custody desk sign ${shellWord(out)} --as warrant --identity NAME.key --out both.json   (by another person; then the command that drafted it, with --warrant)`;
  const online = `custody withdraw import ${shellWord(out)}`;
  // A no is worth most where coins are signed for, and there only by hand.
  return kind === "halt" || kind === "resume" || decision === "reject"
    ? `${online}   (${kind === "resume" ? "with the quorum's signatures; " : ""}and at each signer: custody-signer import ${shellWord(out)})`
    : online;
}

async function openKey(call: Call, network: Network): Promise<Identity> {
  const path = requiredFlag(call.flags, "identity");
  const file = await readInput(call.io, path, LIMITS.sealedBytesMax, "--identity");
  const passphrase = await askPassphrase(call.io, call.flags, path);
  try {
    return openIdentity(file, network, passphrase);
  } finally {
    passphrase.fill(0);
  }
}
