/** Against fee sniping: the tip's height, at times some blocks less, and never a lock that is still in force (B21). */
import { expect, test } from "vitest";
import { lockTimeOf } from "../../../../src/chains/bitcoin/lock-time.ts";
import { parseDigest } from "../../../../src/core/digest.ts";
import type { Instant } from "../../../../src/core/instant.ts";

const tip = { height: 900_000, hash: parseDigest("00".repeat(32)), time: "2026-11-22T08:00:00Z" as Instant };
const at = (seed: number, taken = "2026-11-22T08:10:00Z", height = tip.height) =>
  lockTimeOf({
    tip: { ...tip, height },
    taken: taken as Instant,
    seed: parseDigest(seed.toString(16).padStart(64, "0")),
  });

test("one in ten looks back, at most 99 blocks, and no other", () => {
  const times = Array.from({ length: 2000 }, (_, seed) => at(seed));
  const back = times.filter((time) => time < tip.height);
  expect(back.length).toBeGreaterThan(150);
  expect(back.length).toBeLessThan(250);
  expect(Math.min(...times)).toBeGreaterThan(tip.height - 100);
  expect(Math.max(...times)).toBe(tip.height);
  expect(at(7)).toBe(at(7));
});

test("a tip older than eight hours names no height; one of eight hours does", () => {
  expect([at(3, "2026-11-22T16:00:00Z"), at(3, "2026-11-22T16:00:01Z")]).toEqual([at(3), 0]);
  // A block's clock may be ahead of ours.
  expect(at(3, "2026-11-22T07:00:00Z")).toBe(at(3));
});

test("never below block 0", () => {
  for (let seed = 0; seed < 200; seed++) expect(at(seed, undefined, 5)).toBeGreaterThanOrEqual(0);
});
