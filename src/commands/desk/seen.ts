/**
 * What this desk has seen and signed, one canonical JSON line for each: so that a person is told of an earlier payment
 * like the one in hand by a memory of its own, and not only by the online host.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { splitAccount } from "../../core/account.ts";
import { canonicalText, parseCanonical, type Json } from "../../core/canonical.ts";
import { INTENT_TYPES } from "../../core/documents/intent-types.ts";
import { CustodyError } from "../../core/errors.ts";
import { assetField, digestField, idField, instantField, textField, unitsField } from "../../core/fields.ts";
import { utf8 } from "../../core/hex.ts";
import type { Instant } from "../../core/instant.ts";
import { LIMITS } from "../../core/limits.ts";
import type { Call } from "../../terminal/command.ts";
import { readInput, writeFileDurably } from "../../terminal/files.ts";
import { brokenFile } from "./pinned.ts";
import type { IntentSubject } from "./subject.ts";

/** The oldest lines beyond this are forgotten: a file that is rewritten each time stays small. */
const LINES_MAX = 10_000;

const SEEN = ["reviewed", "approve", "release", "reject", "clear", "refuse"] as const;

const lineField = z.strictObject({
  at: instantField,
  /** What was done with it here. */
  decision: z.enum(SEEN),
  /** Digest of the intent. */
  digest: digestField,
  id: idField,
  type: z.enum(INTENT_TYPES),
  customer: idField.optional(),
  clientKey: digestField.optional(),
  /** The address that is paid, or our wallets. */
  target: textField(160),
  asset: assetField,
  units: unitsField,
});

export type Seen = z.output<typeof lineField>;
export type SeenAs = (typeof SEEN)[number];

const seenFile = (home: string) => join(home, "desk-seen.jsonl");

/** What `decision` on an intent is remembered by. */
export function seenOf({ document, evidence }: IntentSubject, decision: SeenAs, at: Instant): Seen {
  const { digest, body } = document;
  return {
    at,
    decision,
    digest,
    id: body.id,
    type: body.type,
    ...(body.type === "withdrawal" ? { customer: body.customer, clientKey: body.clientKey } : {}),
    target: targetOf(body, evidence),
    asset: body.asset,
    units: body.units,
  };
}

/** Everything that this desk remembers, the oldest first. @throws DESK_FILE_BROKEN */
export async function readSeen(call: Call): Promise<readonly Seen[]> {
  const file = seenFile(call.home);
  if (!existsSync(file)) return [];
  const bytes = await readInput(call.io, file, LIMITS.documentBytesMax);
  const lines = new TextDecoder().decode(bytes).split("\n");
  if (lines.pop() !== "") throw brokenFile(file, "its last line has no end");
  return lines.map((line, index) => {
    const parsed = lineField.safeParse(canonicalOf(line));
    if (parsed.success) return parsed.data;
    throw brokenFile(file, `line ${index + 1} is not one that a desk writes`);
  });
}

/** Adds `lines`, on disk before it returns; what was only looked at again is not written again. */
export async function rememberSeen(call: Call, lines: readonly Seen[]): Promise<void> {
  const known = await readSeen(call);
  const digests = new Set(known.map(({ digest }) => digest));
  const fresh = lines.filter(({ decision, digest }) => decision !== "reviewed" || !digests.has(digest));
  if (fresh.length === 0) return;
  const kept = [...known, ...fresh].slice(-LINES_MAX);
  const text = kept.map((line) => `${canonicalText(line)}\n`).join("");
  writeFileDurably(seenFile(call.home), utf8(text), true, call.io.random(8));
}

function canonicalOf(line: string): Json | undefined {
  try {
    return parseCanonical(utf8(line));
  } catch (error) {
    if (error instanceof CustodyError) return undefined;
    throw error;
  }
}

function targetOf(body: IntentSubject["document"]["body"], evidence: IntentSubject["evidence"]): string {
  if (body.type === "transfer") return `${body.wallet} to ${body.destination}`;
  if (body.type !== "withdrawal") return body.wallet;
  const account = evidence.beneficiary?.body.account;
  return account === undefined ? "no destination" : splitAccount(account).address;
}
