/** Where each attempt of a plan stands, stated, decoded or kept. */
import { describe, expect, test } from "vitest";
import {
  allAttempts,
  attemptAt,
  cancelOf,
  currentPlace,
  dearestFee,
  isBeingEnded,
  isInBlock,
  kindOf,
  placedAttempts,
  placeOf,
  rungAt,
  rungName,
  rungNumber,
  rungOf,
  rungOfTransaction,
  rungsOf,
} from "../../../src/chains/attempts.ts";
import type { AttemptState } from "../../../src/core/states/attempt.ts";

const attempt = (transaction: string, units: bigint) => ({ transaction, fee: { units } });
const [cheap, dear, ending] = [attempt("aa", 10n), attempt("bb", 20n), attempt("cc", 40n)];
const ladder = { rungs: [cheap, dear], cancel: ending };
const open = { rungs: [cheap, dear] };

describe("a plan as it is stated or decoded", () => {
  test("the cancel rung's place is behind the last rung, and back again", () => {
    expect(allAttempts(ladder)).toEqual([cheap, dear, ending]);
    expect(placedAttempts(ladder)).toEqual([
      [0, cheap],
      [1, dear],
      ["cancel", ending],
    ]);
    for (const [rung, found] of placedAttempts(ladder)) {
      expect(rungAt(ladder, placeOf(ladder, rung))).toBe(rung);
      expect(attemptAt(ladder, rung)).toBe(found);
      expect(rungOfTransaction(ladder, found.transaction)).toEqual([rung, found]);
    }
  });

  test("without one, nothing stands there", () => {
    expect(allAttempts(open)).toEqual([cheap, dear]);
    expect(attemptAt(open, "cancel")).toBeUndefined();
    expect(attemptAt(open, 2)).toBeUndefined();
    expect(rungOfTransaction(open, "cc")).toBeUndefined();
  });

  test("F15: what it may cost is its dearest attempt's fee, wherever that stands", () => {
    expect(dearestFee(ladder)).toBe(40n);
    expect(dearestFee(open)).toBe(20n);
    expect(dearestFee({ rungs: [dear, cheap] })).toBe(20n);
  });

  test("people count from 1", () => {
    expect([0, 1, "cancel" as const].map(rungNumber)).toEqual([1, 2, "cancel"]);
    expect([0, 1, "cancel" as const].map(rungName)).toEqual(["rung 1", "rung 2", "cancel rung"]);
  });
});

type State = readonly [AttemptState, wanted?: string];
const kept = (...states: readonly State[]) =>
  states.map(([state, wanted], rung) => ({ kind: "rung" as const, rung, state, wanted }));
const cancelled = (state: AttemptState, wanted?: string) => ({
  kind: "cancel" as const,
  rung: 2,
  state,
  wanted,
});

describe("a plan's attempts as they are kept", () => {
  const rungs = kept(["BROADCAST"], ["SIGNED"]);

  test("which is which", () => {
    const all = [...rungs, cancelled("SIGNED")];
    expect(rungsOf(all)).toEqual(rungs);
    expect(cancelOf(all)).toEqual(cancelled("SIGNED"));
    expect(cancelOf(rungs)).toBeUndefined();
    expect(all.map(rungOf)).toEqual([0, 1, "cancel"]);
    expect(all.map(rungOf).map(kindOf)).toEqual(all.map(({ kind }) => kind));
  });

  test("its ladder is climbed from the dearest that is out or wanted; the cheapest goes out unasked", () => {
    expect(currentPlace(kept(["SIGNED"], ["SIGNED"]))).toBe(0);
    expect(currentPlace(rungs)).toBe(0);
    expect(currentPlace(kept(["BROADCAST"], ["SIGNED", "2026-11-22T08:00:00Z"], ["SIGNED"]))).toBe(1);
    expect(currentPlace(kept(["BROADCAST"], ["SIGNED"], ["UNCERTAIN"]))).toBe(2);
    expect(() => currentPlace([cancelled("SIGNED")])).toThrow("by its rungs");
  });

  test("it is being ended once its cancel rung is wanted or sent", () => {
    expect(isBeingEnded(rungs)).toBe(false);
    expect(isBeingEnded([...rungs, cancelled("SIGNED")])).toBe(false);
    expect(isBeingEnded([...rungs, cancelled("SIGNED", "2026-11-22T08:00:00Z")])).toBe(true);
    expect(isBeingEnded([...rungs, cancelled("BROADCAST")])).toBe(true);
  });

  test("a block holds what was included, and nothing that only waits", () => {
    const states = ["SIGNED", "BROADCASTING", "UNCERTAIN", "BROADCAST", "CONFIRMING", "FINAL"] as const;
    expect(states.filter((state) => isInBlock({ state }))).toEqual(["CONFIRMING", "FINAL"]);
  });
});
