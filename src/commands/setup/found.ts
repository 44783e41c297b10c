/** What people and signers have put into the folder: their cards, then their signed copies of the draft. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { withSignature, type Document, type DocumentHeader, type DocumentType } from "../../core/document.ts";
import { IDENTITY_CARD, type IdentityCard } from "../../core/documents/identity-card.ts";
import { SIGNER_CARD, type SignerCard } from "../../core/documents/signer-card.ts";
import { CustodyError, declareError } from "../../core/errors.ts";
import { POLICY, type PolicyDocument } from "../../core/policy/policy.ts";
import { verifySignature } from "../../core/signature.ts";
import { quoted } from "../../core/text.ts";
import type { Answers } from "../../setup/answers.ts";
import { cardFile, signedFile } from "../../setup/files.ts";
import type { Call } from "../../terminal/command.ts";
import { readDocument } from "../documents.ts";
import { assertNetwork, assertOwn } from "../policy/cards.ts";

export const CARD_OF_ANOTHER = declareError(
  "CARD_OF_ANOTHER",
  "denied",
  "A card in a set-up's folder is not of the person or signer who was answered for.",
);

/** Files that are not there yet, each with whom it is awaited from. */
export type Awaited = { readonly who: string; readonly file: string };

export type Cards = {
  readonly people: readonly IdentityCard[];
  readonly signers: readonly SignerCard[];
  readonly awaited: readonly Awaited[];
};

/** @throws CARD_OF_ANOTHER, CARD_UNSIGNED, CARD_ELSEWHERE, and what a document that cannot be read throws */
export async function findCards(call: Call, dir: string, answers: Answers): Promise<Cards> {
  const awaited: Awaited[] = [];
  const people: IdentityCard[] = [];
  for (const one of answers.people) {
    const file = join(dir, cardFile(one.name));
    const card = await readIfThere(call, file, IDENTITY_CARD);
    if (card === undefined) awaited.push({ who: one.person, file });
    else people.push(checkedPerson(card, one, answers, file));
  }
  const signers: SignerCard[] = [];
  for (const name of answers.signers) {
    const file = join(dir, cardFile(name));
    const card = await readIfThere(call, file, SIGNER_CARD);
    if (card === undefined) awaited.push({ who: `signer ${name}`, file });
    else signers.push(checkedSigner(card, name, answers, file));
  }
  return { people, signers, awaited };
}

// Whoever brings a card under somebody's file name must have that somebody's name on it, as everybody will read it.
function checkedPerson(
  card: Document<IdentityCard>,
  { name, person }: Answers["people"][number],
  { network }: Answers,
  file: string,
): IdentityCard {
  const { body } = card;
  assertOwn(card, body, file);
  assertNetwork(card, network, file);
  if (body.name === name && body.person === person) return body;
  throw ofAnother(
    file,
    `it is of ${body.name} (${quoted(body.person)}), not of ${name} (${quoted(person)})`,
    `custody identity new ${name} --network ${network}   (with the name as it was answered)`,
  );
}

function checkedSigner(
  card: Document<SignerCard>,
  name: string,
  { network }: Answers,
  file: string,
): SignerCard {
  const { body } = card;
  assertOwn(card, { key: body.key, alg: "ed25519" }, file);
  assertNetwork(card, network, file);
  if (body.signer === name && body.epoch === 1) return body;
  throw ofAnother(
    file,
    `it is of signer ${body.signer} in epoch ${body.epoch}, not of ${name} in its first`,
    `custody-signer init --network ${network} --name ${name}   (on an empty machine)`,
  );
}

function ofAnother(file: string, why: string, hint: string): CustodyError {
  return CARD_OF_ANOTHER(`${file}: ${why}`, { field: file, hint });
}

export type Signatures = {
  /** The draft with every signature that its copies in the folder carry. */
  readonly policy: PolicyDocument;
  /** Copies of something else: whoever put them there has not signed this draft. */
  readonly strays: readonly string[];
};

export async function findSignatures(
  call: Call,
  dir: string,
  answers: Answers,
  draft: PolicyDocument,
): Promise<Signatures> {
  let policy = draft;
  const strays: string[] = [];
  for (const name of [...answers.people.map((one) => one.name), ...answers.signers]) {
    const file = join(dir, signedFile(name));
    const copy = await readIfThere(call, file, POLICY);
    if (copy !== undefined && copy.digest !== draft.digest) strays.push(file);
    if (copy?.digest !== draft.digest) continue;
    for (const signature of copy.signatures)
      if (verifySignature(copy.digest, signature)) policy = withSignature(policy, signature);
  }
  return { policy, strays };
}

/** Undefined when there is no such file yet. Errors say which of the many files they are about. */
export async function readIfThere<Body extends DocumentHeader>(
  call: Call,
  path: string,
  type: DocumentType<Body>,
): Promise<Document<Body> | undefined> {
  if (!existsSync(resolve(call.io.cwd, path))) return undefined;
  try {
    return await readDocument(call, path, type);
  } catch (error) {
    if (!(error instanceof CustodyError)) throw error;
    const { code, exit, message, hint } = error;
    throw new CustodyError(code, exit, `${path}: ${message}`, {
      field: path,
      ...(hint === undefined ? {} : { hint }),
      cause: error,
    });
  }
}
