import { expect, test } from "vitest";
import { SAT_PER_VBYTE } from "../../../src/core/asset.ts";
import type { Instant } from "../../../src/core/instant.ts";
import {
  assertBatchDue,
  BATCH_NOT_DUE,
  type BatchRule,
} from "../../../src/withdrawals/planning/batch-due.ts";
import { expectRefusal } from "../../bitcoin/refusal.ts";

const now = "2026-11-22T10:00:00Z" as Instant;
const rule: BatchRule = { count: 3, ageMinutes: 60, rateMilli: 2000n };
const waiting = (times: readonly string[], rateMilli = 9000n) => ({
  count: times.length,
  since: times.map((time) => `2026-11-22T${time}Z` as Instant),
  rateMilli,
  rateUnit: SAT_PER_VBYTE,
});
const fresh = "09:59:00";

test.each([
  ["by size", waiting([fresh, fresh, fresh]), /3 payments wait/],
  ["by the age of the oldest", waiting([fresh, "09:00:00"]), /waited 60 minutes/],
  ["by the fee rate", waiting([fresh], 2000n), /at most 2 sat\/vB/],
])("a batch is due %s", (_, batch, why) => {
  expect(assertBatchDue(batch, rule, now)).toMatch(why);
});

test.each([
  ["too few, young and dear", waiting([fresh, "09:00:01"], 2001n)],
  ["none at all, however low fees are", waiting([], 1n)],
])("it is not, exit 8, with %s", (_, batch) => {
  expect(expectRefusal(() => assertBatchDue(batch, rule, now), BATCH_NOT_DUE).exit).toBe("pending");
});

test("a rate of 0 in the settings never makes a batch due", () => {
  const never = { ...rule, rateMilli: 0n };
  expectRefusal(() => assertBatchDue(waiting([fresh], 1n), never, now), BATCH_NOT_DUE);
});
