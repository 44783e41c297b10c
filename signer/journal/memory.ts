/** What the gates ask the journal: pure reading of verified lines. */
import type { Digest } from "../../src/core/digest.ts";
import type { Family, ReceiptDocument, SignedPlan } from "../../src/core/documents/receipt.ts";
import type { Name } from "../../src/core/identifier.ts";
import { headOf, type SignedJournalEntry } from "../../src/core/journal-entry.ts";
import type { Journal } from "./journal.ts";

/** The receipt with which this signer signed `request` before, so that it gives the same bytes again (law 6). */
export function signedReceiptOf(journal: Journal, request: Digest): ReceiptDocument | undefined {
  return journal.lines.find(
    ({ receipt }) => receipt?.body.request === request && receipt.body.outcome.type === "signed",
  )?.receipt;
}

/** Digest of the policy that was pinned last. */
export function pinnedPolicyOf(journal: Journal): Digest | undefined {
  return journal.lines.findLast(({ entry }) => entry.event === "pin")?.entry.subject;
}

/** Whether `head` is the journal's head now or was one before. */
export function hasHead(journal: Journal, head: Digest): boolean {
  return journal.lines.some(({ entry }) => headOf(entry) === head);
}

/** Every plan that this signer has signed, oldest first. */
export function signedPlans(journal: Journal): readonly SignedPlan[] {
  return journal.lines.flatMap(({ receipt }) =>
    receipt?.body.outcome.type === "signed" ? receipt.body.outcome.plans : [],
  );
}

/** Whether two families are one: the same intent, or the same client key of the same customer (law 4). */
export function sameFamily(a: Family, b: Family): boolean {
  return a.intent === b.intent || (a.customer === b.customer && a.clientKey === b.clientKey);
}

/** The highest change index that this signer has signed for `wallet`; -1 when there is none (law 10). */
export function highestChangeIndex(journal: Journal, wallet: Name): number {
  let highest = -1;
  for (const { receipt } of journal.lines) {
    if (receipt?.body.outcome.type !== "signed") continue;
    for (const plan of receipt.body.outcome.review.plans) {
      if (plan.wallet !== wallet) continue;
      for (const { effects } of plan.rungs)
        for (const effect of effects)
          if (effect.type === "change") highest = Math.max(highest, lastStep(effect.path));
    }
  }
  return highest;
}

/** Entries for the next receipt: from the last one that an earlier receipt carried, without that. */
export function entriesSinceLastReceipt(journal: Journal): readonly SignedJournalEntry[] {
  const last = journal.lines.findLastIndex(({ receipt }) => receipt !== undefined);
  return journal.lines.slice(Math.max(last, 0)).map(({ entry, signature }) => ({ entry, signature }));
}

function lastStep(path: string): number {
  return Number.parseInt(path.slice(path.lastIndexOf("/") + 1), 10);
}
