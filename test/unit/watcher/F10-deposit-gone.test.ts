/** F10: a credited deposit leaves the chain deeper than the policy waits: it is taken back, and credited again once. */
import { describe, expect, test } from "vitest";
import type { AccountId } from "../../../src/core/account.ts";
import { availableAccount, receivableAccount, walletAccount } from "../../../src/core/ledger.ts";
import { DEPOSIT_PORTS } from "../../../src/home/chain-ports.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { verifyAudit } from "../../../src/store/audit.ts";
import { depositsOf, findDeposit, getDeposit, goneDeposits } from "../../../src/store/deposits.ts";
import { haltFlags } from "../../../src/store/halt-flags.ts";
import { verifyLedger } from "../../../src/store/integrity.ts";
import { balanceOf, INSUFFICIENT_BALANCE } from "../../../src/store/postings.ts";
import { unholdWithdrawal } from "../../../src/withdrawals/stopping/hold.ts";
import { DEPOSIT_UNDECIDED } from "../../../src/withdrawals/intake/request.ts";
import { assertGone, DEPOSIT_IN_CHAIN, takeBack } from "../../../src/withdrawals/settling/uncredit.ts";
import { creditDeposits } from "../../../watcher/deposits.ts";
import { ask, CUSTOMER, decide, makeDesk, step } from "../../attack/online.ts";
import { expectRefusal } from "../../bitcoin/refusal.ts";
import { coinOf, transaction, watcherOf, writtenChain } from "../../factory/chain.ts";
import { approval, BTC, REGTEST } from "../../factory/documents.ts";
import { ANNA, at } from "../../factory/identities.ts";

const CUSTOMERS = `${REGTEST}:bcrt1qcustomer` as AccountId;
/** What the desk's customer has from before. */
const BEFORE = 100_000_000n;
const UNITS = 30_000_000n;

/** A deposit three blocks deep, credited. */
async function credited() {
  const desk = makeDesk();
  const chain = writtenChain();
  const wallet = desk.custody.wallet.name;
  step(desk, (tx) =>
    PORTS.insertAddress(tx, { account: CUSTOMERS, wallet, branch: 0, index: 0, customer: CUSTOMER }),
  );
  const payment = transaction("deposit", [], [{ account: CUSTOMERS, units: UNITS }]);
  const coin = coinOf(payment.id, 0);
  const bury = (depth: number) => Array.from({ length: depth }, () => chain.mine());
  chain.mine();
  chain.mine(payment);
  bury(2);
  const { world, events } = watcherOf(desk, chain.node);
  const pass = () => creditDeposits(world, undefined);
  await pass();
  const balance = (account: string) => balanceOf(desk.store, account, BTC);
  return {
    desk,
    chain,
    payment,
    coin,
    wallet,
    pass,
    bury,
    said: () => events.splice(0).map(({ event }) => event),
    state: () => findDeposit(desk.store, coin)?.state,
    balances: () => ({
      available: balance(availableAccount(CUSTOMER)),
      owed: balance(receivableAccount(CUSTOMER)),
      wallet: balance(walletAccount(wallet)),
    }),
    verify: () => {
      verifyLedger(desk.store);
      verifyAudit(desk.store);
    },
  };
}

const spend = (desk: Parameters<typeof ask>[0], units: bigint) => ask(desk, "spent", units);

