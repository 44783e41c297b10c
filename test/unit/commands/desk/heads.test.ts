import { describe, expect, test } from "vitest";
import type { Digest } from "../../../../src/core/digest.ts";
import { makeDocument, parseDocument, withSignature } from "../../../../src/core/document.ts";
import { APPROVAL } from "../../../../src/core/documents/approval.ts";
import { RECEIPT, type Receipt, type ReceiptDocument } from "../../../../src/core/documents/receipt.ts";
import type { Instant } from "../../../../src/core/instant.ts";
import { headOf, type SignedJournalEntry } from "../../../../src/core/journal-entry.ts";
import { payout } from "../../../factory/custody.ts";
import { bundleOf, custodyOf, deskPolicy, makeDesk, signAs, type Desk } from "../../../factory/desk.ts";
import { journal } from "../../../factory/documents.ts";
import {
  ANNA,
  at,
  fixtureDigest,
  MALLORY,
  SIGNER,
  signedBy,
  type Cast,
} from "../../../factory/identities.ts";
import { journalEntry } from "../../../factory/journal-entries.ts";

const policy = deskPolicy();
// init and pin of the fixtures' journal: every history here begins with them.
const BORN = journal().slice(0, 2);

/** A refusal's receipt with `entries` before it; refusals are journalled like all receipts. */
function receipt(
  entries: readonly SignedJournalEntry[],
  label: string,
  { by = SIGNER, when = at("09:10:00"), ...changes }: Partial<Receipt> & { by?: Cast; when?: Instant } = {},
): ReceiptDocument {
  const before = entries[entries.length - 1]?.entry;
  const place =
    before === undefined
      ? { number: 2, previous: headOf(BORN[1]!.entry) }
      : { number: before.number + 1, previous: headOf(before) };
  const document = makeDocument<Receipt>(RECEIPT, {
    kind: "receipt",
    version: 1,
    network: "regtest",
    custody: policy.digest,
    request: fixtureDigest(label),
    policy: 1,
    signer: SIGNER.name,
    epoch: 1,
    outcome: { type: "refused", gate: "G4", rule: "QUORUM_NOT_MET" },
    place,
    journal: [...entries],
    ...changes,
  });
  return withSignature(document, signedBy(document.digest, by, when));
}

/** The journal with the entry of `receipt` behind it. */
function after(entries: readonly SignedJournalEntry[], { digest, signatures }: ReceiptDocument) {
  const last = entries[entries.length - 1]!.entry;
  return [...entries, journalEntry(last.number + 1, headOf(last), "receipt", digest, signatures[0]!.at)];
}

const first = receipt(BORN, "first");
const one = after(BORN, first);
const second = receipt(one.slice(2), "second", { when: at("09:20:00") });
const two = after(one, second);
const third = receipt(two.slice(3), "third", { when: at("09:25:00") });
const three = after(two, third);
const head = (entries: readonly SignedJournalEntry[]): Digest => headOf(entries[entries.length - 1]!.entry);

async function shown(desk: Desk, ...receipts: readonly ReceiptDocument[]) {
  const files = receipts.map((document, index) => desk.write(`${index}.receipt`, document));
  return desk.run(["desk", "heads", ...files]);
}

describe("desk heads", () => {
  test("remembers the newest head of a signer, whose own entry is the receipt's", async () => {
    const desk = makeDesk(policy);
    expect(await desk.run(["desk", "heads"])).toMatchObject({ exit: 0, data: [] });
    const place = { signer: "signer-1", epoch: 1, number: 2, head: head(one), at: at("09:10:00") };
    expect(await shown(desk, first)).toMatchObject({ exit: 0, data: [place] });
    expect(await desk.run(["desk", "heads"])).toMatchObject({ exit: 0, data: [place] });
    expect(await shown(desk, second)).toMatchObject({ data: [{ number: 3, head: head(two) }] });
  });

  test("an old receipt changes nothing, in whatever order they come", async () => {
    const desk = makeDesk(policy);
    expect(await shown(desk, third, first, second)).toMatchObject({
      exit: 0,
      data: [{ number: 4, head: head(three) }],
    });
    expect(await shown(desk, first)).toMatchObject({ exit: 0, data: [{ number: 4, head: head(three) }] });
  });

  test("an approval lists it, so that a signer without it is found out", async () => {
    const desk = makeDesk(policy);
    desk.keyOf(ANNA);
    const small = payout(custodyOf(policy), {});
    desk.write("file.json", bundleOf(policy, { ...small, approvals: [] }));
    await shown(desk, first, second);
    await desk.run(signAs("approve", ["file.json"], ANNA, "--confirm", small.intent.digest));
    expect(parseDocument(APPROVAL, desk.read("approve.anna.json")).body.heads).toEqual([
      { signer: SIGNER.name, epoch: 1, head: head(two) },
    ]);
  });
});

