import { describe, expect, test } from "vitest";
import { AUDIT_BROKEN, inclusionProof, leafHash, verifyInclusion } from "../../../src/core/audit-tree.ts";
import { canonicalBytes } from "../../../src/core/canonical.ts";
import { auditHead, auditLeaves, listAuditRows, verifyAudit } from "../../../src/store/audit.ts";
import { write } from "../../../src/store/transaction.ts";
import { CONTEXT, digest, furnish, id, requested, scratch } from "./scratch.ts";
import { guards } from "../../../src/store/guards.ts";
import type { AuditRow } from "../../../src/store/audit-row.ts";

/** A log of a dozen rows in five commits. */
function logged() {
  const { store } = scratch();
  furnish(store, 1000n);
  for (let number = 1; number <= 4; number++) write(store, CONTEXT, (tx) => requested(tx, number, 10n));
  return store;
}

describe("the audit log", () => {
  test("verifies; each row is proven by its canonical JSON under the last root", () => {
    const store = logged();
    const { rows, heads, root } = verifyAudit(store);
    expect([rows, heads]).toEqual([11, 5]);
    expect(auditHead(store)).toMatchObject({ size: 11, root });
    const leaves = auditLeaves(store, rows);
    for (const row of listAuditRows(store, {}, { limit: 100 })) {
      const leaf = leafHash(canonicalBytes(row));
      expect(verifyInclusion(leaf, row.seq - 1, rows, inclusionProof(leaves, row.seq - 1), root)).toBe(true);
    }
  });

  test("is empty and verifies before anything has happened", () => {
    const { store } = scratch();
    expect(verifyAudit(store)).toMatchObject({ rows: 0, heads: 0 });
    expect(auditHead(store)).toBeUndefined();
  });

  test("is filtered by entity and by operation", () => {
    const store = logged();
    expect(listAuditRows(store, { entity: "withdrawal" }, { limit: 100 })).toHaveLength(4);
    expect(listAuditRows(store, { operation: id(404) }, { limit: 100 })).toHaveLength(0);
    expect(listAuditRows(store, {}, { limit: 3, after: 8 }).map(({ seq }: AuditRow) => seq)).toEqual([
      9, 10, 11,
    ]);
  });

  const TAMPERINGS: readonly (readonly [string, string, string])[] = [
    ...["actor", "at", "entity", "entity_id", "event", "operation"].map(
      (column) =>
        [
          `a changed ${column}`,
          `UPDATE audit_row SET ${column} = 'x' WHERE seq = 6`,
          "audit_row[6]",
        ] as const,
    ),
    ["a changed version", "UPDATE audit_row SET version = 9 WHERE seq = 6", "audit_row[6]"],
    [
      "a changed state after",
      `UPDATE audit_row SET after = '{"state":"READY"}' WHERE seq = 6`,
      "audit_row[6]",
    ],
    ["what was after, gone", "UPDATE audit_row SET after = NULL WHERE seq = 6", "audit_row[6]"],
    [
      "a state before, invented",
      `UPDATE audit_row SET before = '{"state":"READY"}' WHERE seq = 6`,
      "audit_row[6]",
    ],
    ["text that is not canonical", "UPDATE audit_row SET after = ' ' || after WHERE seq = 6", "audit_row[6]"],
    ["text that is not JSON", "UPDATE audit_row SET after = 'oops' WHERE seq = 6", "audit_row[6]"],
    ["unsafe text", "UPDATE audit_row SET actor = 'o' || char(8238) || 'lga' WHERE seq = 6", "audit_row[6]"],
    ["a changed leaf", "UPDATE audit_row SET leaf = zeroblob(32) WHERE seq = 6", "audit_row[6]"],
    ["a removed row", "DELETE FROM audit_row WHERE seq = 6", "audit_row[6]"],
    ["the last row removed", "DELETE FROM audit_row WHERE seq = 11", "audit_row[11]"],
    ["all rows removed", "DELETE FROM audit_row", "audit_row[1]"],
    [
      "the last row and its root removed",
      "DELETE FROM audit_row WHERE seq > 9; DELETE FROM audit_head WHERE size > 9",
      "audit_frontier",
    ],
    ["a changed root", `UPDATE audit_head SET root = '${"0".repeat(64)}' WHERE size = 7`, "audit_head[7]"],
    ["the right edge set back", "UPDATE audit_frontier SET size = 9", "audit_frontier"],
    ["the right edge gone", "DELETE FROM audit_frontier", "audit_frontier"],
  ];

  test.each(TAMPERINGS)("%s is found and named", (_, tamper, field) => {
    const store = logged();
    for (const guard of guards().keys()) store.database.exec(`DROP TRIGGER ${guard}`);
    store.database.pragma("foreign_keys = OFF");
    store.database.exec(tamper);
    expect(() => verifyAudit(store)).toThrow(
      expect.objectContaining({ code: AUDIT_BROKEN.code, exit: "verification", field }),
    );
  });

  test("two rows that changed places are found", () => {
    const store = logged();
    for (const guard of guards().keys()) store.database.exec(`DROP TRIGGER ${guard}`);
    store.database.exec(
      "UPDATE audit_row SET seq = 99 WHERE seq = 4; UPDATE audit_row SET seq = 4 WHERE seq = 5; UPDATE audit_row SET seq = 5 WHERE seq = 99",
    );
    expect(() => verifyAudit(store)).toThrow(expect.objectContaining({ field: "audit_row[4]" }));
  });

  test("a row with its leaf rewritten to match is betrayed by the roots", () => {
    const store = logged();
    for (const guard of guards().keys()) store.database.exec(`DROP TRIGGER ${guard}`);
    const row = listAuditRows(store, {}, { limit: 1, after: 5 })[0] as AuditRow;
    const leaf = leafHash(canonicalBytes({ ...row, actor: "mallory" }));
    store.database.prepare("UPDATE audit_row SET actor = 'mallory', leaf = ? WHERE seq = 6").run(leaf);
    expect(() => verifyAudit(store)).toThrow(
      expect.objectContaining({ code: AUDIT_BROKEN.code, field: "audit_head[7]" }),
    );
  });

  test("nothing is written on top of a right edge that does not have the last root", () => {
    const store = logged();
    store.database.exec("UPDATE audit_frontier SET size = size - 1");
    expect(() => write(store, CONTEXT, (tx) => requested(tx, 9, 1n))).toThrow(
      expect.objectContaining({ code: AUDIT_BROKEN.code }),
    );
  });

  test("a row's number follows the last one, whoever writes it", () => {
    const store = logged();
    const insert = (seq: number) =>
      store.database
        .prepare("INSERT INTO audit_row VALUES (?, 'x', 'x', ?, 'x', ?, 1, 'x', NULL, NULL, zeroblob(32))")
        .run(seq, CONTEXT.operation, digest(String(seq)));
    expect(() => insert(13)).toThrow("does not follow");
    insert(12);
  });
});
