import { describe, expect, test } from "vitest";
import { STATE_CONFLICT } from "../../../src/core/states/edges.ts";
import { insertAttempt, moveAttempt, observeAttempt, getAttempt } from "../../../src/store/attempts.ts";
import { listAuditRows } from "../../../src/store/audit.ts";
import { CONFLICT_KEY_LEASED, leasedKeys, movePlan } from "../../../src/store/plans.ts";
import { write, type Tx } from "../../../src/store/transaction.ts";
import { getWithdrawal, moveWithdrawal, withdrawalsOf } from "../../../src/store/withdrawals.ts";
import { CONTEXT, another, digest, draftPlan, furnish, id, requested, scratch } from "./scratch.ts";

function furnished() {
  const made = scratch();
  furnish(made.store, 1000n);
  return made;
}

/** A withdrawal that is READY, at version 3. */
function ready(tx: Tx, number: number) {
  requested(tx, number, 100n);
  moveWithdrawal(tx, id(number), { version: 1, to: "SCREENING", event: "screening" });
  return moveWithdrawal(tx, id(number), { version: 2, to: "READY", event: "approved" });
}

describe("I9: no change of state without version step and audit row", () => {
  test("a raw update without an audit row is refused, its audited twin is not", () => {
    const { store } = furnished();
    write(store, CONTEXT, (tx) => requested(tx, 1, 100n));
    const sql = "UPDATE withdrawal SET state = 'SCREENING', version = 2 WHERE id = ?";
    expect(() => store.database.prepare(sql).run(id(1))).toThrow("withdrawal: its audit row is missing");
    write(store, CONTEXT, (tx) => {
      tx.audit({ entity: "withdrawal", entityId: id(1), version: 2, event: "twin" });
      tx.database.prepare(sql).run(id(1));
    });
    expect(getWithdrawal(store, id(1)).state).toBe("SCREENING");
  });

  test.each([1, 3, 0])("a version that goes from 1 to %i is refused", (version) => {
    const { store } = furnished();
    const step = () =>
      write(store, CONTEXT, (tx) => {
        requested(tx, 1, 100n);
        if (version > 1) tx.audit({ entity: "withdrawal", entityId: id(1), version, event: "jump" });
        tx.database
          .prepare("UPDATE withdrawal SET state = 'SCREENING', version = ? WHERE id = ?")
          .run(version, id(1));
      });
    expect(step).toThrow(
      version === 0 ? /version takes one step|audit row/ : "withdrawal: its version takes one step",
    );
  });

  test("a change of any other column needs its step and its row too", () => {
    const { store } = furnished();
    write(store, CONTEXT, (tx) => requested(tx, 1, 100n));
    expect(() => store.database.exec("UPDATE withdrawal SET reason = 'none'")).toThrow(
      /takes one step|audit row is missing/,
    );
    expect(() => store.database.exec("UPDATE customer SET state = 'CLOSED'")).toThrow(
      /takes one step|audit row is missing/,
    );
    expect(() => store.database.exec("UPDATE wallet SET next_receive = 7")).toThrow(
      /takes one step|audit row is missing/,
    );
  });

  test("new rows without an audit row are refused", () => {
    const { store } = furnished();
    const raw = (sql: string) => () => store.database.prepare(sql).run();
    expect(
      raw(`INSERT INTO customer (id, ref, state, version, created) VALUES ('${id(7)}', 'r', 'OPEN', 1, 'x')`),
    ).toThrow("customer: its audit row is missing");
    expect(
      raw(
        `INSERT INTO posting (reason, subject, turn, operation, at) VALUES ('deposit', 'c', 1, '${CONTEXT.operation}', 'x')`,
      ),
    ).toThrow("posting: its audit row is missing");
    expect(raw("INSERT INTO policy_active VALUES (1, 'x', 'x')")).toThrow(
      "policy_active: its audit row is missing",
    );
  });

  test("a step carries actor, operation, before and after", () => {
    const { store } = furnished();
    write(store, CONTEXT, (tx) => ready(tx, 1));
    const rows = listAuditRows(store, { entity: "withdrawal", entityId: id(1) }, { limit: 10 });
    expect(
      rows.map(({ version, event, before, after }) => [version, event, before?.["state"], after?.["state"]]),
    ).toEqual([
      [1, "requested", undefined, "REQUESTED"],
      [2, "screening", "REQUESTED", "SCREENING"],
      [3, "approved", "SCREENING", "READY"],
    ]);
    expect(rows.every(({ actor, operation }) => actor === "olga" && operation === CONTEXT.operation)).toBe(
      true,
    );
    expect(JSON.stringify(listAuditRows(store, {}, { limit: 100 }))).not.toMatch(/c-1001|order-1"/);
  });
});

describe("F1: two that saw the same state", () => {
  test("the second one's step is a conflict, whichever connection it comes from", () => {
    const { store, path } = furnished();
    const other = another(path);
    write(store, CONTEXT, (tx) => requested(tx, 1, 100n));
    const seenByBoth = getWithdrawal(store, id(1)).version;
    const step = { version: seenByBoth, to: "SCREENING", event: "screening" } as const;
    write(store, CONTEXT, (tx) => moveWithdrawal(tx, id(1), step));
    expect(() => write(other, CONTEXT, (tx) => moveWithdrawal(tx, id(1), step))).toThrow(
      expect.objectContaining({ code: STATE_CONFLICT.code }),
    );
    expect(getWithdrawal(store, id(1)).version).toBe(2);
  });

  test("the right version along a missing edge is a conflict as well", () => {
    const { store } = furnished();
    write(store, CONTEXT, (tx) => requested(tx, 1, 100n));
    const leap = () =>
      write(store, CONTEXT, (tx) =>
        moveWithdrawal(tx, id(1), { version: 1, to: "COMPLETED", event: "leap" }),
      );
    expect(leap).toThrow(expect.objectContaining({ code: STATE_CONFLICT.code, field: "withdrawal.state" }));
  });
});

describe("I3 and leases", () => {
  test("a withdrawal is in one plan, which is a draft; a dropped plan gives its coins back", () => {
    const { store } = furnished();
    write(store, CONTEXT, (tx) => {
      draftPlan(tx, 11, ["a", "b"], [ready(tx, 1)]);
      draftPlan(tx, 12, ["c"]);
      moveWithdrawal(tx, id(1), { version: 3, to: "PLANNED", event: "planned" }, { plan: id(11) });
    });
    expect(withdrawalsOf(store, id(11)).map((row) => row.id)).toEqual([id(1)]);
    const change = (to: "EXPORTED" | "READY", plan?: ReturnType<typeof id> | null) => () =>
      write(store, CONTEXT, (tx) =>
        moveWithdrawal(tx, id(1), { version: 4, to, event: "test" }, plan === undefined ? {} : { plan }),
      );
    expect(change("EXPORTED", id(12))).toThrow("withdrawal: it enters one plan");
    expect(change("EXPORTED", null)).toThrow("withdrawal: it enters one plan");
    expect(change("READY")).toThrow("READY has none");
    change("READY", null)();
    write(store, CONTEXT, (tx) => {
      expect(() => write(tx, tx, () => draftPlan(tx, 13, ["x", "b"]))).toThrow(
        expect.objectContaining({ code: CONFLICT_KEY_LEASED.code }),
      );
      movePlan(tx, id(11), { version: 1, to: "DROPPED", event: "dropped" });
      draftPlan(tx, 13, ["x", "b"]);
      moveWithdrawal(tx, id(1), { version: 5, to: "PLANNED", event: "planned" }, { plan: id(13) });
    });
    expect([...leasedKeys(store)].sort()).toEqual(["b", "c", "x"]);
  });

  test("a plan that may have left the machine keeps its coins and takes no withdrawals", () => {
    const { store } = furnished();
    write(store, CONTEXT, (tx) => {
      ready(tx, 1);
      draftPlan(tx, 11, ["a"]);
      movePlan(tx, id(11), { version: 1, to: "EXPORTED", event: "exported" }, { request: digest("request") });
    });
    expect(() => store.database.exec("DELETE FROM lease")).toThrow("keeps its conflict keys");
    expect(() => store.database.prepare("INSERT INTO lease VALUES ('z', ?)").run(id(11))).toThrow(
      "only a DRAFT plan",
    );
    const join = () =>
      write(store, CONTEXT, (tx) =>
        moveWithdrawal(tx, id(1), { version: 3, to: "PLANNED", event: "late" }, { plan: id(11) }),
      );
    expect(join).toThrow("PLANNED needs a plan that is DRAFT");
  });

  test("a planned withdrawal needs a plan", () => {
    const { store } = furnished();
    write(store, CONTEXT, (tx) => ready(tx, 1));
    expect(() =>
      write(store, CONTEXT, (tx) => moveWithdrawal(tx, id(1), { version: 3, to: "PLANNED", event: "x" })),
    ).toThrow("PLANNED needs a plan");
  });
});

describe("attempts", () => {
  test("bytes never change; what a node said does, without an audit row; the block does, with one", () => {
    const { store } = furnished();
    write(store, CONTEXT, (tx) => {
      draftPlan(tx, 11);
      insertAttempt(tx, {
        id: id(21),
        plan: id(11),
        rung: 0,
        kind: "rung",
        feeUnits: 100n,
        txid: digest("tx"),
        bytes: Uint8Array.of(1, 2, 3),
      });
      moveAttempt(tx, id(21), { version: 1, to: "BROADCASTING", event: "sending" });
      moveAttempt(
        tx,
        id(21),
        { version: 2, to: "CONFIRMING", event: "included" },
        { block: { hash: "aa", height: 7 } },
      );
    });
    const rows = () => listAuditRows(store, {}, { limit: 100 }).length;
    const before = rows();
    write(store, CONTEXT, (tx) =>
      observeAttempt(tx, id(21), { confirmations: 3, error: "node said \u202Eno" }),
    );
    expect(rows()).toBe(before);
    expect(getAttempt(store, id(21))).toMatchObject({
      confirmationsSeen: 3,
      lastError: "node said ⟨U+202E⟩no",
      block: { hash: "aa", height: 7 },
    });
    expect(() => store.database.exec("UPDATE attempt SET bytes = x'00'")).toThrow("never changes");
    expect(() => store.database.exec("UPDATE attempt SET block_hash = 'bb'")).toThrow(/one step|audit row/);
    write(store, CONTEXT, (tx) =>
      moveAttempt(tx, id(21), { version: 3, to: "BROADCAST", event: "reorganised" }, { block: null }),
    );
    expect(getAttempt(store, id(21)).block).toBeUndefined();
    expect(getAttempt(store, id(21)).bytes).toEqual(Uint8Array.of(1, 2, 3));
  });
});
