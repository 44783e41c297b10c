/**
 * Signing with a security key takes two steps, for the key is asked by ssh-keygen: first the document, its time fixed,
 * and the 105 bytes to sign; then, with the signature, the signed document. Between them lies a draft.
 */
import * as z from "zod";
import { canonicalBytes, parseCanonical, type Json } from "../../core/canonical.ts";
import {
  embed,
  fromEmbedded,
  withSignature,
  type Document,
  type DocumentHeader,
  type DocumentType,
} from "../../core/document.ts";
import { APPROVAL } from "../../core/documents/approval.ts";
import { BENEFICIARY } from "../../core/documents/beneficiary.ts";
import { BUILD } from "../../core/documents/build.ts";
import { CLEARANCE } from "../../core/documents/clearance.ts";
import { DEAD } from "../../core/documents/dead.ts";
import { DELEGATION } from "../../core/documents/delegation.ts";
import { HALT, RESUME } from "../../core/documents/halt.ts";
import { RATES } from "../../core/documents/rates.ts";
import { WARRANT } from "../../core/documents/warrant.ts";
import type { PublicKey } from "../../core/ed25519.ts";
import { declareError } from "../../core/errors.ts";
import { instantField, publicKeyField } from "../../core/fields.ts";
import type { Instant } from "../../core/instant.ts";
import { LIMITS } from "../../core/limits.ts";
import { POLICY } from "../../core/policy/policy.ts";
import { signedBytes, verifySignature, type Signature } from "../../core/signature.ts";
import { parseSkPublicKey } from "../../core/ssh-key.ts";
import { parseSshSignature, SSH_NAMESPACE } from "../../core/sshsig.ts";
import { shellWord } from "../../core/shell-word.ts";
import { isCarried } from "../../terminal/carry.ts";
import { requiredFlag, switchedOn, type Call } from "../../terminal/command.ts";
import { USAGE } from "../../terminal/program.ts";
import { readInput, writeOutput } from "../../terminal/files.ts";

export const DRAFT_MALFORMED = declareError(
  "DRAFT_MALFORMED",
  "invalid",
  "A file is not a draft that waits for a security key's signature.",
);
export const SECURITY_SIGNATURE_WRONG = declareError(
  "SECURITY_SIGNATURE_WRONG",
  "verification",
  "A security key's signature is not over the draft, or by another key.",
);

/** What a desk signs. */
export const DESK_KINDS: readonly DocumentType<DocumentHeader>[] = [
  APPROVAL,
  BENEFICIARY,
  BUILD,
  CLEARANCE,
  DEAD,
  DELEGATION,
  HALT,
  POLICY,
  RATES,
  RESUME,
  WARRANT,
];

type Draft<Body extends DocumentHeader> = {
  readonly document: Document<Body>;
  readonly by: PublicKey;
  /** The time that the signature covers. */
  readonly at: Instant;
};

const draftField = z.strictObject({
  at: instantField,
  by: publicKeyField,
  document: z.looseObject({ kind: z.string() }),
});

/** The key of `--security-key`. @throws SSH_KEY_MALFORMED, SSH_KEY_UNSUITABLE */
export async function readSecurityKey(call: Call): Promise<PublicKey> {
  const path = requiredFlag(call.flags, "securityKey");
  const bytes = await readInput(call.io, path, LIMITS.sshTextCharactersMax, "--security-key");
  return parseSkPublicKey(new TextDecoder().decode(bytes));
}

/** Step one: writes the draft to `--out` and its bytes to `--to-sign`. @returns what comes next @throws USAGE, FILE_EXISTS */
export function writeDraft(call: Call, { document, by, at }: Draft<DocumentHeader>, verb: string): string {
  const [out, toSign] = [requiredFlag(call.flags, "out"), requiredFlag(call.flags, "toSign")];
  const force = switchedOn(call.flags, "force");
  if (isCarried(call)) {
    throw USAGE("a draft does not cross: it waits here for the key's signature", {
      field: switchedOn(call.flags, "ur") ? "--ur" : "--bbqr",
      hint: `${verb} --draft FILE --signature FILE --out FILE --ur   (shows what is signed)`,
    });
  }
  if (!call.dryRun) {
    const draft = canonicalBytes({ at, by, document: embed(document) as Json });
    writeOutput(call.io, out, draft, { force });
    writeOutput(call.io, toSign, signedBytes(document.digest, by, at), { force });
  }
  return `ssh-keygen -Y sign -n ${SSH_NAMESPACE} -f KEY ${shellWord(toSign)}   then: ${verb} --draft ${shellWord(out)} --signature ${shellWord(`${toSign}.sig`)} --out signed.json`;
}

/**
 * Step two: the draft's document with the signature that `--signature` holds.
 * @param types what the draft may hold
 * @throws DRAFT_MALFORMED, SECURITY_SIGNATURE_WRONG
 */
export async function completeDraft<Body extends DocumentHeader>(
  call: Call,
  ...types: readonly DocumentType<Body>[]
): Promise<Document<Body>> {
  const path = requiredFlag(call.flags, "draft");
  const { document, by, at } = parseDraft(
    await readInput(call.io, path, LIMITS.documentBytesMax, "--draft"),
    types,
  );
  const file = requiredFlag(call.flags, "signature");
  const armored = await readInput(call.io, file, LIMITS.sshTextCharactersMax, "--signature");
  const { key, sig } = parseSshSignature(new TextDecoder().decode(armored));
  const signature: Signature = { by, alg: "sshsig-sk", at, sig };
  if (key === by && verifySignature(document.digest, signature)) return withSignature(document, signature);
  const why = key === by ? "is over other bytes than the draft's" : "was made by another key";
  throw SECURITY_SIGNATURE_WRONG(`the signature in ${file} ${why}`, {
    field: "--signature",
    hint: "sign the very file that was written with the draft, by the key that the draft names",
  });
}

function parseDraft<Body extends DocumentHeader>(
  bytes: Uint8Array,
  types: readonly DocumentType<Body>[],
): Draft<Body> {
  const { data } = draftField.safeParse(parseCanonical(bytes, LIMITS.documentBytesMax));
  const type = types.find(({ kind }) => kind === data?.document.kind);
  if (data === undefined || type === undefined) {
    throw DRAFT_MALFORMED("--draft is not what --security-key wrote to --out", {
      field: "--draft",
      hint: "custody desk sign FILE --as DECISION --security-key KEY.pub --to-sign FILE --out draft.json",
    });
  }
  return { at: data.at, by: data.by, document: fromEmbedded(type, data.document) };
}