describe("a deposit whose block has left the chain", () => {
  test("is taken back where its customer has it, its wallet stands still, and it is credited again exactly once", async () => {
    const { desk, chain, payment, pass, bury, said, state, balances, verify } = await credited();
    expect(said()).toEqual(["deposit credited"]);
    expect(balances()).toEqual({ available: BEFORE + UNITS, owed: 0n, wallet: BEFORE + UNITS });
    chain.fork(2);
    await pass();
    expect(said()).toEqual(["deposit gone"]);
    expect(state()).toBe("UNCREDITED");
    expect(balances()).toEqual({ available: BEFORE, owed: 0n, wallet: BEFORE });
    expect(haltFlags(desk.store)).toMatchObject([{ scope: { of: "wallet" }, code: "deposit-gone" }]);
    await pass();
    expect(said()).toEqual([]);
    chain.mine(payment);
    bury(1);
    await pass();
    expect(state()).toBe("UNCREDITED");
    bury(1);
    await pass();
    await pass();
    expect(said()).toEqual(["deposit credited"]);
    expect(balances()).toEqual({ available: BEFORE + UNITS, owed: 0n, wallet: BEFORE + UNITS });
    expect(depositsOf(desk.store, CUSTOMER)).toMatchObject([{ state: "CREDITED", height: 6 }]);
    verify();
  });

  test("stops its customer's payments until people have decided, of which not even a part is spendable", async () => {
    const { desk, chain, coin, wallet, pass, verify } = await credited();
    const { id, intent } = spend(desk, BEFORE + 1n);
    chain.fork(2);
    await pass();
    expectRefusal(() => ask(desk, "the rest", 20_000_000n), DEPOSIT_UNDECIDED);
    decide(desk, approval(intent, [ANNA], { custody: desk.custody.id }));
    expect(PORTS.getWithdrawal(desk.store as never, id)).toMatchObject({
      state: "ON_HOLD",
      code: "deposit-gone",
    });
    step(desk, (tx) => takeBack(DEPOSIT_PORTS, tx, getDeposit(tx, coin), wallet));
    expectRefusal(() => ask(desk, "the rest", 20_000_000n), INSUFFICIENT_BALANCE);
    const about = { policy: desk.custody.policy, now: at("09:10:00") };
    const lifted = step(desk, (tx) => unholdWithdrawal(PORTS, tx, PORTS.getWithdrawal(tx, id), about));
    // A second approver has not signed yet: people had the time to say no.
    expect(lifted.withdrawal.state).toBe("PENDING_APPROVAL");
    verify();
  });

  test("that its customer has spent waits for people; what is short of it is owed, and paid by the deposit that comes back", async () => {
    const { desk, chain, payment, coin, wallet, pass, bury, said, state, balances, verify } =
      await credited();
    spend(desk, BEFORE + 10_000_000n);
    chain.fork(2);
    await pass();
    expect(said()).toEqual(["deposit credited", "deposit gone"]);
    expect(state()).toBe("GONE");
    expect(goneDeposits(desk.store)).toMatchObject([{ coin }]);
    expect(balances()).toEqual({ available: 20_000_000n, owed: 0n, wallet: BEFORE + UNITS });
    step(desk, (tx) => takeBack(DEPOSIT_PORTS, tx, getDeposit(tx, coin), wallet));
    expect(balances()).toEqual({ available: 0n, owed: 10_000_000n, wallet: BEFORE });
    expect(goneDeposits(desk.store)).toEqual([]);
    expectRefusal(() => assertGone(getDeposit(desk.store, coin)), DEPOSIT_IN_CHAIN);
    verify();
    chain.mine(payment);
    bury(2);
    await pass();
    expect(balances()).toEqual({ available: 20_000_000n, owed: 0n, wallet: BEFORE + UNITS });
    verify();
  });

  test("twin: one that is in the new chain as well is credited still, once, and nothing is posted", async () => {
    const { chain, payment, pass, bury, said, state, balances, verify, desk } = await credited();
    spend(desk, BEFORE + 10_000_000n);
    chain.fork(2, payment);
    bury(1);
    await pass();
    expect(state()).toBe("CREDITED");
    expect(said()).toEqual(["deposit credited", "deposit gone", "deposit credited"]);
    expect(balances()).toEqual({ available: 20_000_000n, owed: 0n, wallet: BEFORE + UNITS });
    verify();
  });

  test("F11: a node that lags proves nothing; a shallower reorganisation takes nothing back", async () => {
    const { chain, pass, bury, said, state } = await credited();
    said();
    chain.fork(4);
    bury(1);
    await pass();
    expect([state(), said()]).toEqual(["CREDITED", []]);
    const behind = { ...(await chain.node.tip()), height: 1 };
    chain.node.tip = async () => behind;
    await pass();
    expect([state(), said()]).toEqual(["CREDITED", []]);
  });
});
