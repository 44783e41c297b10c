/** F7, law 7: a receipt's place in its signer's journal follows from what its request names. */
import { describe, expect, test } from "vitest";
import { makeDocument } from "../../../src/core/document.ts";
import { RECEIPT, type Receipt, type ReceiptDocument } from "../../../src/core/documents/receipt.ts";
import { REQUEST, type RequestDocument } from "../../../src/core/documents/request.ts";
import { headOf, JOURNAL_START } from "../../../src/core/journal-entry.ts";
import type { PolicySigner } from "../../../src/core/policy/policy.ts";
import { assertPlace } from "../../../src/evidence/journal.ts";
import { signedDocument } from "../../factory/documents.ts";
import { SIGNERS } from "../../factory/evidence-house.ts";
import { tellStory } from "../../factory/evidence.ts";
import { fixtureDigest, SIGNER, type Cast } from "../../factory/identities.ts";
import { codeOf } from "../../factory/thrown.ts";

const story = tellStory();
const [receipt] = story.receipts as readonly [ReceiptDocument];
const [signer] = story.custody.policy.body.signers as [PolicySigner];
const { journal, place } = receipt.body;
const SIGNED_AT = receipt.signatures[0]!.at;

const told = (changes: Partial<Receipt>, by: Cast = SIGNER) =>
  signedDocument(makeDocument(RECEIPT, { ...receipt.body, ...changes }), [by], SIGNED_AT);
const naming = (head: string): RequestDocument =>
  makeDocument(REQUEST, {
    ...story.request.body,
    heads: [{ signer: signer.name, epoch: 1, head: head as never }],
  });
const found = (document: ReceiptDocument, request = story.request, who = signer) =>
  codeOf(() => assertPlace(request, document, who));
const headAt = (index: number) => headOf((journal[index] as (typeof journal)[number]).entry);
const refused = { type: "refused", gate: "G3", rule: "ROLLED_BACK" } as const;

describe("a receipt of a request that names no head", () => {
  test("brings the whole journal, which leads to its own place", () => {
    expect(journal.length).toBe(3);
    expect(found(receipt)).toBe("none");
  });

  test.each<readonly [string, Partial<Receipt>]>([
    ["no entries", { journal: [] }],
    ["no entries and the place of the first", { journal: [], place: { number: 0, previous: JOURNAL_START } }],
    ["the later entries alone", { journal: journal.slice(1) }],
    ["all entries but the last", { journal: journal.slice(0, -1) }],
    ["another number", { place: { ...place, number: place.number + 1 } }],
    ["another head", { place: { ...place, previous: fixtureDigest("another head") } }],
  ])("not %s", (_, changes) => {
    expect(found(told(changes))).toBe("EVIDENCE_CONTRADICTS");
  });

  test("not a journal that begins otherwise than the policy says", () => {
    const other = { ...signer, startHead: fixtureDigest("another start") };
    expect(found(receipt, story.request, other)).toBe("EVIDENCE_CONTRADICTS");
  });

  test("not entries of another signer", () => {
    const { key } = story.custody.policy.body.signers[1] as PolicySigner;
    const others = told({}, SIGNERS[1]);
    expect(found(others, story.request, { ...signer, key })).toBe("JOURNAL_BROKEN");
    expect(found(others)).toBe("EVIDENCE_CONTRADICTS");
  });
});

describe("a receipt of a request that names a head", () => {
  test("brings what came after it, if anything", () => {
    expect(found(told({ journal: journal.slice(1) }), naming(headAt(0)))).toBe("none");
    expect(found(told({ journal: [] }), naming(headAt(2)))).toBe("none");
    expect(found(told({ journal: [] }), naming(headAt(1)))).toBe("EVIDENCE_CONTRADICTS");
  });

  test("brings the whole journal only where the head is refused", () => {
    const stranger = naming(fixtureDigest("another machine's head"));
    expect(found(told({ outcome: refused }), stranger)).toBe("none");
    expect(found(receipt, stranger)).toBe("EVIDENCE_CONTRADICTS");
  });
});
