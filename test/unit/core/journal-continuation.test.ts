/**
 * F7, law 7: the online host, a desk and an auditor take the same receipts. What one of them would take and another not,
 * a signer could use to show them different journals.
 */
import { describe, expect, test } from "vitest";
import { headsIn, signerOfReceipt } from "../../../src/commands/desk/receipt-heads.ts";
import { makeDocument } from "../../../src/core/document.ts";
import { RECEIPT, type Receipt, type ReceiptDocument } from "../../../src/core/documents/receipt.ts";
import type { RequestDocument } from "../../../src/core/documents/request.ts";
import type { Digest } from "../../../src/core/digest.ts";
import type { Instant } from "../../../src/core/instant.ts";
import { headOf, JOURNAL_START, type SignedJournalEntry } from "../../../src/core/journal-entry.ts";
import { LIMITS } from "../../../src/core/limits.ts";
import type { PolicySigner } from "../../../src/core/policy/policy.ts";
import { assertPlace } from "../../../src/evidence/journal.ts";
import type { CrossingPorts } from "../../../src/withdrawals/crossing/ports.ts";
import { keepJournal } from "../../../src/withdrawals/crossing/signer-journal.ts";
import { goodRequest, makeCustody, stateFor } from "../../factory/custody.ts";
import { signedDocument } from "../../factory/documents.ts";
import { signed } from "../../factory/gates.ts";
import { at, fixtureDigest, MALLORY, SIGNER, signedBy, type Cast } from "../../factory/identities.ts";
import { initEntry, journalEntry } from "../../factory/journal-entries.ts";
import { codeOf } from "../../factory/thrown.ts";

const MAX = LIMITS.receiptEntriesMax;
const custody = makeCustody();
const good = signed(goodRequest(custody), stateFor(custody)).receipt.body.outcome;
const refused = { type: "refused", gate: "G3", rule: "HEAD_TOO_OLD" } as const;

const longer = (entries: SignedJournalEntry[]) => {
  const { number, previous } = placeAfter(entries);
  entries.push(journalEntry(number, previous, "import", fixtureDigest("a word"), at("08:30:00")));
  return entries;
};
const placeAfter = (entries: readonly SignedJournalEntry[]) => {
  const last = entries.at(-1)?.entry;
  return { number: (last?.number ?? -1) + 1, previous: last === undefined ? JOURNAL_START : headOf(last) };
};
const LONG = Array.from({ length: MAX + 5 }).reduce<SignedJournalEntry[]>(longer, [initEntry()]);
const signer: PolicySigner = {
  ...(custody.policy.body.signers[0] as PolicySigner),
  startHead: headOf(initEntry().entry),
};
const policy = { ...custody.policy.body, signers: [signer] };
const headAt = (number: number) => headOf((LONG[number] as SignedJournalEntry).entry);

/** A refusal after `entries`, unless `changes` say otherwise. */
function receipt(
  entries: readonly SignedJournalEntry[],
  changes: Partial<Receipt> = {},
  { by = [SIGNER], when = at("09:00:00") }: { readonly by?: readonly Cast[]; readonly when?: Instant } = {},
): ReceiptDocument {
  const document = makeDocument<Receipt>(RECEIPT, {
    kind: "receipt",
    version: 1,
    network: "regtest",
    custody: custody.id,
    request: fixtureDigest("request"),
    policy: 1,
    signer: SIGNER.name,
    epoch: 1,
    outcome: refused,
    place: placeAfter(entries),
    journal: [...entries],
    ...changes,
  });
  return signedDocument(document, by, when);
}

/** What the three readers say to `document`, where the request named `head`: each "none" or an error. */
function verdicts(document: ReceiptDocument, head?: Digest): readonly string[] {
  const heads = head === undefined ? [] : [{ signer: SIGNER.name, epoch: 1, head }];
  const request = { body: { heads } } as unknown as RequestDocument;
  const ports = {
    numberOfHead: (_: unknown, named: { head: Digest }) =>
      LONG.find(({ entry }) => headOf(entry) === named.head)?.entry.number,
    insertHeads: () => undefined,
  } as unknown as CrossingPorts<unknown>;
  return [
    codeOf(() => keepJournal(ports, {}, document, { signer, request: request.body })),
    codeOf(() => headsIn(document, signerOfReceipt(policy, document))),
    codeOf(() => assertPlace(request, document, signer)),
  ];
}
const TAKEN = ["none", "none", "none"];
const shownBy = (document: ReceiptDocument) => headsIn(document, signer).at(-1)?.number;

