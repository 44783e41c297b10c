/** F10: which plans were ever built over a coin is known for ever, whatever has become of them. */
import { expect, test } from "vitest";
import { assert } from "../../../src/core/errors.ts";
import { migrations } from "../../../src/store/migrate.ts";
import { leasedKeys, movePlan, plansOver } from "../../../src/store/plans.ts";
import { write } from "../../../src/store/transaction.ts";
import { CONTEXT, draftPlan, furnish, id, scratch } from "./scratch.ts";

/** One that is dead, one over the same coin that took its place before, one that was dropped, and a draft over all of it. */
function plans() {
  const { store } = scratch();
  furnish(store, 1000n);
  write(store, CONTEXT, (tx) => {
    draftPlan(tx, 11, ["a", "b"]);
    movePlan(tx, id(11), { version: 1, to: "EXPORTED", event: "exported" });
    draftPlan(tx, 12, ["a", "c"], [], id(11));
    movePlan(tx, id(12), { version: 1, to: "DROPPED", event: "dropped" });
    movePlan(tx, id(11), { version: 2, to: "DEAD", event: "proven dead" });
    draftPlan(tx, 13, ["b", "c"]);
  });
  return store;
}

const KNOWN = { a: [id(11), id(12)], b: [id(11), id(13)], c: [id(12), id(13)], d: [] };
const over = (store: ReturnType<typeof plans>) =>
  Object.fromEntries(Object.keys(KNOWN).map((key) => [key, plansOver(store, key)]));

test("keys outlive leases, and those that another plan of the line has leased are among them", () => {
  const store = plans();
  expect([...leasedKeys(store)].sort()).toEqual(["b", "c"]);
  expect(over(store)).toEqual(KNOWN);
});

test.each([
  ["UPDATE plan_conflict_key SET conflict_key = 'z'", "append-only"],
  ["DELETE FROM plan_conflict_key", "append-only"],
  [`INSERT INTO plan_conflict_key VALUES ('z', '${id(11)}')`, "only a DRAFT plan"],
])("the database refuses %s", (sql, why) => {
  const store = plans();
  expect(() => store.database.exec(sql)).toThrow(why);
  expect(over(store)).toEqual(KNOWN);
});

test("what was built before the table is filled in from the audit log", () => {
  const store = plans();
  const migration = migrations().find(({ name }) => name === "0016-conflict-keys");
  assert(migration !== undefined, "it is among them");
  store.database.exec("DROP TABLE plan_conflict_key");
  const failing = (queries: readonly string[]) =>
    queries.flatMap((query) => store.database.prepare(query).all());
  expect(failing(migration.before)).toEqual([]);
  store.database.exec(migration.up);
  expect(failing(migration.after)).toEqual([]);
  expect(over(store)).toEqual(KNOWN);
});
