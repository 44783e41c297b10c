import { describe, expect, test } from "vitest";
import { insertAttempt } from "../../../src/store/attempts.ts";
import { write } from "../../../src/store/transaction.ts";
import { getWithdrawal } from "../../../src/store/withdrawals.ts";
import { CONTEXT, CUSTOMER, digest, draftPlan, furnish, id, requested, scratch } from "./scratch.ts";

function furnished() {
  const made = scratch();
  furnish(made.store, 1000n);
  return made;
}

describe("append-only", () => {
  const TABLES = [
    "audit_row",
    "audit_head",
    "operation",
    "posting",
    "entry",
    "document",
    "withdrawal",
    "plan",
    "attempt",
    "customer",
    "wallet",
    "hold",
    "account_balance",
  ];

  test.each(TABLES)("no row of %s is deleted, not by REPLACE either", (table) => {
    const { store } = furnished();
    write(store, CONTEXT, (tx) => {
      requested(tx, 1, 100n);
      draftPlan(tx, 11);
      insertAttempt(tx, {
        id: id(21),
        plan: id(11),
        rung: 0,
        kind: "rung",
        feeUnits: 100n,
        txid: digest("tx"),
        bytes: Uint8Array.of(1),
      });
      tx.audit({ entity: "document", entityId: digest("content"), version: 1, event: "imported" });
      tx.database
        .prepare("INSERT INTO document VALUES (?, ?, 'intent', x'00', ?, ?)")
        .run(digest("content"), digest("d"), tx.now, tx.operation);
    });
    const count = () => store.database.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get();
    const before = count();
    expect(before).toBeGreaterThan(0);
    expect(() => store.database.exec(`DELETE FROM ${table}`)).toThrow(/append-only|never deleted/);
    expect(() => store.database.exec(`REPLACE INTO ${table} SELECT * FROM ${table}`)).toThrow();
    expect(count()).toBe(before);
  });

  test.each(["audit_row", "audit_head", "operation", "posting", "entry"])(
    "no row of %s is changed",
    (table) => {
      const { store } = furnished();
      const column = store.database
        .prepare<[], string>(`SELECT name FROM pragma_table_info('${table}') ORDER BY cid DESC`)
        .pluck()
        .get();
      expect(() => store.database.exec(`UPDATE ${table} SET ${column} = ${column}`)).toThrow("append-only");
    },
  );

  test("what was promised to whom never changes", () => {
    const { store } = furnished();
    write(store, CONTEXT, (tx) => requested(tx, 1, 100n));
    for (const column of [
      "customer",
      "asset",
      "units",
      "account",
      "beneficiary",
      "client_key",
      "body_hash",
      "id",
      "created",
    ]) {
      expect(() => store.database.exec(`UPDATE withdrawal SET ${column} = 'x', version = 2`), column).toThrow(
        /never changes|one step|audit row/,
      );
    }
    write(store, CONTEXT, (tx) => {
      tx.audit({ entity: "withdrawal", entityId: id(1), version: 2, event: "test" });
      expect(() => tx.database.exec("UPDATE withdrawal SET account = 'elsewhere', version = 2")).toThrow(
        "never changes",
      );
      expect(() =>
        tx.database.exec(`UPDATE withdrawal SET intent = '${digest("other")}', version = 2`),
      ).toThrow("intent is set once");
    });
    expect(getWithdrawal(store, id(1)).customer).toBe(CUSTOMER);
  });
});
