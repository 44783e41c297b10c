/** F09: what hours that were lost have paid as change to addresses that this database never gave out is ours all the same. */
import { expect, test } from "vitest";
import { deriveAddress, parseDescriptor } from "../../../src/chains/bitcoin/index.ts";
import { readBlocks } from "../../../src/home/blocks.ts";
import { unbookedLosses } from "../../../src/store/foreign.ts";
import { getWallet } from "../../../src/store/wallets.ts";
import { coinOf, onlineOf, transaction, writtenChain } from "../../factory/chain.ts";
import {
  balances,
  book,
  DESTINATION,
  FEE,
  QUARTER,
  signOff,
  taken,
  TX,
  verify,
  WHOLE,
} from "../../factory/foreign-spend.ts";

/** A payment of lost hours from our coin, whose change went to change index `index`; 1 is the next that is known here. */
async function lostPayment(index: number) {
  const { desk, chain, coin, compare, read } = await taken([QUARTER]);
  const { descriptor, indexGap } = desk.custody.wallet;
  const { account } = deriveAddress(parseDescriptor(descriptor, "regtest"), 1, index);
  const units = WHOLE - QUARTER - FEE;
  const pays = [
    { account: DESTINATION, units: QUARTER },
    { account, units },
  ];
  chain.mine(transaction("somebody else's", [coin], pays));
  await read();
  const next = () => getWallet(desk.store, desk.custody.wallet.name).nextChange;
  return { desk, chain, compare, read, account, units, indexGap, next };
}

test.each([1, 3])("change at index %i comes back: what was paid alone is foreign", async (index) => {
  const { desk, compare, next } = await lostPayment(index);
  expect(next()).toBe(index + 1);
  expect(unbookedLosses(desk.store)).toMatchObject([{ transaction: TX, units: QUARTER + FEE }]);
  signOff(desk);
  book(desk);
  expect(balances(desk)).toMatchObject({ wallet: WHOLE - QUARTER - FEE, loss: QUARTER + FEE });
  expect(await compare()).toMatchObject({
    verdict: "even",
    wallets: [{ coins: WHOLE - QUARTER - FEE, foreign: 0n, unexplained: 0n }],
  });
  verify(desk);
});

test("a payment from that change is followed further; the index runs as far as blocks show, and no further", async () => {
  const { desk, chain, read, units, next } = await lostPayment(2);
  const { descriptor } = desk.custody.wallet;
  const { account } = deriveAddress(parseDescriptor(descriptor, "regtest"), 1, 4);
  const again = [
    { account: DESTINATION, units: QUARTER },
    { account, units: units - QUARTER - FEE },
  ];
  chain.mine(transaction("another", [coinOf(TX, 1)], again));
  await read();
  expect(next()).toBe(5);
  expect(unbookedLosses(desk.store)).toMatchObject([{ units: QUARTER + FEE }, { units: QUARTER + FEE }]);
});

test("beyond what a signer follows it is a stranger's", async () => {
  const { desk, indexGap } = await lostPayment(1);
  const far = await lostPayment(1 + indexGap);
  expect(far.next()).toBe(1);
  expect(unbookedLosses(far.desk.store)).toMatchObject([{ units: WHOLE }]);
  expect(unbookedLosses(desk.store)).toMatchObject([{ units: QUARTER + FEE }]);
});

test("of a transaction that spends nothing of ours it is left alone: anybody may pay there", async () => {
  const desk = (await taken([QUARTER])).desk;
  const chain = writtenChain();
  const { account } = deriveAddress(parseDescriptor(desk.custody.wallet.descriptor, "regtest"), 1, 1);
  chain.mine(transaction("a stranger's", [coinOf(TX, 9)], [{ account, units: 5n }]));
  await readBlocks(onlineOf(desk), desk.custody.policy, chain.node, undefined);
  expect(getWallet(desk.store, desk.custody.wallet.name).nextChange).toBe(1);
});
