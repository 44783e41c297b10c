/** Every row of the check-list is tested, by gate and rule, with a twin and a proof by removal that can still be made. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CHECKS, type CheckName } from "../attack/rows/checks.ts";
import { lostCheck, removableChecks } from "../attack/rows/removable.ts";
import { provenRows } from "../attack/rows/table.ts";
import { ROOT } from "./tree.ts";

const rows = provenRows();
const GATE = /^G([1-9]|1[0-2]) [A-Z_]+$/;

describe("the check-list", () => {
  test("has the rows B1 to B27, E1 to E12, T1 to T8, and S of what a Stellar account signs so far", () => {
    const ids = (letter: string, count: number) =>
      Array.from({ length: count }, (_, i) => `${letter}${i + 1}`);
    expect(rows.map(({ id }) => id)).toEqual([
      ...ids("B", 27),
      ...ids("E", 12),
      ...["S2", "S3", "S4", "S5", "S8", "S11"],
      ...ids("T", 8),
    ]);
  });

  test.each(rows)("$id has tests, which name a gate and rule and take checks out", (row) => {
    expect(row.files).not.toEqual([]);
    expect(row.pairs).not.toEqual([]);
    expect(new Set(row.pairs)).toEqual(new Set([row.id]));
    expect(row.removes).not.toEqual([]);
    expect(row.without).not.toEqual([]);
    const gates = row.refused.filter((said) => GATE.test(said));
    // Either a gate speaks, or the table says why none can.
    if (row.outside === undefined) expect(gates).not.toEqual([]);
    else expect(row.refused).not.toEqual([]);
  });

  test("every check is taken out by some row", () => {
    const used = new Set(rows.flatMap(({ removes }) => removes));
    expect(Object.keys(CHECKS).filter((name) => !used.has(name))).toEqual([]);
  });
});

describe("a check can be taken out: its text stands once in its file", () => {
  test.each(Object.keys(CHECKS) as CheckName[])("%s", (name) => {
    expect(lostCheck(CHECKS[name])).toBeUndefined();
  });

  test("it is a switch in the copy that is tested, and nothing in any other file", () => {
    const [name, { file, find }] = Object.entries(CHECKS)[0] as [string, (typeof CHECKS)[CheckName]];
    const code = `before ${find.replace(/[‹›]/g, "")} after`;
    const plugin = removableChecks();
    const switched = plugin.transform(code, join(ROOT, file))?.code ?? "";
    expect(switched).toContain(`globalThis.removedChecks?.has(${JSON.stringify(name)}) ? (`);
    expect(plugin.transform(code, join(ROOT, "src/core/hex.ts"))).toBeUndefined();
  });

  test("a text that is gone, or stands twice, is found", () => {
    const file = "src/core/hex.ts";
    expect(lostCheck({ file, find: "‹no such text›", instead: "" })).toContain("0 times");
    expect(lostCheck({ file, find: "‹export›", instead: "" })).toMatch(/occurs \d+ times/);
    expect(lostCheck({ file, find: "export", instead: "" })).toContain("‹ and ›");
  });
});
