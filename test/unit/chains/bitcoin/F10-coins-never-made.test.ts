/** F10: a coin whose own transaction has lost an input can never exist, and what spends it never settles. */
import { expect, test } from "vitest";
import { neverMade } from "../../../../src/chains/bitcoin/previous.ts";
import { strippedBytes, transactionId } from "../../../../src/chains/bitcoin/transaction.ts";
import { BITCOIN_CHAINS } from "../../../../src/core/chain.ts";
import { coinbase } from "../../../factory/blocks.ts";
import { parentOf, testWallet } from "../../../bitcoin/regtest-wallet.ts";

const wallet = testWallet();
const key = (txid: string, vout: number) => `${BITCOIN_CHAINS.regtest}:outpoint:${txid}:${vout}`;
const parents = [0, 1].map((salt) => parentOf(wallet, [{ units: 10_000n }], salt));
const previous = parents.map(strippedBytes);
const keys = parents.map((parent) => key(transactionId(parent), 1));
/** What a parent spends. */
const below = (place: number) =>
  (parents[place]?.inputs ?? []).map(({ txid, vout }) => key(txid, vout)).join();
const STRANGER = "cd".repeat(32);
const found = (spends: readonly string[], transaction = STRANGER) =>
  neverMade(previous, keys, { transaction, spends });

test("who takes what a coin's own transaction spends takes the coin with it", () => {
  expect(found([key("ab".repeat(32), 0), below(0)])).toBe(keys[0]);
  expect(found([below(1)])).toBe(keys[1]);
});

test("another output of the same transaction is another coin, and another transaction's coin as well", () => {
  expect(found([below(0).replace(/:0$/, ":1")])).toBeUndefined();
  expect(found([key("ab".repeat(32), 0)])).toBeUndefined();
  expect(found([])).toBeUndefined();
});

test("the coin's own transaction, in a block, has made it", () => {
  expect(found([below(0)], transactionId(parents[0] as (typeof parents)[0]))).toBeUndefined();
  expect(found([below(1)], transactionId(parents[0] as (typeof parents)[0]))).toBe(keys[1]);
});

test("one coinbase takes nothing from another, though both spend the same nothing", () => {
  const mined = coinbase([]);
  const spends = mined.inputs.map(({ txid, vout }) => key(txid, vout));
  const killer = { transaction: STRANGER, spends };
  expect(neverMade([strippedBytes(mined)], [key(transactionId(mined), 0)], killer)).toBeUndefined();
});
