import { expect, test } from "vitest";
import { shuffled } from "../../../../src/chains/bitcoin/shuffle.ts";
import { taggedDigest } from "../../../../src/core/digest.ts";
import { utf8 } from "../../../../src/core/hex.ts";

const seed = (n: number) => taggedDigest("test", utf8(String(n)));

test("keeps every item, and one seed gives one order", () => {
  const items = Array.from({ length: 100 }, (_, i) => i);
  const order = shuffled(items, seed(1));
  expect(order).toEqual(shuffled(items, seed(1)));
  expect(order).not.toEqual(shuffled(items, seed(2)));
  expect([...order].sort((a, b) => a - b)).toEqual(items);
  expect([shuffled([], seed(1)), shuffled([7], seed(1))]).toEqual([[], [7]]);
});

test("every item reaches every place about as often", () => {
  const counts = [0, 0, 0, 0];
  for (let n = 0; n < 2000; n++) {
    const place = shuffled(["a", "b", "c", "change"], seed(n)).indexOf("change");
    counts[place] = (counts[place] as number) + 1;
  }
  for (const count of counts) expect(Math.abs(count - 500)).toBeLessThan(100);
});
