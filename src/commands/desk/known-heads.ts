/** The journal heads that this desk has seen, by signer and epoch, as a file in its home. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { canonicalBytes, parseCanonical } from "../../core/canonical.ts";
import type { Head } from "../../core/documents/approval.ts";
import { CustodyError } from "../../core/errors.ts";
import { countField, digestField, instantField, nameField } from "../../core/fields.ts";
import { LIMITS } from "../../core/limits.ts";
import type { Policy } from "../../core/policy/policy.ts";
import type { Call } from "../../terminal/command.ts";
import { readInput, writeFileDurably } from "../../terminal/files.ts";
import { brokenFile } from "./pinned.ts";

/** Enough to recognise a receipt of years ago; the newest is what counts. */
const HEADS_MAX = 10_000;

const knownField = z.strictObject({
  signer: nameField,
  epoch: countField(1_000_000, 1),
  /** In the journal's order; the last is the newest. */
  heads: z
    .array(
      z.strictObject({ number: countField(LIMITS.journalEntriesMax), head: digestField, at: instantField }),
    )
    .min(1),
});
const fileField = z.strictObject({ custody: digestField, signers: z.array(knownField).max(1024) });

export type KnownHeads = z.output<typeof knownField>;

const headsFile = (home: string) => join(home, "desk-heads.json");

/** What is known of the signers of `custody`. @throws DESK_FILE_BROKEN */
export async function readHeads(call: Call, custody: string): Promise<readonly KnownHeads[]> {
  const file = headsFile(call.home);
  if (!existsSync(file)) return [];
  const bytes = await readInput(call.io, file, LIMITS.documentBytesMax);
  const parsed = fileField.safeParse(valueOf(bytes, file));
  if (!parsed.success) throw brokenFile(file, "it is not one that a desk writes");
  if (parsed.data.custody !== custody) throw brokenFile(file, "it belongs to another custody");
  return parsed.data.signers;
}

/** Replaces what is known, on disk before it returns. */
export function writeHeads(call: Call, custody: string, signers: readonly KnownHeads[]): void {
  const kept = signers.map(({ heads, ...rest }) => ({ ...rest, heads: heads.slice(-HEADS_MAX) }));
  writeFileDurably(headsFile(call.home), canonicalBytes({ custody, signers: kept }), true, call.io.random(8));
}

/** The newest head of each signer that the policy names, in its epoch: what an approval lists (law 7). */
export function newestHeads(policy: Policy, known: readonly KnownHeads[]): Head[] {
  return policy.signers.flatMap(({ name, epoch }) => {
    const heads = known.find((one) => one.signer === name && one.epoch === epoch)?.heads;
    const newest = heads?.[heads.length - 1];
    return newest === undefined ? [] : [{ signer: name, epoch, head: newest.head }];
  });
}

function valueOf(bytes: Uint8Array, file: string) {
  try {
    return parseCanonical(bytes, LIMITS.documentBytesMax);
  } catch (error) {
    if (error instanceof CustodyError) throw brokenFile(file, error.message);
    throw error;
  }
}
