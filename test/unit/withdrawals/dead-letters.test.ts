/** Dead letters: how long a step is tried, when it is given up, and what two persons can do about it. */
import { describe, expect, test } from "vitest";
import { declareError } from "../../../src/core/errors.ts";
import { addSeconds, type Instant } from "../../../src/core/instant.ts";
import { STATE_CONFLICT } from "../../../src/core/states/edges.ts";
import { LETTER_PORTS, LETTER_READS } from "../../../src/home/ports.ts";
import { listAuditRows } from "../../../src/store/audit.ts";
import {
  countLetters,
  findLetter,
  findRetry,
  lettersOn,
  listLetters,
  mayStillMove,
} from "../../../src/store/dead-letters.ts";
import type { Store } from "../../../src/store/database.ts";
import { write, type Tx } from "../../../src/store/transaction.ts";
import {
  dropLetter,
  failureOf,
  LETTER_IN_USE,
  mayTry,
  noteFailure,
  requeueLetter,
  type Failure,
} from "../../../src/withdrawals/settling/dead-letters.ts";
import { codeOf } from "../../factory/thrown.ts";
import { CONTEXT, digest, id, NOW, scratch } from "../store/scratch.ts";

const SUBJECT = { entity: "delivery", id: id(7), step: "webhook" };
const LATE: Failure = { class: "exhausted", code: "NOTIFY_FAILED", why: "the receiver did not answer" };
const BAD: Failure = { class: "poison", code: "DOCUMENT_MALFORMED", why: "it is no document" };

let counter = 0;

function house() {
  const { store } = scratch();
  const step = <T>(now: Instant, work: (tx: Tx) => T) => {
    counter += 1;
    return write(store, { ...CONTEXT, now, operation: id(0xd0000 + counter) }, work);
  };
  const fail = (now: Instant, failure = LATE, forGood = false) =>
    step(now, (tx) =>
      noteFailure(LETTER_PORTS, tx, SUBJECT, failure, {
        id: id(0x1e77e4),
        payload: digest("payload"),
        now,
        forGood,
      }),
    );
  /** Fails whenever it may be tried, until it may not be any more. @returns the seconds after which it failed */
  const failOn = (failure: Failure, from = NOW) => {
    const at: number[] = [];
    for (let second = 0; second < 40_000; second += 5) {
      const now = addSeconds(from, second);
      if (!mayTry(LETTER_READS, store, SUBJECT, now)) continue;
      at.push(second);
      fail(now, failure);
    }
    return at;
  };
  return { store, step, fail, failOn };
}

const letter = (store: Store) => {
  const found = findLetter(store, SUBJECT);
  if (found === undefined) throw STATE_CONFLICT("there is no letter");
  return found;
};

describe("a step that fails", () => {
  test("is tried later and later, ten times, and then given up with a letter and its audit row", () => {
    const { store, failOn } = house();
    const at = failOn(LATE);
    const pauses = at.slice(1).map((second, index) => second - (at[index] ?? 0));
    expect(pauses).toEqual([10, 30, 120, 300, 900, 1800, 3600, 7200, 14_400]);
    expect(letter(store)).toMatchObject({
      ...LATE,
      subject: SUBJECT,
      attempts: 10,
      state: "OPEN",
      firstFailed: NOW,
    });
    expect(findRetry(store, SUBJECT)).toBeUndefined();
    const rows = listAuditRows(store, {}, { limit: 10 }).filter(({ entity }) => entity === "dead_letter");
    expect(rows).toMatchObject([
      { event: "given up", version: 1, after: { attempts: 10, class: "exhausted" } },
    ]);
  });

  test("is given up after three tries when it can only fail", () => {
    const { store, failOn } = house();
    expect(failOn(BAD)).toEqual([0, 10, 40]);
    expect(letter(store)).toMatchObject({ class: "poison", attempts: 3 });
  });

  test("is given up at once when the other side says so for good", () => {
    const { store, fail } = house();
    expect(fail(NOW, LATE, true)).toBe(id(0x1e77e4));
    expect(letter(store).attempts).toBe(1);
  });

  test("begins anew once it has worked", () => {
    const { store, step, fail } = house();
    for (let count = 0; count < 9; count++) expect(fail(NOW)).toBeUndefined();
    step(NOW, (tx) => LETTER_PORTS.clearRetry(tx, SUBJECT));
    expect(fail(NOW)).toBeUndefined();
    expect(findRetry(store, SUBJECT)?.failures).toBe(1);
  });
});

