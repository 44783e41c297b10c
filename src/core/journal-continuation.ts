/**
 * What a receipt shows of its signer's journal, read by everybody alike: the online host that keeps the heads, the desk
 * that lists them, and the auditor. If one of them took what another refuses, a signer, or whoever carries its files,
 * could show them different journals (law 7). Pure.
 */
import type { Digest } from "./digest.ts";
import type { Head } from "./documents/approval.ts";
import type { ReceiptDocument } from "./documents/receipt.ts";
import type { CustodyError } from "./errors.ts";
import type { Instant } from "./instant.ts";
import { headOf, JOURNAL_START, verifyEntries, type SignedJournalEntry } from "./journal-entry.ts";
import { LIMITS } from "./limits.ts";
import type { PolicySigner } from "./policy/policy.ts";
import { verifySignature, type Signature } from "./signature.ts";

/** The head after entry `number`; `at` is the entry's time. */
export type JournalHead = { readonly number: number; readonly head: Digest; readonly at: Instant };

export type ShownJournal = {
  /** What the first entry follows; number -1 with `JOURNAL_START` where the epoch's whole journal is shown. */
  readonly before: { readonly number: number; readonly head: Digest };
  /** After each entry, then after the receipt's own, unless a refusal's receipt had no room for all that lies between. */
  readonly heads: readonly JournalHead[];
};

/** A reader's own error for a journal that does not continue; `why` ends a sentence that begins "the journal". */
export type Refuse = (why: string) => CustodyError;

/**
 * The one signature of a receipt, where it is `signer`'s. A second one is nobody's business: who carries the file could put
 * it there, and the readers would differ about whose receipt it is.
 */
export function ownSignature(
  { digest, signatures }: ReceiptDocument,
  signer: PolicySigner,
): Signature | undefined {
  const [own, ...others] = signatures;
  if (own === undefined || others.length > 0) return undefined;
  return own.by === signer.key && own.alg === "ed25519" && verifySignature(digest, own) ? own : undefined;
}

/** The head of this signer and epoch that is in `heads`; a request names each signer once (G4). */
export function headNamed(
  heads: readonly Head[],
  { signer, epoch }: { readonly signer: string; readonly epoch: number },
): Digest | undefined {
  return heads.find((head) => head.signer === signer && head.epoch === epoch)?.head;
}

/**
 * Reads what `receipt` shows, without its request: entries that follow one another, from the policy's start head where they
 * begin with the epoch, to the receipt's own place.
 * @throws JOURNAL_BROKEN for an entry that does not verify, and what `refuse` makes
 */
export function shownJournal(receipt: ReceiptDocument, signer: PolicySigner, refuse: Refuse): ShownJournal {
  const { digest, body } = receipt;
  const { journal, place } = body;
  const at = ownSignature(receipt, signer)?.at;
  if (at === undefined) throw refuse("is not shown under its signer's one signature");
  const first = journal[0]?.entry ?? place;
  const head = verifyEntries(journal, signer.key, first.previous);
  assertBeginning(first, journal, signer, refuse);
  const last = journal[journal.length - 1]?.entry;
  if (last !== undefined && at < last.at) throw refuse("is younger than the receipt that shows it");
  const heads = journal.map(({ entry }) => ({ number: entry.number, head: headOf(entry), at: entry.at }));
  const next = (last?.number ?? place.number - 1) + 1;
  const before = { number: first.number - 1, head: first.previous };
  // A receipt cannot carry its own entry, which names its digest. Journal time is the time of the signer's signature.
  const own = { number: place.number, head: headOf({ ...place, event: "receipt", subject: digest, at }), at };
  if (place.previous === head && place.number === next) return { before, heads: [...heads, own] };
  if (isCut(receipt) && place.number > next) return { before, heads };
  throw refuse("does not lead to the receipt's own place");
}

/**
 * The entries begin after the head that the request names, or with the epoch where it names none. A signer that lacks the
 * head which is named refuses the request, and shows its journal from the start.
 * @throws what `refuse` makes
 */
export function assertFollows(
  { before }: ShownJournal,
  { body }: ReceiptDocument,
  heads: readonly Head[],
  refuse: Refuse,
): void {
  const named = headNamed(heads, body);
  const isWhole = before.head === JOURNAL_START;
  if (before.head === named) return;
  if (isWhole && (named === undefined || body.outcome.type === "refused")) return;
  throw refuse("does not begin after the head that the request names, nor with its epoch");
}

// The policy names the head after the first entry: a journal that begins otherwise is another machine's.
function assertBeginning(
  { number, previous }: { readonly number: number; readonly previous: Digest },
  [first]: readonly SignedJournalEntry[],
  { startHead }: PolicySigner,
  refuse: Refuse,
): void {
  if (number !== 0 && previous !== JOURNAL_START) return;
  const begins = number === 0 && previous === JOURNAL_START && first !== undefined;
  if (!begins || headOf(first.entry) !== startHead)
    throw refuse("does not begin with the start head that the policy names");
}

// What is signed leads to its place without a gap: gate G3 refuses what one receipt cannot bring. A refusal's receipt is
// the way out of that, and brings as many entries as fit.
function isCut({ body: { outcome, journal } }: ReceiptDocument): boolean {
  return outcome.type === "refused" && journal.length === LIMITS.receiptEntriesMax;
}
