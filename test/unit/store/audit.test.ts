import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { verifyConsistency, verifyInclusion } from "../../../src/core/audit-proof.ts";
import { AUDIT_BROKEN, EMPTY_FRONTIER, leafHash, rootOf } from "../../../src/core/audit-tree.ts";
import type { Digest } from "../../../src/core/digest.ts";
import { canonicalBytes } from "../../../src/core/canonical.ts";
import { isSafeText } from "../../../src/core/text.ts";
import { auditHead, listAuditRows, verifyAudit } from "../../../src/store/audit.ts";
import {
  AUDIT_ROOT_UNKNOWN,
  AUDIT_ROW_UNKNOWN,
  proveConsistency,
  proveInclusion,
} from "../../../src/store/audit-proof.ts";
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
    for (const row of listAuditRows(store, {}, { limit: 100 })) {
      const leaf = leafHash(canonicalBytes(row));
      const proven = proveInclusion(store, row.seq);
      expect(proven).toMatchObject({ seq: row.seq, leaf, size: rows, root });
      expect(verifyInclusion(leaf, row.seq - 1, rows, proven.proof, root)).toBe(true);
    }
  });

  test("verifies whatever text its rows hold, spelt as canonical JSON spells it", () => {
    const store = logged();
    const text = fc.string({ unit: "binary", maxLength: 20 }).filter((one) => one !== "" && isSafeText(one));
    const awkward = ['"', "\\", '\\"', "é😀\u00a0", "<script>", "a/b", "{}", '","seq":1'];
    const some = [...awkward, ...fc.sample(text, { numRuns: 100, seed: 8 })];
    write(store, CONTEXT, (tx) =>
      some.forEach((one, index) =>
        tx.audit({
          entity: one,
          entityId: String(index),
          version: 1,
          event: one,
          before: { was: one },
          after: { is: [one, index] },
        }),
      ),
    );
    expect(verifyAudit(store).rows).toBe(11 + some.length);
    for (const row of listAuditRows(store, {}, { limit: 1000 }))
      expect(proveInclusion(store, row.seq).leaf).toEqual(leafHash(canonicalBytes(row)));
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
    [
      "text behind a zero",
      "UPDATE audit_row SET actor = actor || char(0) || 'x' WHERE seq = 6",
      "audit_row[6]",
    ],
    ["text behind an object", "UPDATE audit_row SET after = after || '1' WHERE seq = 6", "audit_row[6]"],
    ["a row before the first", "UPDATE audit_row SET seq = 0 WHERE seq = 6", "audit_row[1]"],
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

describe("proofs from the log", () => {
  const code = (kind: { readonly code: string }) => expect.objectContaining({ code: kind.code });

  test("every committed root is the beginning of the newest; a size at which nothing was committed has no proof", () => {
    const store = logged();
    const committed = store.database
      .prepare<[], { size: number; root: Digest }>("SELECT size, root FROM audit_head ORDER BY size")
      .all();
    expect(committed.map(({ size }) => size)).toEqual([3, 5, 7, 9, 11]);
    const { root: newest } = verifyAudit(store);
    for (const { size, root } of committed) {
      const { proof, ...about } = proveConsistency(store, size);
      expect(about).toEqual({ from: size, fromRoot: root, to: 11, toRoot: newest });
      expect(verifyConsistency(size, 11, root, newest, proof)).toBe(true);
    }
    for (const size of [1, 4, 10, 12, -1, 2.5])
      expect(() => proveConsistency(store, size), String(size)).toThrow(code(AUDIT_ROOT_UNKNOWN));
  });

  test("the empty log is the beginning of every log, and has no rows to prove", () => {
    const { store } = scratch();
    const root = rootOf(EMPTY_FRONTIER);
    expect(proveConsistency(store, 0)).toEqual({ from: 0, fromRoot: root, to: 0, toRoot: root, proof: [] });
    expect(proveConsistency(logged(), 0)).toMatchObject({ from: 0, fromRoot: root, to: 11, proof: [] });
    expect(() => proveInclusion(store, 1)).toThrow(code(AUDIT_ROW_UNKNOWN));
    for (const seq of [0, 12, -1, 1.5])
      expect(() => proveInclusion(logged(), seq), String(seq)).toThrow(code(AUDIT_ROW_UNKNOWN));
  });

  test("inside a transaction the proof is about what was committed before it", () => {
    const store = logged();
    write(store, CONTEXT, (tx) => {
      requested(tx, 9, 1n);
      expect(proveConsistency(tx, 7)).toMatchObject({ to: 11 });
      expect(proveInclusion(tx, 11).size).toBe(11);
      expect(() => proveInclusion(tx, 12)).toThrow(code(AUDIT_ROW_UNKNOWN));
    });
    expect(proveConsistency(store, 11)).toMatchObject({ to: 13 });
  });

  test.each([
    ["a changed leaf", "UPDATE audit_row SET leaf = zeroblob(32) WHERE seq = 2"],
    ["a removed row", "DELETE FROM audit_row WHERE seq = 6"],
    ["the last row removed", "DELETE FROM audit_row WHERE seq = 11"],
    ["a changed root", `UPDATE audit_head SET root = '${"0".repeat(64)}' WHERE size = 11`],
  ])("%s: no proof is given away that does not hold", (_, tamper) => {
    const store = logged();
    for (const guard of guards().keys()) store.database.exec(`DROP TRIGGER ${guard}`);
    store.database.exec(tamper);
    expect(() => proveInclusion(store, 3)).toThrow(code(AUDIT_BROKEN));
    expect(() => proveConsistency(store, 9)).toThrow(code(AUDIT_BROKEN));
  });
});