describe("a dead letter", () => {
  test("is tried another whole round once it is requeued, and stays one letter", () => {
    const { store, step, failOn } = house();
    failOn(LATE);
    const later = addSeconds(NOW, 100_000);
    expect(mayTry(LETTER_READS, store, SUBJECT, later)).toBe(false);
    step(later, (tx) => requeueLetter(LETTER_PORTS, tx, letter(store)));
    expect(failOn(LATE, later)).toHaveLength(10);
    expect(lettersOn(store, "delivery", id(7))).toHaveLength(1);
    expect(letter(store)).toMatchObject({ state: "OPEN", attempts: 20, version: 3, firstFailed: NOW });
    expect(countLetters(store)).toEqual(new Map([["OPEN", 1]]));
  });

  test("that was dropped is tried no more, until it is requeued", () => {
    const { store, step, fail } = house();
    fail(NOW, LATE, true);
    step(NOW, (tx) => dropLetter(LETTER_PORTS, tx, letter(store), mayStillMove(tx, SUBJECT)));
    expect(mayTry(LETTER_READS, store, SUBJECT, addSeconds(NOW, 100_000))).toBe(false);
    expect(listLetters(store, "OPEN", { limit: 10 })).toEqual([]);
    step(NOW, (tx) => requeueLetter(LETTER_PORTS, tx, letter(store)));
    expect(mayTry(LETTER_READS, store, SUBJECT, NOW)).toBe(true);
  });

  test("is not moved by who has looked at an older state of it", () => {
    const { store, step, fail } = house();
    fail(NOW, LATE, true);
    const seen = letter(store);
    step(NOW, (tx) => requeueLetter(LETTER_PORTS, tx, seen));
    fail(NOW, LATE, true);
    expect(codeOf(() => step(NOW, (tx) => requeueLetter(LETTER_PORTS, tx, seen)))).toBe(STATE_CONFLICT.code);
    expect(letter(store)).toMatchObject({ state: "OPEN", attempts: 2 });
  });

  test("about what may still move coins is not put away", () => {
    const { store, step, fail } = house();
    fail(NOW, LATE, true);
    expect(codeOf(() => step(NOW, (tx) => dropLetter(LETTER_PORTS, tx, letter(store), true)))).toBe(
      LETTER_IN_USE.code,
    );
    expect(letter(store).state).toBe("OPEN");
    expect(mayStillMove(store, SUBJECT)).toBe(false);
    // What nobody knows is taken for what may.
    for (const entity of ["attempt", "plan", "withdrawal", "movement", "constructor", "stranger"])
      expect(mayStillMove(store, { entity, id: id(1), step: "follow" })).toBe(true);
  });

  test("holds its edges and its audit rows against whoever writes past the code", () => {
    const { store, step, fail } = house();
    fail(NOW, LATE, true);
    const sql = (text: string) => () => store.database.exec(text);
    expect(sql("UPDATE dead_letter SET state = 'REQUEUED', version = 2")).toThrow(/audit row is missing/);
    const edge = (to: string) => () =>
      step(NOW, (tx) => {
        const about = { entity: "dead_letter", entityId: letter(store).id, version: 2, event: "gone" };
        tx.audit(about);
        tx.database.prepare("UPDATE dead_letter SET state = ?, version = 2").run(to);
      });
    expect(edge("OPEN")).toThrow(/illegal edge/);
    expect(edge("DROPPED")).not.toThrow();
    expect(sql("DELETE FROM dead_letter")).toThrow(/never deleted/);
    expect(sql("UPDATE dead_letter SET entity_id = 'x'")).toThrow();
  });
});

describe("what an error says", () => {
  const thrown = (exit: "invalid" | "verification" | "denied" | "network" | "conflict") =>
    failureOf(declareError(`LETTER_TEST_${exit.toUpperCase()}`, exit, "A test.")("why"));

  test.each([
    ["invalid", "poison"],
    ["verification", "poison"],
    ["denied", "policy"],
    ["network", "node"],
    ["conflict", "exhausted"],
  ] as const)("%s is %s", (exit, expected) => {
    expect(thrown(exit)).toEqual({ class: expected, code: `LETTER_TEST_${exit.toUpperCase()}`, why: "why" });
  });

  test("a fault of ours is unknown, and no stranger's text gets through unseen or endless", () => {
    expect(failureOf(new TypeError("x is not a function"))).toMatchObject({
      class: "unknown",
      code: "BUG",
      why: "TypeError: x is not a function",
    });
    expect(failureOf("a\u202eb").why).toContain("U+202E");
    expect(failureOf(new TypeError("y".repeat(9999))).why.length).toBeLessThanOrEqual(500);
  });
});
