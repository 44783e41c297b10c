/** What a receipt shows of its signer's journal: it must continue what that signer has shown before (law 7). */
import type { ReceiptDocument } from "../../core/documents/receipt.ts";
import type { Request } from "../../core/documents/request.ts";
import { declareError } from "../../core/errors.ts";
import { assertFollows, shownJournal, type ShownJournal } from "../../core/journal-continuation.ts";
import { JOURNAL_START } from "../../core/journal-entry.ts";
import type { PolicySigner } from "../../core/policy/policy.ts";
import type { CrossingPorts } from "./ports.ts";

export const JOURNAL_UNCONNECTED = declareError(
  "JOURNAL_UNCONNECTED",
  "verification",
  "The journal in a receipt does not follow what its signer has shown before.",
);

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
  const { name, epoch } = signer;
  const refuse = (why: string) => unconnected(name, why);
  const shown = shownJournal(receipt, signer, refuse);
  assertFollows(shown, receipt, request.heads, refuse);
  assertKnown(ports, tx, shown, signer);
  ports.insertHeads(tx, name, epoch, shown.heads);
}

// A request may name a head of a host that was restored since; and its number is what this host has seen, not what it says.
function assertKnown<Tx>(
  ports: CrossingPorts<Tx>,
  tx: Tx,
  { before: { number, head } }: ShownJournal,
  { name, epoch }: PolicySigner,
): void {
  if (head === JOURNAL_START) return;
  const known = ports.numberOfHead(tx, { signer: name, epoch, head });
  if (known === undefined) throw unconnected(name, "follows a head that no receipt here has shown");
  if (known !== number)
    throw unconnected(name, `goes on with number ${number + 1} where ${known + 1} was expected`);
}

function unconnected(signer: string, why: string) {
  return JOURNAL_UNCONNECTED(`the journal of signer ${signer} ${why}`, {
    field: "receipt.journal",
    hint: "import its earlier receipts first; if there are none, compare its journal with its logbook",
  });
}
