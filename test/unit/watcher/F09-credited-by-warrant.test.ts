/**
 * F09, F10: a coin at an address that a restore has passed over is credited by two admins, once, and is then a deposit like any
 * other: a reorganisation takes it back.
 */
import { describe, expect, test } from "vitest";
import type { AccountId } from "../../../src/core/account.ts";
import { availableAccount, walletAccount } from "../../../src/core/ledger.ts";
import { readBlocks } from "../../../src/home/blocks.ts";
import { CREDIT_PORTS } from "../../../src/home/chain-ports.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { reconcileNow } from "../../../src/home/trust.ts";
import { listAuditRows, verifyAudit } from "../../../src/store/audit.ts";
import { unclaimedCoins } from "../../../src/store/coins.ts";
import { depositsOf, findCursor, findDeposit } from "../../../src/store/deposits.ts";
import { haltFlags } from "../../../src/store/halt-flags.ts";
import { verifyLedger } from "../../../src/store/integrity.ts";
import { balanceOf } from "../../../src/store/postings.ts";
import {
  COIN_NOT_OPEN,
  COIN_SHALLOW,
  COIN_UNKNOWN,
  creditCoin,
  unclaimedCoin,
} from "../../../src/withdrawals/settling/credit.ts";
import { creditDeposits } from "../../../watcher/deposits.ts";
import { CUSTOMER, makeDesk, step } from "../../attack/online.ts";
import { expectRefusal } from "../../bitcoin/refusal.ts";
import { coinOf, onlineOf, transaction, watcherOf, writtenChain } from "../../factory/chain.ts";
import { BTC, REGTEST } from "../../factory/documents.ts";
import { fixtureDigest } from "../../factory/identities.ts";

const account = (name: string) => `${REGTEST}:bcrt1q${name}` as AccountId;
const [PASSED, THEIRS, CHANGE] = [account("passed"), account("theirs"), account("change")];
const UNITS = 30_000_000n;
/** What the desk's customer has from before, in no block. */
const BEFORE = 100_000_000n;

/** An address that was passed over, a customer's and one for change, each with a coin three blocks deep. */
async function scene() {
  const desk = makeDesk();
  const chain = writtenChain();
  const wallet = desk.custody.wallet.name;
  step(desk, (tx) => {
    PORTS.insertAddress(tx, { account: PASSED, wallet, branch: 0, index: 0 });
    PORTS.insertAddress(tx, { account: THEIRS, wallet, branch: 0, index: 1, customer: CUSTOMER });
    PORTS.insertAddress(tx, { account: CHANGE, wallet, branch: 1, index: 0 });
  });
  const payment = transaction(
    "payment",
    [],
    [PASSED, THEIRS, CHANGE].map((to) => ({ account: to, units: UNITS })),
  );
  const [coin, theirs, change] = [0, 1, 2].map((vout) => coinOf(payment.id, vout)) as [
    string,
    string,
    string,
  ];
  const { world, events } = watcherOf(desk, chain.node);
  const pass = async () => {
    await readBlocks(onlineOf(desk), desk.custody.policy, chain.node, undefined);
    await creditDeposits(world, undefined);
  };
  const bury = (depth: number) => Array.from({ length: depth }, () => chain.mine());
  chain.mine();
  chain.mine(payment);
  bury(2);
  await pass();
  const deep = () => ({ deep: findCursor(desk.store, REGTEST)?.height ?? 0 });
  const judge = (which = coin) => unclaimedCoin(CREDIT_PORTS, desk.store as never, which, deep());
  const credit = (which = coin) =>
    step(desk, (tx) => {
      const warrant = fixtureDigest(`warrant over ${which}`);
      creditCoin(CREDIT_PORTS, tx, unclaimedCoin(CREDIT_PORTS, tx, which, deep()), {
        customer: CUSTOMER,
        warrant,
      });
    });
  return {
    ...{ desk, chain, payment, coin, theirs, change, wallet, pass, bury, judge, credit },
    said: () => events.splice(0).map(({ event }) => event),
    available: () => balanceOf(desk.store, availableAccount(CUSTOMER), BTC),
    walletBalance: () => balanceOf(desk.store, walletAccount(wallet), BTC),
    /** By how much chain and ledger differ beside what the desk's customer has from before. */
    uncredited: async () => {
      const { compared } = await reconcileNow(onlineOf(desk), desk.custody.policy, chain.node);
      const [line] = compared.wallets;
      return { uncredited: line?.uncredited, unexplained: (line?.unexplained ?? 0n) + BEFORE };
    },
    verify: () => {
      verifyLedger(desk.store);
      verifyAudit(desk.store);
    },
  };
}

