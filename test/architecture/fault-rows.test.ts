/** Every failure that this chain can show has its tests, and no test names a row that is not there. */
import { describe, expect, test } from "vitest";
import { FAULTS, INVARIANTS, type FaultRow } from "../fault/rows.ts";
import { coverage } from "../fault/table.ts";

const covered = coverage();

test("the rows are F01 to F28 and I01 to I14, and tests name no others", () => {
  const ids = (letter: string, count: number) =>
    Array.from({ length: count }, (_, i) => `${letter}${String(i + 1).padStart(2, "0")}`);
  expect(Object.keys(FAULTS)).toEqual(ids("F", 28));
  expect(Object.keys(INVARIANTS)).toEqual(ids("I", 14));
  const known = new Set([...Object.keys(FAULTS), ...Object.keys(INVARIANTS)]);
  expect([...covered.keys()].filter((id) => !known.has(id))).toEqual([]);
});

describe("covered", () => {
  const shown = Object.entries(FAULTS as Record<string, FaultRow>).filter(
    ([, row]) => row.only === undefined,
  );
  test.each(shown.map(([id]) => id))("%s by a file, or by tests, of that name", (id) => {
    const files = covered.get(id) ?? [];
    expect(files).not.toEqual([]);
    for (const { whole, titles } of files) expect(whole || titles > 0).toBe(true);
  });

  test.each(Object.keys(INVARIANTS))("%s by tests of that name", (id) => {
    expect(covered.get(id) ?? []).not.toEqual([]);
  });
});
