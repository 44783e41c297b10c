import { describe, expect, test } from "vitest";
import { makeDocument, withSignature } from "../../../src/core/document.ts";
import { APPROVAL } from "../../../src/core/documents/approval.ts";
import { INTENT } from "../../../src/core/documents/intent.ts";
import { signDigest, verifySignature } from "../../../src/core/signature.ts";
import { documentDigests, findDocument, findDocuments, saveDocument } from "../../../src/store/documents.ts";
import { listAuditRows } from "../../../src/store/audit.ts";
import { write } from "../../../src/store/transaction.ts";
import { decisionsOf, insertDecision } from "../../../src/store/decisions.ts";
import { CONTEXT, NOW, digest, furnish, id, requested, scratch } from "./scratch.ts";

/** Keys for tests alone. */
const [ALICE, BOB] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];

const approval = () =>
  makeDocument(APPROVAL, {
    kind: "approval",
    version: 1,
    network: "regtest",
    custody: digest("custody"),
    decision: "approve",
    intent: digest("intent 1"),
    policy: 1,
    expires: NOW,
    heads: [],
  });

describe("documents", () => {
  test("two people's signatures under one body are kept apart and read together", () => {
    const { store } = scratch();
    furnish(store, 1000n);
    const document = approval();
    write(store, CONTEXT, (tx) => {
      requested(tx, 1, 1n);
      for (const seed of [ALICE, BOB, ALICE]) {
        const signed = withSignature(document, signDigest(document.digest, seed, NOW));
        const content = saveDocument(tx, signed);
        insertDecision(tx, id(1), { kind: "approval", digest: signed.digest, content });
      }
    });
    expect(decisionsOf(store, id(1), "approval")).toEqual([document.digest]);
    const [read] = findDocuments(store, APPROVAL, decisionsOf(store, id(1), "approval"));
    expect(read?.body).toEqual(document.body);
    expect(read?.signatures).toHaveLength(2);
    expect(read?.signatures.every((signature) => verifySignature(document.digest, signature))).toBe(true);
    expect(listAuditRows(store, { entity: "document" }, { limit: 10 })).toHaveLength(2);
    expect(listAuditRows(store, { entity: "decision" }, { limit: 10 })).toHaveLength(2);
  });

  test("the same bytes again return the same content and change nothing", () => {
    const { store } = scratch();
    const save = () => write(store, CONTEXT, (tx) => saveDocument(tx, approval()));
    expect(save()).toBe(save());
    expect(documentDigests(store, "approval")).toEqual([approval().digest]);
  });

  test("an unknown digest is not found, nor a known one as another kind", () => {
    const { store } = scratch();
    write(store, CONTEXT, (tx) => saveDocument(tx, approval()));
    expect(findDocument(store, APPROVAL, digest("none"))).toBeUndefined();
    expect(findDocument(store, INTENT, approval().digest)).toBeUndefined();
    expect(findDocument(store, APPROVAL, approval().digest)).toBeDefined();
  });

  test("stored under another's digest is noticed when it is read", () => {
    const { store } = scratch();
    write(store, CONTEXT, (tx) => saveDocument(tx, approval()));
    store.database.exec(`DROP TRIGGER document_no_update; UPDATE document SET digest = '${digest("other")}'`);
    expect(() => findDocument(store, APPROVAL, digest("other"))).toThrow("has the digest it is stored under");
  });
});
