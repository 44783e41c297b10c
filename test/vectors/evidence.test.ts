/** The published file of evidence, and the second reader in Python, which must notice what the first one notices. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { bitcoinCodec } from "../../src/chains/bitcoin/index.ts";
import { documentBytes, embed, makeDocument, parseDocument } from "../../src/core/document.ts";
import { EVIDENCE, type Evidence } from "../../src/core/documents/evidence.ts";
import { RECEIPT } from "../../src/core/documents/receipt.ts";
import { REVIEW } from "../../src/core/documents/review.ts";
import { hasFailed, verifyEvidence } from "../../src/evidence/verify.ts";
import { signedDocument } from "../factory/documents.ts";
import { SIGNERS } from "../factory/evidence-house.ts";
import { evidenceOf, tellStory } from "../factory/evidence.ts";
import { temporaryFolder } from "../factory/folder.ts";
import { at, fixtureDigest, OLGA, RUTH } from "../factory/identities.ts";

const FOLDER = join(import.meta.dirname, "../../fixtures/evidence");
const FILE = join(FOLDER, "withdrawal.json");
const story = tellStory();
const good = evidenceOf(story);
if (process.env["UPDATE_FIXTURES"] === "1") {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(FILE, documentBytes(good));
}

type Receipts = Evidence["receipts"];

/** The receipt with a review that names another approver, signed by officer and signer all the same. */
function otherwiseShown({ signatures: _, ...body }: Receipts[number]): Receipts[number] {
  const { outcome } = body;
  if (outcome.type === "refused") throw new Error("the story's receipts are signed");
  const { signatures: __, ...seen } = outcome.review;
  const plans = seen.plans.map((plan) => ({
    ...plan,
    intents: plan.intents.map((intent) => ({ ...intent, approvedBy: [RUTH.name] })),
  }));
  const review = embed(signedDocument(makeDocument(REVIEW, { ...seen, plans }), [OLGA], at("09:00:00")));
  const changed = makeDocument(RECEIPT, { ...body, outcome: { ...outcome, review } });
  return embed(signedDocument(changed, [SIGNERS[0]], at("09:00:00")));
}

/** The receipt at another place of its signer's journal, signed by that signer all the same. */
function elsewhere({ signatures: _, ...body }: Receipts[number]): Receipts[number] {
  const place = { ...body.place, number: body.place.number + 1 };
  return embed(signedDocument(makeDocument(RECEIPT, { ...body, place }), [SIGNERS[0]], at("09:00:00")));
}

function secondReader(body: Evidence | undefined, ...custody: readonly string[]) {
  const file = body === undefined ? FILE : join(temporaryFolder("evidence"), "changed.json");
  if (body !== undefined) writeFileSync(file, documentBytes(makeDocument(EVIDENCE, body)));
  const { status, stdout } = spawnSync("python3", [join(FOLDER, "read.py"), file, ...custody], {
    encoding: "utf8",
  });
  return { status, failed: [...stdout.matchAll(/^FAILED: ([a-z ]+)/gm)].map(([, name]) => name), stdout };
}

test("the file is the one that the code makes, and nothing in it fails", () => {
  const read = parseDocument(EVIDENCE, new Uint8Array(readFileSync(FILE)));
  expect(documentBytes(read)).toEqual(documentBytes(good));
  expect(hasFailed(verifyEvidence(read, [bitcoinCodec], story.custody.id))).toBe(false);
});

describe("the second reader", () => {
  const { body } = good;
  const settlement = body.settlement as NonNullable<Evidence["settlement"]>;
  const [first, ...rest] = body.audit.rows as [Evidence["audit"]["rows"][number]];

  test("agrees, and knows the custody", () => {
    expect(secondReader(undefined)).toMatchObject({ status: 0, failed: [] });
    expect(secondReader(undefined, story.custody.id)).toMatchObject({ status: 0, failed: [] });
    expect(secondReader(undefined, fixtureDigest("another"))).toMatchObject({
      status: 7,
      failed: ["custody"],
    });
  });

  const changed: readonly (readonly [claim: string, changes: Partial<Evidence>])[] = [
    ["policies", { policies: body.policies.slice(1) }],
    ["references", { requests: [] }],
    [
      "audit rows",
      { audit: { ...body.audit, rows: [{ ...first, row: { ...first.row, actor: "mallory" } }, ...rest] } },
    ],
    ["journals", { receipts: [elsewhere(body.receipts[0] as Receipts[number]), ...body.receipts.slice(1)] }],
    [
      "answer",
      { receipts: [otherwiseShown(body.receipts[0] as Receipts[number]), ...body.receipts.slice(1)] },
    ],
    ["transaction", { settlement: { ...settlement, transaction: fixtureDigest("another") } }],
  ];
  test.each(changed)("notices other %s, as the first one does", (claim, changes) => {
    const told = makeDocument(EVIDENCE, { ...body, ...changes });
    const second = secondReader(told.body);
    expect(second.status).toBe(7);
    // A request or receipt that no longer fits its policies and journals fails as an answer, too.
    expect(second.failed.filter((one) => one !== "answer" || claim === "answer")).toEqual([claim]);
    expect(hasFailed(verifyEvidence(told, [bitcoinCodec]))).toBe(true);
  });
});