describe("taken by the host, by a desk and by an auditor", () => {
  test("the whole journal, or what follows the head that the request names", () => {
    expect(verdicts(receipt(LONG.slice(0, 3)))).toEqual(TAKEN);
    expect(verdicts(receipt(LONG.slice(0, 3), { outcome: good }))).toEqual(TAKEN);
    expect(verdicts(receipt(LONG.slice(1, 3)), headAt(0))).toEqual(TAKEN);
    expect(verdicts(receipt([], { place: placeAfter(LONG.slice(0, 3)) }), headAt(2))).toEqual(TAKEN);
  });

  test("as many entries as fit: its own follows them, or is further on in a refusal", () => {
    const full = LONG.slice(0, MAX);
    expect(verdicts(receipt(full, { outcome: good }))).toEqual(TAKEN);
    expect(shownBy(receipt(full))).toBe(MAX);
    const cut = receipt(full, { place: placeAfter(LONG) });
    expect(verdicts(cut)).toEqual(TAKEN);
    expect(shownBy(cut)).toBe(MAX - 1);
  });
});

describe("refused by all three", () => {
  const three = LONG.slice(0, 3);
  const place = placeAfter(three);
  const full = LONG.slice(0, MAX);
  const [init, second] = three as [SignedJournalEntry, SignedJournalEntry];
  const late = { entry: second.entry, signature: signedBy(headOf(second.entry), SIGNER, at("08:31:00")) };
  const fifth = journalEntry(5, JOURNAL_START, "import", fixtureDigest("a word"), at("08:30:00"));
  const other = journalEntry(0, JOURNAL_START, "init", fixtureDigest("another card"), at("08:00:00"));

  test.each<readonly [string, ReceiptDocument]>([
    ["a signature that leaves entries out", receipt(full, { outcome: good, place: placeAfter(LONG) })],
    ["a full one whose place lies among its entries", receipt(full, { place })],
    [
      "a full one that is next, after another head",
      receipt(full, { place: { number: MAX, previous: headAt(2) } }),
    ],
    ["a short one with a gap", receipt(three, { place: { ...place, number: 9 } })],
    ["a receipt that is older than its entries", receipt(three, {}, { when: at("08:29:59") })],
    ["a receipt as the first entry", receipt([], { place: { number: 0, previous: JOURNAL_START } })],
    ["a beginning at another number", receipt([fifth])],
    ["a beginning that is another machine's", receipt([other])],
    ["an entry that was signed at another time", receipt([init, late])],
    ["a second signature beside the signer's", receipt(three, {}, { by: [SIGNER, MALLORY] })],
    ["somebody else's signature", receipt(three, {}, { by: [MALLORY] })],
  ])("%s", (_, document) => {
    expect(verdicts(document)).not.toContain("none");
    expect(verdicts(receipt(three))).toEqual(TAKEN);
  });

  test("twin of a request: host and auditor ask that it begins where the request says", () => {
    const [host, , auditor] = verdicts(receipt(LONG.slice(1, 3)), headAt(1));
    expect([host, auditor]).toEqual(["JOURNAL_UNCONNECTED", "EVIDENCE_CONTRADICTS"]);
    const signs = verdicts(receipt(three, { outcome: good }), headAt(1));
    expect([signs[0], signs[2]]).toEqual(["JOURNAL_UNCONNECTED", "EVIDENCE_CONTRADICTS"]);
    expect(verdicts(receipt(three), fixtureDigest("a head that is lost"))).toEqual(TAKEN);
  });

  test("and the host, which knows the number of that head, that the next one follows", () => {
    const skipped = journalEntry(7, headAt(0), "import", fixtureDigest("a word"), at("08:30:00"));
    expect(verdicts(receipt([skipped]), headAt(0))[0]).toBe("JOURNAL_UNCONNECTED");
    expect(verdicts(receipt([second]), headAt(0))).toEqual(TAKEN);
  });
});
