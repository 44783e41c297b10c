import { describe, expect, test } from "vitest";
import { verifyAudit } from "../../../src/store/audit.ts";
import { STORE_FULL, STORE_LOCKED } from "../../../src/store/failure.ts";
import { groupCommit, STORE_OVERLOADED } from "../../../src/store/group-commit.ts";
import { stateFigures } from "../../../src/store/figures.ts";
import { LIMITS } from "../../../src/core/limits.ts";
import type { Tx } from "../../../src/store/transaction.ts";
import { findWithdrawal, IDEMPOTENCY_CONFLICT, insertWithdrawal } from "../../../src/store/withdrawals.ts";
import { another, CONTEXT, digest, furnish, id, request, scratch } from "./scratch.ts";

const nothing = () => undefined;
const insert =
  (number: number, units = 1n) =>
  (tx: Tx) =>
    insertWithdrawal(tx, request(number, units));
const code = (kind: { readonly code: string }) => expect.objectContaining({ code: kind.code }) as unknown;

function furnished() {
  const made = scratch();
  furnish(made.store, 1_000_000n);
  return made;
}

describe("group commit", () => {
  test("many callers share a commit: one root of the audit tree for all of them", async () => {
    const { store } = furnished();
    const before = verifyAudit(store);
    const commits = groupCommit(store, nothing);
    const made = await Promise.all(
      Array.from({ length: 64 }, (_, index) => commits.write(CONTEXT, insert(index + 1))),
    );
    expect(made.every(({ created }) => created)).toBe(true);
    const after = verifyAudit(store);
    expect([after.rows - before.rows, after.heads - before.heads]).toEqual([64, 1]);
  });

  test("more than a group's worth is committed in several, in the order in which it came", async () => {
    const { store } = furnished();
    const commits = groupCommit(store, nothing);
    const order: number[] = [];
    const numbers = Array.from({ length: 250 }, (_, index) => index + 1);
    await Promise.all(
      numbers.map(async (number) => {
        await commits.write(CONTEXT, insert(number));
        order.push(number);
      }),
    );
    expect(order).toEqual(numbers);
    expect(stateFigures(store)).toMatchObject([{ state: "REQUESTED", count: 250 }]);
  });

  test("F14: 64 callers with one key get one row; another body under it is a conflict for its caller alone", async () => {
    const { store } = furnished();
    const commits = groupCommit(store, nothing);
    const settled = await Promise.allSettled(
      Array.from({ length: 64 }, (_, caller) =>
        commits.write({ ...CONTEXT, operation: id(0x1000 + caller) }, (tx) =>
          insertWithdrawal(tx, {
            ...request(1, 5n),
            id: id(100 + caller),
            ...(caller === 20 ? { bodyHash: digest("another body") } : {}),
          }),
        ),
      ),
    );
    const rejected = settled.flatMap((one, caller) =>
      one.status === "rejected" ? [{ caller, reason: one.reason as unknown }] : [],
    );
    expect(rejected).toEqual([{ caller: 20, reason: code(IDEMPOTENCY_CONFLICT) }]);
    const answers = settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    expect(new Set(answers.map(({ withdrawal }) => withdrawal.id))).toEqual(new Set([id(100)]));
    expect(answers.filter(({ created }) => created)).toHaveLength(1);
  });

  test("a bad one is taken back alone, whatever it had begun", async () => {
    const { store } = furnished();
    const commits = groupCommit(store, nothing);
    const bad = commits.write(CONTEXT, (tx) => {
      insertWithdrawal(tx, request(2, 1n));
      throw new RangeError("broken on the way");
    });
    const [first, second, third] = await Promise.allSettled([
      commits.write(CONTEXT, insert(1)),
      bad,
      commits.write(CONTEXT, insert(3)),
    ]);
    expect([first.status, second.status, third.status]).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(second).toMatchObject({ reason: new RangeError("broken on the way") });
    expect([1, 2, 3].map((number) => findWithdrawal(store, id(number))?.id)).toEqual([
      id(1),
      undefined,
      id(3),
    ]);
    verifyAudit(store);
  });

  test("F26: nobody is answered before the commit: another connection sees the row by then", async () => {
    const { store, path } = furnished();
    const other = another(path);
    const commits = groupCommit(store, nothing);
    const seen = commits.write(CONTEXT, (tx) => {
      insert(1)(tx);
      return findWithdrawal(other, id(1));
    });
    expect(await seen).toBeUndefined();
    expect(findWithdrawal(other, id(1))?.id).toBe(id(1));
  });

  test("a group whose commit fails fails for all of its callers, and the next one works", async () => {
    const { store } = furnished();
    const commits = groupCommit(store, nothing);
    const full = (store.database.pragma("page_count", { simple: true }) as number) + 1;
    store.database.pragma(`max_page_count = ${full}`);
    const settled = await Promise.allSettled(
      Array.from({ length: 60 }, (_, index) => commits.write(CONTEXT, insert(index + 1))),
    );
    expect(settled.map((one) => one.status === "rejected" && (one.reason as unknown))).toEqual(
      Array.from({ length: 60 }, () => code(STORE_FULL)),
    );
    expect(stateFigures(store)).toEqual([]);
    store.database.pragma("max_page_count = 1000000");
    expect((await commits.write(CONTEXT, insert(1))).created).toBe(true);
    verifyAudit(store);
  });

  test("what a group shares is read once for it; if that fails, nothing of the group is kept", async () => {
    const { store } = furnished();
    let shares = 0;
    const commits = groupCommit(store, () => {
      shares += 1;
      if (shares === 2) throw new RangeError("no session");
      return shares;
    });
    const both = [1, 2].map((number) =>
      commits.write(CONTEXT, (tx, shared) => [insert(number)(tx).created, shared]),
    );
    expect(await Promise.all(both)).toEqual([
      [true, 1],
      [true, 1],
    ]);
    await expect(commits.write(CONTEXT, insert(3))).rejects.toThrow("no session");
    expect(findWithdrawal(store, id(3))).toBeUndefined();
    expect((await commits.write(CONTEXT, insert(3))).created).toBe(true);
  });

  test("while another program has the lock the event loop turns, and the group is committed when it is free", async () => {
    const { store, path } = furnished();
    const other = another(path);
    other.database.exec("BEGIN IMMEDIATE");
    let turns = 0;
    const ticking = setInterval(() => (turns += 1), 5);
    const commits = groupCommit(store, nothing);
    const waiting = commits.write(CONTEXT, insert(1));
    setTimeout(() => other.database.exec("ROLLBACK"), 150);
    expect((await waiting).created).toBe(true);
    clearInterval(ticking);
    expect(turns).toBeGreaterThan(5);
    expect(store.database.pragma("busy_timeout", { simple: true })).toBe(100);
  });

  test("a lock that is never given back is an answer for every caller after two seconds", async () => {
    const { store, path } = furnished();
    another(path).database.exec("BEGIN IMMEDIATE");
    const commits = groupCommit(store, nothing);
    const both = [commits.write(CONTEXT, insert(1)), commits.write(CONTEXT, insert(2))];
    const settled = await Promise.allSettled(both);
    expect(settled.map((one) => one.status === "rejected" && (one.reason as unknown))).toEqual([
      code(STORE_LOCKED),
      code(STORE_LOCKED),
    ]);
  });

  test("no more callers are kept waiting than the limit; those that wait are served", async () => {
    const { store } = furnished();
    const commits = groupCommit(store, nothing);
    const many = Array.from({ length: LIMITS.writesWaitingMax }, () => commits.write(CONTEXT, nothing));
    await expect(commits.write(CONTEXT, insert(1))).rejects.toEqual(code(STORE_OVERLOADED));
    await Promise.all(many);
    expect((await commits.write(CONTEXT, insert(1))).created).toBe(true);
  });

  test("closing waits for what was taken and takes nothing more", async () => {
    const { store } = furnished();
    const commits = groupCommit(store, nothing);
    const taken = commits.write(CONTEXT, insert(1));
    await commits.close();
    expect(findWithdrawal(store, id(1))?.id).toBe(id(1));
    expect((await taken).created).toBe(true);
    expect(() => commits.write(CONTEXT, insert(2))).toThrow("after the end");
  });
});
