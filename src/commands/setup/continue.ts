/** The second half: cards become the draft of the first policy, and the draft a policy that everybody signed. */
import { join } from "node:path";
import type { SignerCard } from "../../core/documents/signer-card.ts";
import { declareError, isError } from "../../core/errors.ts";
import type { Instant } from "../../core/instant.ts";
import { LIMITS } from "../../core/limits.ts";
import { missingFor } from "../../core/policy/missing.ts";
import { POLICY, policyDocument, type PolicyDocument } from "../../core/policy/policy.ts";
import { assertConsistent, problemsOf } from "../../core/policy/verify.ts";
import { fullWords } from "../../core/words.ts";
import { shellWord } from "../../core/shell-word.ts";
import { parseAnswers } from "../../setup/answers-file.ts";
import type { Answers } from "../../setup/answers.ts";
import { FILES, signedFile } from "../../setup/files.ts";
import { givenUp, unsaid } from "../../setup/given-up.ts";
import { policyFrom } from "../../setup/policy-from.ts";
import { switchedOn, type Call, type Outcome } from "../../terminal/command.ts";
import { FILE_MISSING, readInput } from "../../terminal/files.ts";
import { drawFacts, drawTable } from "../../terminal/table.ts";
import { writeDocument } from "../documents.ts";
import { drawPolicy } from "../policy/draw.ts";
import { vaultOf } from "../policy/vault.ts";
import { assertWallets } from "../policy/wallets.ts";
import { findCards, findSignatures, readIfThere, type Awaited, type Cards } from "./found.ts";

export const SETUP_WAITS = declareError(
  "SETUP_WAITS",
  "pending",
  "A set-up waits for cards or signatures of people and signers.",
);
export const SETUP_NOT_BEGUN = declareError(
  "SETUP_NOT_BEGUN",
  "notFound",
  "A folder holds no answers to a set-up.",
);
export const DRAFT_DIFFERS = declareError(
  "DRAFT_DIFFERS",
  "conflict",
  "A set-up's draft is not what its answers and cards say.",
);

export async function goOn(call: Call, dir: string): Promise<Outcome> {
  const answers = await readAnswers(call, dir);
  const cards = await findCards(call, dir, answers);
  if (cards.awaited.length > 0) return waits(call, dir, "cards", cards.awaited);
  const path = join(dir, FILES.draft);
  const draft = switchedOn(call.flags, "force") ? undefined : await readIfThere(call, path, POLICY);
  if (draft === undefined)
    return await writeDraft(call, dir, answers, compose(answers, cards, call.io.now()));
  // The stick is carried through many hands: what everybody is asked to sign is made again and compared.
  if (compose(answers, cards, draft.body.issued).digest !== draft.digest)
    throw DRAFT_DIFFERS(`${path} is not what the answers and cards in ${dir} say`, {
      field: path,
      hint: `find out who changed what; to draft again: custody setup ${shellWord(dir)} --continue --force`,
    });
  const { policy, strays } = await findSignatures(call, dir, answers, draft);
  const names = new Set(missingFor(undefined, policy).flatMap(({ who }) => who));
  const awaited = awaitedSignatures(dir, answers, names);
  const outcome =
    awaited.length > 0 ? waits(call, dir, "signatures", awaited) : complete(dir, answers, policy);
  return {
    ...outcome,
    warnings: strays.map((file) => `${file} is not a copy of this draft: it counts for nothing`),
  };
}

async function readAnswers({ io }: Call, dir: string): Promise<Answers> {
  const path = join(dir, FILES.answers);
  try {
    return parseAnswers(await readInput(io, path, LIMITS.smallDocumentBytesMax, "dir"));
  } catch (error) {
    if (!isError(error, FILE_MISSING)) throw error;
    throw SETUP_NOT_BEGUN(`${path} does not exist: no set-up was begun here`, {
      field: "dir",
      hint: `custody setup ${shellWord(dir)}`,
      cause: error,
    });
  }
}

function compose(answers: Answers, { people, signers }: Cards, now: Instant): PolicyDocument {
  const several = answers.signers.length > 1;
  const flags = { wallet: answers.wallet, ...(several ? { threshold: String(answers.threshold) } : {}) };
  const wallet = vaultOf(flags, signers as readonly [SignerCard, ...SignerCard[]], []);
  const body = policyFrom(answers, { people, signers, wallet }, now);
  assertConsistent(body);
  assertWallets(body);
  return policyDocument(body);
}

async function writeDraft(
  call: Call,
  dir: string,
  answers: Answers,
  draft: PolicyDocument,
): Promise<Outcome> {
  const path = join(dir, FILES.draft);
  await writeDocument(call, path, draft);
  const given = givenUp(answers);
  return {
    data: { phase: "draft", file: path, digest: draft.digest, givenUp: [...given] },
    text: drawFacts([["policy", `number 1, unsigned, written to ${path}`], ...drawPolicy(draft)]),
    warnings: [
      ...given.map((says) => `this house gives up: ${says}`),
      ...unsaid(answers, problemsOf(draft.body)).map(({ field, why }) => `${field}: ${why}`),
    ],
    next: `custody setup ${shellWord(dir)} --continue   (once everybody has read and signed it, as ${shellWord(join(dir, FILES.errands))} says)`,
  };
}

function awaitedSignatures(dir: string, answers: Answers, names: ReadonlySet<string>): readonly Awaited[] {
  const everyone = [
    ...answers.people.map(({ name, person }) => ({ name, who: person })),
    ...answers.signers.map((name) => ({ name, who: `signer ${name}` })),
  ];
  return everyone
    .filter(({ name }) => names.has(name))
    .map(({ name, who }) => ({ who, file: join(dir, signedFile(name)) }));
}

function waits(
  { io }: Call,
  dir: string,
  phase: "cards" | "signatures",
  awaited: readonly Awaited[],
): Outcome {
  const columns = [{ head: "waits for" }, { head: "file" }];
  return {
    data: { phase, awaited: awaited.map((one) => ({ ...one })) },
    text: drawTable(
      columns,
      awaited.map(({ who, file }) => [who, file]),
      io.stdout,
    ),
    failure: SETUP_WAITS(`${phase} that are not there yet: ${awaited.length}`, {
      field: "dir",
      hint: `custody setup ${shellWord(dir)} --continue   (when they are; ${shellWord(join(dir, FILES.errands))} says how they are made)`,
    }),
  };
}

function complete(dir: string, answers: Answers, { digest, signatures }: PolicyDocument): Outcome {
  const names = [...answers.people.map(({ name }) => name), ...answers.signers];
  const copies = names.map((name) => join(dir, signedFile(name)));
  return {
    data: { phase: "signed", digest, signatures: signatures.length, files: copies },
    text: drawFacts([
      ["signed", `by all ${names.length} whom it names`],
      ["in words", fullWords(digest)],
    ]),
    next: `custody policy import ${copies.map(shellWord).join(" ")}   (at the online host)`,
  };
}
