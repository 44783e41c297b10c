import { describe, expect, test } from "vitest";
import { listAuditRows } from "../../../src/store/audit.ts";
import { closeStore, openStore } from "../../../src/store/database.ts";
import { write } from "../../../src/store/transaction.ts";
import { listWithdrawals } from "../../../src/store/withdrawal-lists.ts";
import { IDEMPOTENCY_CONFLICT, insertWithdrawal, moveWithdrawal } from "../../../src/store/withdrawals.ts";
import { stateFigures } from "../../../src/store/figures.ts";
import { PAGE_MALFORMED } from "../../../src/store/page.ts";
import { CONTEXT, another, digest, furnish, id, request, requested, scratch } from "./scratch.ts";

function furnished() {
  const made = scratch();
  furnish(made.store, 100_000n);
  return made;
}

describe("F14: a client's key", () => {
  test("with the same body is the same request: one row, one audit row, also from two connections a hundred times", () => {
    const { store, path } = furnished();
    const other = another(path);
    const answers = Array.from({ length: 100 }, (_, turn) =>
      write(turn % 2 === 0 ? store : other, CONTEXT, (tx) =>
        insertWithdrawal(tx, { ...request(1, 5n), id: id(1000 + turn) }),
      ),
    );
    expect(answers.filter(({ created }) => created)).toHaveLength(1);
    expect(new Set(answers.map(({ withdrawal }) => withdrawal.id))).toEqual(new Set([id(1000)]));
    expect(listAuditRows(store, { entity: "withdrawal" }, { limit: 10 })).toHaveLength(1);
  });

  test("with another body is a conflict that names the first one", () => {
    const { store } = furnished();
    write(store, CONTEXT, (tx) => insertWithdrawal(tx, request(1, 5n)));
    const again = () =>
      write(store, CONTEXT, (tx) =>
        insertWithdrawal(tx, { ...request(1, 6n), id: id(2), bodyHash: digest("other") }),
      );
    expect(again).toThrow(
      expect.objectContaining({
        code: IDEMPOTENCY_CONFLICT.code,
        exit: "conflict",
        details: { withdrawal: id(1) },
      }),
    );
    expect(write(store, CONTEXT, (tx) => insertWithdrawal(tx, { ...request(2, 6n) })).created).toBe(true);
  });

  test("that came with a request that failed is free: nothing of it was kept", () => {
    const { store } = furnished();
    const failing = () =>
      write(store, CONTEXT, (tx) => {
        insertWithdrawal(tx, request(1, 5n));
        throw new Error("crash");
      });
    expect(failing).toThrow("crash");
    expect(
      write(store, CONTEXT, (tx) => insertWithdrawal(tx, { ...request(1, 9n), bodyHash: digest("new body") }))
        .created,
    ).toBe(true);
  });

  test("is kept for ever: after a restart and when the withdrawal has long ended", () => {
    const { store, path } = furnished();
    write(store, CONTEXT, (tx) => {
      requested(tx, 1, 5n);
      moveWithdrawal(tx, id(1), { version: 1, to: "CANCELLED", event: "cancelled" }, { reason: "REQUESTER" });
    });
    const later = openStore(path, { network: "regtest" });
    const context = { ...CONTEXT, now: "2036-01-01T00:00:00Z" as typeof CONTEXT.now };
    const { created, withdrawal } = write(later, context, (tx) =>
      insertWithdrawal(tx, { ...request(1, 5n), id: id(2) }),
    );
    expect([created, withdrawal.state, withdrawal.id]).toEqual([false, "CANCELLED", id(1)]);
    closeStore(later);
  });
});

describe("the queue", () => {
  test("pages through all of it in order of arrival, by state, without gaps", () => {
    const { store } = furnished();
    write(store, CONTEXT, (tx) => {
      for (let number = 25; number >= 1; number--) requested(tx, number, 1n);
      for (let number = 1; number <= 10; number++) {
        moveWithdrawal(tx, id(number), { version: 1, to: "SCREENING", event: "screening" });
      }
    });
    const seen: string[] = [];
    for (let after: ReturnType<typeof id> | undefined; ; ) {
      const page = listWithdrawals(store, {}, { limit: 7, after });
      seen.push(...page.map((row) => row.id));
      if (page.length < 7) break;
      after = page.at(-1)?.id;
    }
    expect(seen).toEqual(Array.from({ length: 25 }, (_, index) => id(25 - index)));
    expect(listWithdrawals(store, { state: "SCREENING" }, { limit: 100 }).map((row) => row.id)).toEqual(
      Array.from({ length: 10 }, (_, index) => id(10 - index)),
    );
    expect(listWithdrawals(store, { customer: id(0xdead) }, { limit: 100 })).toEqual([]);
    expect(stateFigures(store).map(({ state, count }) => [state, count])).toEqual([
      ["REQUESTED", 15],
      ["SCREENING", 10],
    ]);
  });

  test("the first page by state reads an index, not the table", () => {
    const { store } = furnished();
    const plan = store.database
      .prepare(
        "EXPLAIN QUERY PLAN SELECT * FROM withdrawal WHERE seq > 0 AND state = 'READY' ORDER BY seq LIMIT 50",
      )
      .all();
    expect(JSON.stringify(plan)).toContain("withdrawal_by_state");
    expect(JSON.stringify(plan)).not.toContain("TEMP B-TREE");
  });

  test.each([0, -1, 1.5, 1001, Number.NaN])("a page of %s rows is refused", (limit) => {
    const { store } = furnished();
    expect(() => listWithdrawals(store, {}, { limit })).toThrow(
      expect.objectContaining({ code: PAGE_MALFORMED.code }),
    );
  });

  test("a page after an unknown row is refused, not empty", () => {
    const { store } = furnished();
    expect(() => listWithdrawals(store, {}, { limit: 1, after: id(404) })).toThrow(
      expect.objectContaining({ code: PAGE_MALFORMED.code }),
    );
  });
});
