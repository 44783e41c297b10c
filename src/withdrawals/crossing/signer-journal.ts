/** What a receipt shows of its signer's journal: it must continue what that signer has shown before (law 7). */
import type { ReceiptDocument } from "../../core/documents/receipt.ts";
import type { Request } from "../../core/documents/request.ts";
import type { Digest } from "../../core/digest.ts";
import { declareError } from "../../core/errors.ts";
import { headOf, JOURNAL_START, verifyEntries } from "../../core/journal-entry.ts";
import { LIMITS } from "../../core/limits.ts";
import type { PolicySigner } from "../../core/policy/policy.ts";
import type { CrossingPorts } from "./ports.ts";

export const JOURNAL_UNCONNECTED = declareError(
  "JOURNAL_UNCONNECTED",
  "verification",
  "The journal in a receipt does not follow what its signer has shown before.",
);

type Shown = { readonly number: number; readonly head: Digest };

/**
 * Verifies the entries that a receipt carries and keeps their heads, with the head that the receipt itself makes: the
 * next request names it, so that the next receipt brings what came after.
 * @throws JOURNAL_BROKEN, JOURNAL_UNCONNECTED, JOURNAL_FORKED
 */
export function keepJournal<Tx>(
  ports: CrossingPorts<Tx>,
  tx: Tx,
  receipt: ReceiptDocument,
  { signer, request }: { readonly signer: PolicySigner; readonly request: Request },
): void {
  const { journal } = receipt.body;
  const { name, epoch, key, startHead } = signer;
  const named = request.heads.find((head) => head.signer === name && head.epoch === epoch)?.head;
  const previous = journal[0]?.entry.previous ?? named ?? JOURNAL_START;
  verifyEntries(journal, key, previous);
  const before = beforeFirst(ports, tx, previous, signer);
  const shown: Shown[] = journal.map(({ entry }) => ({ number: entry.number, head: headOf(entry) }));
  if (shown[0] !== undefined && shown[0].number !== before + 1)
    throw unconnected(name, `its first entry is number ${shown[0].number}, ${before + 1} was expected`);
  if (previous === JOURNAL_START && !shown.some(({ head }) => head === startHead))
    throw unconnected(name, "it does not hold the start head that the policy names");
  const last = shown.at(-1) ?? { number: before, head: previous };
  // Of a long journal a receipt brings the first entries; what comes before its own is then not known yet.
  if (journal.length < LIMITS.receiptEntriesMax) shown.push(ownEntry(receipt, key, last));
  ports.insertHeads(tx, name, epoch, shown);
}

// The number of the entry that `previous` is the head of; -1 for the start.
function beforeFirst<Tx>(
  ports: CrossingPorts<Tx>,
  tx: Tx,
  previous: Digest,
  { name, epoch }: PolicySigner,
): number {
  if (previous === JOURNAL_START) return -1;
  const number = ports.numberOfHead(tx, { signer: name, epoch, head: previous });
  if (number !== undefined) return number;
  throw unconnected(name, "it follows a head that no receipt here has shown");
}

// A receipt cannot carry its own entry, which names its digest. Journal time is the time of the signer's signature.
function ownEntry(receipt: ReceiptDocument, key: PolicySigner["key"], last: Shown): Shown {
  const { place, signer } = receipt.body;
  const at = receipt.signatures.find(({ by }) => by === key)?.at;
  if (at === undefined) throw unconnected(signer, "its signer's signature is missing");
  if (place.number !== last.number + 1 || place.previous !== last.head)
    throw unconnected(signer, `its own entry is number ${place.number}, ${last.number + 1} was expected`);
  return { number: place.number, head: headOf({ ...place, event: "receipt", subject: receipt.digest, at }) };
}

function unconnected(signer: string, why: string) {
  return JOURNAL_UNCONNECTED(`the journal of signer ${signer} does not continue what it has shown: ${why}`, {
    field: "receipt.journal",
    hint: "import its earlier receipts first; if there are none, compare its journal with its logbook",
  });
}
