/**
 * An attack of the check-list and its accepting twin. Both go the same way; the attack is made from the twin by one
 * edit. Where checks are removable (`npm run attack -- --rows`, and project `rows` of the test command) the same attack
 * is judged once more with its check taken out: it must then get another answer, and the twin the same as before.
 */
import { expect, test } from "vitest";
import type { CheckName } from "./rows/checks.ts";
import { withoutChecks } from "./rows/removable.ts";
import type { RowId } from "./rows/rows.ts";

export type Pair<T> = {
  /** What is accepted. */
  readonly good: () => T;
  /** The same but for one fact. */
  readonly bad: (good: T) => T;
  /** What is said of either: "signed" or "none" where nothing is wrong, otherwise gate and rule, or a code. */
  readonly judge: (given: T) => string | Promise<string>;
  readonly accepted: string;
  readonly refused: string;
  /** The checks that refuse it: with all of them gone it passes, or meets the next line of defence. */
  readonly removes: readonly CheckName[];
  /** What is said of the attack then. */
  readonly without: string;
};

/** Registers the tests of one attack of row `id`; `name` says what the attacker does. */
export function pair<T>(id: RowId, name: string, { good, bad, judge, ...said }: Pair<T>): void {
  if (process.env["REMOVABLE_CHECKS"] === "1") return proof();
  test(`${id} twin: without it, ${name}`, async () => {
    expect(await judge(good())).toBe(said.accepted);
  });
  test(`${id}: ${name}`, async () => {
    expect(await judge(bad(good()))).toBe(said.refused);
  });

  function proof(): void {
    test(`${id} proof by removal: ${name}`, async () => {
      const [twin, attack] = [good(), bad(good())];
      expect(await judge(attack)).toBe(said.refused);
      expect(said.without).not.toBe(said.refused);
      expect(await withoutChecks(said.removes, () => judge(attack))).toBe(said.without);
      expect(await withoutChecks(said.removes, () => judge(twin))).toBe(said.accepted);
    });
  }
}