describe("a coin at an address of nobody's", () => {
  test("is credited to nobody by the watcher, and to the customer whom people name, once", async () => {
    const { desk, coin, credit, judge, available, walletBalance, uncredited, said, verify } = await scene();
    expect(said()).toEqual(["deposit credited"]);
    expect([available(), unclaimedCoins(desk.store)]).toEqual([BEFORE + UNITS, [coin]]);
    expect(await uncredited()).toEqual({ uncredited: 2n * UNITS, unexplained: 0n });
    credit();
    expect([available(), walletBalance()]).toEqual([BEFORE + 2n * UNITS, BEFORE + 2n * UNITS]);
    expect(unclaimedCoins(desk.store)).toEqual([]);
    expect(await uncredited()).toEqual({ uncredited: UNITS, unexplained: 0n });
    const warrant = fixtureDigest(`warrant over ${coin}`);
    expect(findDeposit(desk.store, coin)).toMatchObject({ customer: CUSTOMER, state: "CREDITED", warrant });
    const [row] = listAuditRows(desk.store, { entity: "deposit", entityId: coin }, { limit: 10 });
    expect(row).toMatchObject({ event: "credited", after: { customer: CUSTOMER, warrant } });
    expectRefusal(() => judge(), COIN_NOT_OPEN);
    verify();
  });

  test("that was judged open before another credited it is not posted a second time", async () => {
    const { desk, judge, credit, available, verify } = await scene();
    const open = judge();
    credit();
    const words = { customer: CUSTOMER, warrant: fixtureDigest("another warrant") };
    expect(() => step(desk, (tx) => creditCoin(CREDIT_PORTS, tx, open, words))).toThrow("is not open");
    expect(available()).toBe(BEFORE + 2n * UNITS);
    verify();
  });

  test("the address stays nobody's: what comes to it later is credited to nobody until people look again", async () => {
    const { desk, chain, credit, pass, bury, available, verify } = await scene();
    credit();
    const later = transaction("later", [], [{ account: PASSED, units: 1n }]);
    chain.mine(later);
    bury(2);
    await pass();
    expect(available()).toBe(BEFORE + 2n * UNITS);
    expect(unclaimedCoins(desk.store)).toEqual([coinOf(later.id, 0)]);
    credit(coinOf(later.id, 0));
    expect(available()).toBe(BEFORE + 2n * UNITS + 1n);
    verify();
  });

  test("F10: a reorganisation takes the credit back, and a block that holds it again brings it back, without a warrant", async () => {
    const { desk, chain, payment, coin, credit, pass, bury, said, available, verify } = await scene();
    credit();
    said();
    chain.fork(2);
    await pass();
    expect(said()).toEqual(["deposit gone", "deposit gone"]);
    expect([available(), findDeposit(desk.store, coin)?.state]).toEqual([BEFORE, "UNCREDITED"]);
    expect(haltFlags(desk.store)).toMatchObject([{ code: "deposit-gone" }]);
    expect(unclaimedCoins(desk.store)).toEqual([]);
    chain.mine(payment);
    bury(2);
    await pass();
    await pass();
    expect(said()).toEqual(["deposit credited", "deposit credited"]);
    expect(available()).toBe(BEFORE + 2n * UNITS);
    expect(depositsOf(desk.store, CUSTOMER).map(({ state }) => state)).toEqual(["CREDITED", "CREDITED"]);
    verify();
  });
});

describe("nothing else is credited so", () => {
  test("a customer's own address, change, what the watcher has credited, and what no block holds", async () => {
    const { theirs, change, judge, coin, bury, chain, pass } = await scene();
    expect(expectRefusal(() => judge(theirs), COIN_NOT_OPEN).message).toContain("is a deposit of customer");
    expect(expectRefusal(() => judge(change), COIN_NOT_OPEN).message).toContain("change address");
    expectRefusal(() => judge(coinOf(fixtureDigest("nowhere"), 0)), COIN_UNKNOWN);
    const shallow = transaction(
      "shallow",
      [],
      [PASSED, THEIRS].map((to) => ({ account: to, units: 5n })),
    );
    chain.mine(shallow);
    bury(1);
    await pass();
    expectRefusal(() => judge(coinOf(shallow.id, 0)), COIN_SHALLOW);
    expect(expectRefusal(() => judge(coinOf(shallow.id, 1)), COIN_NOT_OPEN).message).toContain(
      "watcher credits",
    );
    bury(1);
    await pass();
    expect(judge(coinOf(shallow.id, 0))).toMatchObject({ amount: { units: 5n } });
    expect(judge(coin)).toMatchObject({ account: PASSED });
  });

  test("what a transaction brings back that spends coins of ours: it was counted with what that took", async () => {
    const { desk, chain, theirs, judge, bury, pass } = await scene();
    const taking = transaction("taking", [theirs], [{ account: PASSED, units: 20_000_000n }]);
    chain.mine(taking);
    bury(2);
    await pass();
    expect(expectRefusal(() => judge(coinOf(taking.id, 0)), COIN_NOT_OPEN).message).toContain(
      "spends coins of ours",
    );
    expect(unclaimedCoins(desk.store)).not.toContain(coinOf(taking.id, 0));
  });

  test("the database refuses a deposit of another's address, and a warrant over an address that is somebody's", async () => {
    const { desk, coin, theirs } = await scene();
    const put = (which: string, to: AccountId, warrant?: ReturnType<typeof fixtureDigest>) => () =>
      step(desk, (tx) => {
        const amount = { asset: BTC, units: UNITS };
        const block = { blockHash: fixtureDigest("b"), height: 2 };
        CREDIT_PORTS.insertDeposit(tx, {
          ...{ coin: which, account: to, customer: CUSTOMER, amount, ...block },
          warrant: warrant as never,
        });
      });
    expect(put(coin, PASSED)).toThrow("to the customer whose address it is");
    expect(put(`${theirs}1`, THEIRS, fixtureDigest("w"))).toThrow("where that is nobody's");
    put(coin, PASSED, fixtureDigest("w"))();
    put(`${theirs}1`, THEIRS)();
    expect(depositsOf(desk.store, CUSTOMER)).toHaveLength(3);
  });
});
