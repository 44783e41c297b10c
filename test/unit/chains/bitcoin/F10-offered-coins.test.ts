/** F10: plans are built from coins that a reorganisation leaves where they are, and from what our own signed bytes have made. */
import { expect, test } from "vitest";
import { offeredCoins } from "../../../../src/chains/bitcoin/index.ts";
import type { BitcoinFacts } from "../../../../src/chains/bitcoin/snapshot.ts";
import { snapshotOf, testWallet, type TestCoin } from "../../../bitcoin/regtest-wallet.ts";

const wallet = testWallet();
const coins: readonly TestCoin[] = [0, 1, 2, 3].map((index) => ({ units: 10_000n + BigInt(index), index }));

/** Four coins with a parent each; the tip is 200, and they lie in these blocks. */
function facts(...heights: readonly number[]): BitcoinFacts {
  const { coins: listed, tip, ...rest } = snapshotOf(wallet, coins);
  const placed = listed.map((coin, place) => ({ ...coin, height: heights[place] ?? 0 }));
  return { ...rest, coins: placed, tip: { ...tip, height: 200 }, estimates: [] };
}
const never = () => false;
const unitsOf = (offered: BitcoinFacts) => offered.coins.map(({ units }) => Number(units) - 10_000);

test("a stranger's coin is offered once it is as deep as the policy asks", () => {
  const seen = facts(200, 196, 195, 100);
  expect(unitsOf(offeredCoins(seen, { confirmations: 6, early: never }))).toEqual([2, 3]);
  expect(unitsOf(offeredCoins(seen, { confirmations: 5, early: never }))).toEqual([1, 2, 3]);
});

test("by a policy that takes one block for final all of them are, as the node has said it", () => {
  const seen = facts(200, 200, 200, 200);
  expect(offeredCoins(seen, { confirmations: 1, early: never })).toBe(seen);
});

test("a coin above the lowest tip of several nodes is not", () => {
  expect(unitsOf(offeredCoins(facts(201, 200, 200, 200), { confirmations: 1, early: never }))).toEqual([
    1, 2, 3,
  ]);
});

test("what is ours is offered from its first block on; only parents of what is offered are kept", () => {
  const seen = facts(200, 200, 200, 100);
  const ours = seen.coins[1]?.txid;
  const offered = offeredCoins(seen, { confirmations: 6, early: ({ txid }) => txid === ours });
  expect(unitsOf(offered)).toEqual([1, 3]);
  expect(offered.parents).toEqual([seen.parents[1], seen.parents[3]]);
});
