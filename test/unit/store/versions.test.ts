/** I9: whatever can change has a version that takes one step, or is named here with the reason why it needs none. */
import { describe, expect, test } from "vitest";
import { APPEND_ONLY, STATEFUL, VERSIONED } from "../../../src/store/guard-rules.ts";
import { all, get } from "../../../src/store/statement.ts";
import { write } from "../../../src/store/transaction.ts";
import { CONTEXT, furnish, id, requested, scratch } from "./scratch.ts";

/** Rows with a state and without a version. */
const UNVERSIONED: Readonly<Record<string, string>> = {
  delivery: "a message to people on its way: no money and no decision rests on it",
  hold: "moves with a posting, which is append-only and audited; its state is the condition of each change",
};

/** Tables with a column of this name. */
function tablesWith(column: string): readonly string[] {
  const { store } = scratch();
  const sql =
    "SELECT t.name FROM pragma_table_list AS t, pragma_table_info(t.name) AS c" +
    " WHERE t.schema = 'main' AND t.type = 'table' AND c.name = ? ORDER BY t.name";
  return all<{ name: string }>(store, sql, column).map(({ name }) => name);
}

test("every table with a state has a version as well, or is named above", () => {
  const versioned = new Set(tablesWith("version"));
  const without = tablesWith("state").filter((table) => !versioned.has(table));
  expect(without).toEqual(Object.keys(UNVERSIONED));
});

test("every table with a version refuses a change that takes no step, but audit rows, which never change", () => {
  const guarded = VERSIONED.map(({ table }) => table);
  const open = tablesWith("version").filter(
    (table) => !guarded.includes(table) && !APPEND_ONLY.includes(table),
  );
  expect(open).toEqual([]);
});

test("whatever moves along edges is versioned, but a hold", () => {
  const guarded = VERSIONED.map(({ table }) => table);
  expect(Object.keys(STATEFUL).filter((table) => !guarded.includes(table))).toEqual(["hold"]);
});

describe("a change without a step is refused by the database", () => {
  test.each([
    ["customer", "UPDATE customer SET state = 'CLOSED'", "customer: its version takes one step"],
    ["wallet", "UPDATE wallet SET next_receive = 5", "wallet: its version takes one step"],
    ["withdrawal", "UPDATE withdrawal SET reason = 'x'", "withdrawal: its version takes one step"],
    [
      "withdrawal, its hold's code",
      "UPDATE withdrawal SET code = 'x'",
      "withdrawal: its version takes one step",
    ],
  ])("%s", (_, sql, message) => {
    const { store } = scratch();
    furnish(store, 1000n);
    write(store, CONTEXT, (tx) => requested(tx, 1, 10n));
    expect(() => store.database.exec(sql)).toThrow(message);
  });

  test("and with a step, for want of its audit row", () => {
    const { store } = scratch();
    furnish(store, 1000n);
    expect(() => store.database.exec("UPDATE customer SET state = 'CLOSED', version = 2")).toThrow(
      "customer: its audit row is missing",
    );
    write(store, CONTEXT, (tx) => {
      const customer = get<{ id: string }>(tx, "SELECT id FROM customer")?.id ?? id(0);
      tx.audit({ entity: "customer", entityId: customer, version: 2, event: "closed" });
      tx.database.exec("UPDATE customer SET state = 'CLOSED', version = 2");
    });
  });
});