describe("desk heads rings", () => {
  test("when a journal lacks what was seen: the disk was put back (law 7)", async () => {
    const desk = makeDesk(policy);
    await shown(desk, first, second);
    // Put back to the day before the first receipt, the signer has written another one since.
    const other = receipt(BORN, "another", { when: at("09:40:00") });
    expect(await shown(desk, other)).toMatchObject({ exit: 7, error: { code: "SIGNER_ROLLED_BACK" } });
    expect(await desk.run(["desk", "heads"])).toMatchObject({ data: [{ number: 3, head: head(two) }] });
    const text = await desk.terminal(["desk", "heads", "0.receipt"]);
    expect(text.stderr).toContain("custody desk sign --as halt --scope everything --code rollback");
  });

  test("when a shorter journal is later in time", async () => {
    const desk = makeDesk(policy);
    // This desk came late: it knows no entry before the first receipt.
    await shown(desk, third);
    const put = receipt(BORN.slice(0, 1), "put back", { when: at("09:50:00") });
    expect(await shown(desk, put)).toMatchObject({ exit: 7, error: { code: "SIGNER_ROLLED_BACK" } });
    expect(await shown(desk, receipt(BORN.slice(0, 1), "old", { when: at("08:10:00") }))).toMatchObject({
      exit: 0,
    });
  });

  test("when receipts between are missing; with them it is quiet", async () => {
    const desk = makeDesk(policy);
    await shown(desk, first);
    const fourth = receipt(after(three, receipt([], "x", { when: at("09:26:00") })).slice(5), "fourth", {
      when: at("09:30:00"),
    });
    expect(await shown(desk, fourth)).toMatchObject({ exit: 7, error: { code: "HEADS_GAP" } });
    expect(await shown(desk, third, second)).toMatchObject({ exit: 0, data: [{ number: 4 }] });
  });

  test("when a receipt is not the signer's, or its entries are not", async () => {
    const desk = makeDesk(policy);
    const unverified = { exit: 7, error: { code: "RECEIPT_UNVERIFIED" } };
    expect(await shown(desk, receipt(BORN, "first", { by: MALLORY }))).toMatchObject(unverified);
    expect(await shown(desk, receipt(BORN, "first", { epoch: 2 }))).toMatchObject(unverified);
    expect(await shown(desk, receipt([BORN[1]!, BORN[0]!], "first"))).toMatchObject({
      exit: 7,
      error: { code: "JOURNAL_BROKEN" },
    });
    expect(await shown(desk, receipt(one, "older than its entries", { when: at("08:00:00") }))).toMatchObject(
      {
        exit: 7,
        error: { code: "JOURNAL_BROKEN" },
      },
    );
    const elsewhere = receipt(BORN, "first", { custody: fixtureDigest("another custody") });
    expect(await shown(desk, elsewhere)).toMatchObject({
      exit: 4,
      error: { code: "DOCUMENT_WRONG_CUSTODY" },
    });
    expect(desk.has("desk-heads.json")).toBe(false);
    expect(await shown(desk, first)).toMatchObject({ exit: 0 });
  });

  test("a journal that begins otherwise than the policy says is another machine's", async () => {
    const init = journalEntry(
      0,
      BORN[0]!.entry.previous,
      "init",
      fixtureDigest("another card"),
      at("08:00:00"),
    );
    expect(await shown(makeDesk(policy), receipt([init], "first"))).toMatchObject({
      exit: 7,
      error: { code: "JOURNAL_BROKEN" },
    });
  });

  test("one that rings does not keep the others from being remembered", async () => {
    const desk = makeDesk(policy);
    const answer = await shown(desk, receipt(BORN, "forged", { by: MALLORY }), first);
    expect(answer).toMatchObject({ exit: 7, data: [{ number: 2, head: head(one) }] });
  });

  test("a receipt without entries shows its own place", async () => {
    const desk = makeDesk(policy);
    const answer = await shown(desk, receipt([], "empty"));
    expect(answer).toMatchObject({ exit: 0 });
    expect(JSON.stringify(answer.data)).toContain(SIGNER.name);
  });

  test("a file of heads that somebody changed is an error", async () => {
    const desk = makeDesk(policy);
    await shown(desk, first);
    const bytes = desk.read("desk-heads.json");
    desk.write("desk-heads.json", bytes.subarray(1));
    expect(await desk.run(["desk", "heads"])).toMatchObject({ exit: 7, error: { code: "DESK_FILE_BROKEN" } });
    desk.write("desk-heads.json", bytes);
    expect(await desk.run(["desk", "heads"])).toMatchObject({ exit: 0 });
  });
});

describe("desk review of a receipt", () => {
  test("says who answered what, and refuses one that does not verify", async () => {
    const desk = makeDesk(policy);
    desk.write("0.receipt", first);
    const answer = await desk.run(["desk", "review", "0.receipt"]);
    expect(answer).toMatchObject({ exit: 0, data: { signed: [{ name: "signer-1", as: "signer" }] } });
    const text = (await desk.terminal(["desk", "review", "0.receipt"])).stdout;
    expect(text).toMatch(/REFUSED +by signer-1, epoch 1: gate G4, rule QUORUM_NOT_MET/);
    desk.write("0.receipt", receipt(BORN, "first", { by: MALLORY }));
    expect(await desk.run(["desk", "review", "0.receipt"])).toMatchObject({
      exit: 7,
      error: { code: "RECEIPT_UNVERIFIED" },
    });
  });
});
