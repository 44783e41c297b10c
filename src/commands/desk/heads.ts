import { CustodyError } from "../../core/errors.ts";
import { RECEIPT, type ReceiptDocument } from "../../core/documents/receipt.ts";
import { assertBelongs } from "../../core/document.ts";
import type { JournalHead } from "../../core/journal-continuation.ts";
import { custodyId, type PolicyDocument } from "../../core/policy/policy.ts";
import type { Run } from "../../terminal/command.ts";
import { drawFacts, grouped } from "../../terminal/table.ts";
import { readDocument } from "../documents.ts";
import { readHeads, writeHeads, type KnownHeads } from "./known-heads.ts";
import { pinnedPolicy } from "./pinned.ts";
import { headsIn, signerOfReceipt, withHeads } from "./receipt-heads.ts";

/** Reads receipts and remembers the newest head of each signer; without receipts it shows what is remembered. */
export const run: Run = async (call) => {
  const policy = await pinnedPolicy(call);
  const custody = custodyId(policy);
  const receipts: ReceiptDocument[] = [];
  for (const file of call.args) receipts.push(await readDocument(call, file, RECEIPT));
  const known = await readHeads(call, custody);
  const { heads, alarms, silent } = learn(policy, known, receipts);
  // What the others show is kept even when one rings: a head once seen protects what is approved from now on.
  if (!call.dryRun && heads !== known) writeHeads(call, custody, heads);
  const newest = heads.map(({ signer, epoch, heads: all }) => ({
    signer,
    epoch,
    ...(all[all.length - 1] as JournalHead),
  }));
  return {
    data: newest,
    text: drawFacts(
      newest.length === 0
        ? [["heads", "none seen yet: give a signer's receipts"]]
        : newest.map(({ signer, epoch, number, head, at }) => [
            signer,
            `epoch ${epoch}, entry ${number} at ${at} · ${grouped(head)}`,
          ]),
    ),
    warnings: [
      ...alarms.slice(1).map(({ message }) => message),
      ...silent.map(
        (request) => `the receipt of request ${request} shows no journal entry: nothing learned from it`,
      ),
    ],
    failure: alarms[0],
  };
};

/** Takes each receipt into account, those of one signer in the journal's order. */
function learn(policy: PolicyDocument, known: readonly KnownHeads[], receipts: readonly ReceiptDocument[]) {
  let heads = known;
  const alarms: CustodyError[] = [];
  const silent: string[] = [];
  for (const { receipt, shown } of inOrder(policy, receipts, alarms)) {
    if (shown.length === 0) silent.push(receipt.body.request);
    else heads = guarded(alarms, () => withReceipt(heads, receipt, shown)) ?? heads;
  }
  return { heads, alarms, silent };
}

function inOrder(policy: PolicyDocument, receipts: readonly ReceiptDocument[], alarms: CustodyError[]) {
  const home = { network: policy.body.network, custody: custodyId(policy) };
  return receipts
    .flatMap((receipt) => {
      const shown = guarded(alarms, () => {
        assertBelongs(receipt, home);
        return headsIn(receipt, signerOfReceipt(policy.body, receipt));
      });
      return shown === undefined ? [] : [{ receipt, shown }];
    })
    .sort((a, b) => (a.shown[0]?.number ?? 0) - (b.shown[0]?.number ?? 0));
}

function withReceipt(
  known: readonly KnownHeads[],
  { body: { signer, epoch } }: ReceiptDocument,
  shown: readonly JournalHead[],
): readonly KnownHeads[] {
  const index = known.findIndex((one) => one.signer === signer && one.epoch === epoch);
  const before = known[index]?.heads ?? [];
  const heads = [...withHeads(signer, before, shown)];
  if (heads.length === before.length) return known;
  return index < 0 ? [...known, { signer, epoch, heads }] : known.with(index, { signer, epoch, heads });
}

function guarded<T>(alarms: CustodyError[], act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof CustodyError)) throw error;
    alarms.push(error);
    return undefined;
  }
}
