/**
 * Acts that take two persons: a verb drafts the warrant with `--out`, people sign it at desks, `--warrant` hands it back.
 * `byWarrant` is the one way in, so that no act forgets who signed, for what case, until when, and that it was used before.
 */
import { assertBelongs, makeDocument, parseDocument } from "../core/document.ts";
import { WARRANT, type WarrantAct, type WarrantDocument } from "../core/documents/warrant.ts";
import { idFrom } from "../core/identifier.ts";
import { declareError } from "../core/errors.ts";
import { addSeconds } from "../core/instant.ts";
import { LIMITS } from "../core/limits.ts";
import { custodyId, type PolicyDocument } from "../core/policy/policy.ts";
import { assertWarranted, warrantRole } from "../core/policy/warrants.ts";
import { shellWord } from "../core/shell-word.ts";
import type { Call } from "../terminal/command.ts";
import { change, requireSession, type Online } from "../home/online.ts";
import { optionalFlag, requiredFlag } from "../terminal/command.ts";
import { readCarried } from "../terminal/carried.ts";
import { findDocument, saveDocument } from "../store/documents.ts";
import type { Tx } from "../store/transaction.ts";
import { writeDocument } from "./documents.ts";

export const WARRANT_USED = declareError(
  "WARRANT_USED",
  "conflict",
  "A warrant was used before: it is good for one act, once.",
);

/** Time for two persons to come to their desks; what they saw must still be so. */
const WARRANT_LIFE_SECONDS = 3 * 86_400;

/** Drafts the warrant for `act` to `--out`. @returns what comes next */
async function draftWarrant(call: Call, policy: PolicyDocument, act: WarrantAct): Promise<string> {
  const out = requiredFlag(call.flags, "out");
  const warrant: WarrantDocument = makeDocument(WARRANT, {
    kind: "warrant",
    version: 1,
    network: policy.body.network,
    custody: custodyId(policy),
    id: idFrom(call.io.random(16)),
    act,
    policy: policy.body.number,
    expires: addSeconds(call.io.now(), WARRANT_LIFE_SECONDS),
  });
  await writeDocument(call, out, warrant);
  return `custody desk sign ${shellWord(out)} --as warrant --identity NAME.key --out signed.json   (two persons with role ${warrantRole(act)}: the second signs what the first has signed; then this command with --warrant)`;
}

// The warrant of `--warrant`, checked to allow exactly what is asked for.
async function readWarrant(call: Call, policy: PolicyDocument, asked: Asked): Promise<WarrantDocument> {
  const bytes = await readCarried(call.io, requiredFlag(call.flags, "warrant"), LIMITS.documentBytesMax);
  const warrant = parseDocument(WARRANT, bytes);
  assertBelongs(warrant, { network: policy.body.network, custody: custodyId(policy) });
  assertWarranted(policy.body, warrant, actOf(asked, warrant.body.act), call.io.now());
  return warrant;
}

/** The act, or how it follows from what the warrant names that is handed back; none is when it is drafted. */
type Asked = WarrantAct | ((named: WarrantAct | undefined) => WarrantAct);

const actOf = (asked: Asked, named: WarrantAct | undefined): WarrantAct =>
  typeof asked === "function" ? asked(named) : asked;

type ByWarrant<T> =
  | { readonly drafted: true; readonly next: string }
  | { readonly drafted: false; readonly warrant: WarrantDocument; readonly done: T };

/**
 * Without `--warrant` drafts the one for `asked` to `--out`; with it does `work` in the transaction that uses it up.
 * @param session whether it takes an operator's session too, as all do but what a database without any needs
 * @throws DOCUMENT_…, WARRANT_OTHER_ACT, WARRANT_EXPIRED, WARRANT_UNSIGNED, WARRANT_USED, SESSION_MISSING, SESSION_IDLE,
 *   and what `work` throws
 */
export async function byWarrant<T>(
  online: Online,
  policy: PolicyDocument,
  asked: Asked,
  work: (tx: Tx, warrant: WarrantDocument) => T,
  { session = true }: { readonly session?: boolean } = {},
): Promise<ByWarrant<T>> {
  const { call } = online;
  if (session) requireSession(online);
  if (optionalFlag(call.flags, "warrant") === undefined)
    return { drafted: true, next: await draftWarrant(call, policy, actOf(asked, undefined)) };
  const warrant = await readWarrant(call, policy, asked);
  const done = change(online, (tx) => {
    useWarrant(tx, warrant);
    return work(tx, warrant);
  });
  return { drafted: false, warrant, done };
}

// What it allows may come about again (a block after an unblock), and two persons then look at it again.
function useWarrant(tx: Tx, warrant: WarrantDocument): void {
  if (findDocument(tx, WARRANT, warrant.digest) !== undefined) {
    throw WARRANT_USED("this warrant was used before", {
      field: "--warrant",
      hint: "draft it anew with --out, and have it signed again",
    });
  }
  saveDocument(tx, warrant);
}
