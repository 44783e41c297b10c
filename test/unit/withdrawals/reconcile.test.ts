/** F03, F09: blocks are matched with what we know, and ledger, chain and attempts are compared to the unit. */
import { describe, expect, test } from "vitest";
import type { AccountId } from "../../../src/core/account.ts";
import type { Id } from "../../../src/core/identifier.ts";
import { readBlocks } from "../../../src/home/blocks.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { assertReconciled, reconcileNow, RECONCILE_FIRST, trusted } from "../../../src/home/trust.ts";
import { attemptsOf } from "../../../src/store/attempts.ts";
import { findSighting } from "../../../src/store/coins.ts";
import { insertDeposit } from "../../../src/store/deposits.ts";
import { QUARANTINED } from "../../../src/store/failure.ts";
import { verifyLedger } from "../../../src/store/integrity.ts";
import { endQuarantine, openQuarantine, openQuarantines } from "../../../src/store/quarantine.ts";
import { lastReconciliation } from "../../../src/store/reconciliations.ts";
import { NOTHING_TO_BUILD } from "../../../src/withdrawals/batch.ts";
import { broadcastAll } from "../../../watcher/broadcast.ts";
import { compareWithChain } from "../../../watcher/reconcile.ts";
import { trackAll } from "../../../watcher/track.ts";
import {
  ask,
  build,
  CUSTOMER,
  decide,
  exported,
  makeDesk,
  receive,
  step,
  type Desk,
} from "../../attack/online.ts";
import { expectRefusal } from "../../bitcoin/refusal.ts";
import { coinOf, mined, onlineOf, transaction, watcherOf, writtenChain } from "../../factory/chain.ts";
import { PAYEE, stateFor } from "../../factory/custody.ts";
import { approval, BTC, REGTEST } from "../../factory/documents.ts";
import { signed } from "../../factory/gates.ts";
import { ANNA, at, fixtureDigest, fixtureId } from "../../factory/identities.ts";

const QUARTER = 25_000_000n;
const WHOLE = 100_000_000n;
const CUSTOMERS = `${REGTEST}:bcrt1qcustomer` as AccountId;
const DESTINATION = `${REGTEST}:${PAYEE}` as AccountId;

/** A customer's bitcoin that a block holds and the books have, and blocks read up to it. */
async function funded() {
  const desk = makeDesk();
  const chain = writtenChain();
  const deposit = transaction("deposit", [], [{ account: CUSTOMERS, units: WHOLE }]);
  step(desk, (tx) => {
    const { wallet } = desk.custody;
    PORTS.insertAddress(tx, {
      account: CUSTOMERS,
      wallet: wallet.name,
      branch: 0,
      index: 0,
      customer: CUSTOMER,
    });
    const coin = coinOf(deposit.id, 0);
    const amount = { asset: BTC, units: WHOLE };
    insertDeposit(tx, {
      coin,
      account: CUSTOMERS,
      customer: CUSTOMER,
      amount,
      blockHash: fixtureDigest("b"),
      height: 1,
    });
  });
  chain.mine(deposit);
  const compare = async () => (await reconcileNow(onlineOf(desk), desk.custody.policy, chain.node)).compared;
  const read = () => readBlocks(onlineOf(desk), desk.custody.policy, chain.node, undefined);
  await read();
  return { desk, chain, compare, read, theirs: coinOf(deposit.id, 0) };
}

function approved(desk: Desk, key = "k") {
  const asked = ask(desk, key, QUARTER);
  decide(desk, approval(asked.intent, [ANNA], { custody: desk.custody.id }));
  return asked.id;
}

function signedPlan(desk: Desk): { readonly plan: Id; readonly bytes: Uint8Array; readonly id: Id } {
  const id = approved(desk);
  const { plan } = build(desk);
  receive(desk, signed(exported(desk, plan.id).request, stateFor(desk.custody)).receipt);
  return { plan: plan.id, id, bytes: attemptsOf(desk.store, plan.id)[0]?.bytes ?? new Uint8Array() };
}

const stateOf = (desk: Desk, id: Id) => step(desk, (tx) => PORTS.getWithdrawal(tx, id).state);

describe("ledger, chain and attempts", () => {
  test("say the same through the whole life of a payment, before the watcher follows it as well", async () => {
    const { desk, chain, compare } = await funded();
    expect(await compare()).toMatchObject({ verdict: "even", differences: [] });
    const { plan, bytes, id } = signedPlan(desk);
    expect((await compare()).verdict).toBe("even");
    chain.mine(mined(bytes));
    const underWay = await compare();
    expect(underWay).toMatchObject({ verdict: "even", differences: [] });
    const [attempt] = attemptsOf(desk.store, plan);
    expect(underWay.wallets).toMatchObject([{ underWay: QUARTER + (attempt?.feeUnits ?? 0n) }]);
    const { world } = watcherOf(desk, chain.node);
    for (const state of ["CONFIRMING", "CONFIRMING", "COMPLETED"]) {
      await trackAll(world);
      expect(stateOf(desk, id)).toBe(state);
      expect(await compare()).toMatchObject({ verdict: "even", differences: [] });
      chain.mine();
    }
    expect((await compare()).wallets).toMatchObject([{ underWay: 0n, unexplained: 0n }]);
    verifyLedger(desk.store);
  });

  test("what is in the books and on no chain is a difference; a warrant accepts this one and no other", async () => {
    const { desk, compare } = await funded();
    await compare();
    const invent = (units: bigint, coin: string) =>
      step(desk, (tx) =>
        PORTS.post(tx, {
          reason: "deposit",
          subject: coin,
          entries: [
            { account: "wallet:vault", side: "debit", asset: BTC, units },
            { account: `customer:${CUSTOMER}:available`, side: "credit", asset: BTC, units },
          ],
        }),
      );
    invent(5n, "invented");
    const { verdict, differences } = await compare();
    expect(verdict).toBe("differs");
    expect(differences).toEqual([
      "wallet vault: 0.00000005 BTC (5 sat) less on the chain than ledger and attempts explain",
    ]);
    expectRefusal(() => assertReconciled(onlineOf(desk)), RECONCILE_FIRST);
    step(desk, (tx) => {
      const [detail = ""] = differences;
      openQuarantine(tx, { id: fixtureId("accepted"), cause: "differs", subject: detail, detail });
      endQuarantine(tx, fixtureId("accepted"), fixtureDigest("warrant"));
    });
    expect((await compare()).verdict).toBe("even");
    assertReconciled(onlineOf(desk));
    invent(2n, "invented too");
    expect((await compare()).verdict).toBe("differs");
  });

  test("the same difference is written down once, and its end too", async () => {
    const { desk, compare, chain } = await funded();
    await compare();
    const rows = () =>
      desk.store.database.prepare("SELECT verdict FROM reconciliation ORDER BY seq").pluck().all();
    chain.fork(1);
    await compare();
    chain.mine();
    await compare();
    expect(rows()).toEqual(["even", "differs"]);
    expect(lastReconciliation(desk.store)?.report).toMatchObject({ verdict: "differs" });
  });

  test("a comparison lets things be built for as long as the settings say, and a clock that went back ends it", async () => {
    const { desk, compare, chain } = await funded();
    expectRefusal(() => assertReconciled(onlineOf(desk)), RECONCILE_FIRST);
    await compare();
    assertReconciled(onlineOf(desk, at("12:00:00")));
    expectRefusal(() => assertReconciled(onlineOf(desk, at("12:00:01"))), RECONCILE_FIRST);
    expectRefusal(() => assertReconciled(onlineOf(desk, at("09:59:59"))), RECONCILE_FIRST);
    await trusted(onlineOf(desk, at("12:00:01")), desk.custody.policy, chain.node);
    assertReconciled(onlineOf(desk, at("14:00:00")));
  });
});

describe("F03: a block spends our coins by no attempt of ours", () => {
  const theft = (coin: string, units = QUARTER) =>
    transaction(
      "theft",
      [coin],
      [
        { account: DESTINATION, units },
        { account: CUSTOMERS, units: 1_000n },
      ],
    );

  test("nothing is built or first sent until people decide; what it paid exactly is stopped for ever", async () => {
    const { desk, chain, theirs, compare } = await funded();
    const waiting = approved(desk);
    chain.mine(theft(theirs));
    const { world, events } = watcherOf(desk, chain.node);
    const doubt = await compareWithChain(world, undefined);
    expect(doubt).toContain("spends a coin of ours and is no attempt of ours");
    expect(events.map(({ event }) => event)).toEqual(["foreign spend", "paid by a stranger"]);
    expect(openQuarantines(desk.store)).toMatchObject([
      { cause: "foreign-spend", subject: fixtureDigest("theft") },
    ]);
    expect(findSighting(desk.store, waiting)).toMatchObject({ transaction: fixtureDigest("theft") });
    // The gone coins are explained: what is to be decided is the quarantine, not the sum.
    expect((await compare()).verdict).toBe("even");
    expect(() => build(desk)).toThrow();
    expectRefusal(() => assertReconciled(onlineOf(desk)), QUARANTINED);
    step(desk, (tx) => endQuarantine(tx, openQuarantines(tx)[0]?.id as Id, fixtureDigest("warrant")));
    expect(() => build(desk)).toThrow(expect.objectContaining({ code: NOTHING_TO_BUILD.code }));
  });

  test("twin: another amount stops nobody for ever; after the sign-off it is built", async () => {
    const { desk, chain, theirs, read } = await funded();
    const waiting = approved(desk);
    chain.mine(theft(theirs, QUARTER + 1n));
    const { cries } = await read();
    expect(cries.map(({ event }) => event)).toEqual(["foreign spend"]);
    expect(findSighting(desk.store, waiting)).toBeUndefined();
    step(desk, (tx) => endQuarantine(tx, openQuarantines(tx)[0]?.id as Id, fixtureDigest("warrant")));
    expect(build(desk).withdrawals).toMatchObject([{ id: waiting }]);
  });

  test("a payment that was asked for again after the block is found by the next comparison", async () => {
    const { desk, chain, theirs, read, compare } = await funded();
    chain.mine(theft(theirs));
    await read();
    const again = ask(desk, "asked again after the loss", QUARTER).id;
    await compare();
    expect(findSighting(desk.store, again)).toMatchObject({ transaction: fixtureDigest("theft") });
    const second = ask(desk, "another of the same amount", QUARTER).id;
    await compare();
    expect(findSighting(desk.store, second)).toBeUndefined();
  });

  test("a coin that is planned and not known from blocks is ours too", async () => {
    const { desk, chain, read } = await funded();
    approved(desk);
    const { document } = build(desk);
    chain.mine(theft(document.body.conflictKeys[0] as string, 7n));
    expect((await read()).cries.map(({ event }) => event)).toEqual(["foreign spend"]);
  });

  test("once signed off, the same transaction in another block opens nothing again", async () => {
    const { desk, chain, theirs, read } = await funded();
    chain.mine(theft(theirs));
    await read();
    const [open] = openQuarantines(desk.store);
    step(desk, (tx) => endQuarantine(tx, open?.id as Id, fixtureDigest("warrant")));
    chain.fork(2, theft(theirs));
    await read();
    expect(openQuarantines(desk.store)).toEqual([]);
  });

  test("a rung that is sent by somebody before its receipt is here is ours: no quarantine, and even", async () => {
    const { desk, chain, compare, read } = await funded();
    approved(desk);
    const { plan } = build(desk);
    const { request } = exported(desk, plan.id);
    const { receipt } = signed(request, stateFor(desk.custody));
    const elsewhere = makeDesk();
    approved(elsewhere);
    const twin = build(elsewhere);
    receive(
      elsewhere,
      signed(exported(elsewhere, twin.plan.id).request, stateFor(elsewhere.custody)).receipt,
    );
    chain.mine(mined(attemptsOf(elsewhere.store, twin.plan.id)[0]?.bytes ?? new Uint8Array()));
    const { cries } = await read();
    expect(cries.map(({ event }) => event)).toEqual(["sent before its receipt"]);
    expect(openQuarantines(desk.store)).toEqual([]);
    expect((await compare()).verdict).toBe("even");
    receive(desk, receipt);
    await trackAll(watcherOf(desk, chain.node).world);
    expect(attemptsOf(desk.store, plan.id)[0]?.state).toBe("CONFIRMING");
    expect((await compare()).verdict).toBe("even");
  });
});

describe("F10: blocks that leave the chain take back what they have shown", () => {
  test("coins, spends and payments of strangers; what stands in the other chain is read", async () => {
    const { desk, chain, compare, read } = await funded();
    const { bytes } = signedPlan(desk);
    chain.mine(mined(bytes));
    await read();
    chain.fork(2);
    expect((await read()).gone).toBe(1);
    const { verdict, wallets } = await compare();
    expect(verdict).toBe("even");
    expect(wallets).toMatchObject([{ coins: WHOLE, underWay: 0n }]);
    chain.mine(mined(bytes));
    expect((await compare()).wallets).toMatchObject([{ unexplained: 0n }]);
  });

  test("F11: a node that lags takes nothing back, and is no ground to build on", async () => {
    const { desk, chain, compare, read } = await funded();
    chain.mine();
    await read();
    const behind = { ...(await chain.node.tip()), height: 1, hash: fixtureDigest("old") };
    chain.node.tip = async () => behind;
    expect((await compare()).verdict).toBe("behind");
    expect((await read()).gone).toBe(0);
    expectRefusal(() => assertReconciled(onlineOf(desk)), RECONCILE_FIRST);
  });
});

describe("the watcher", () => {
  test("compares before it sends anything, at each start", async () => {
    const { desk, chain } = await funded();
    signedPlan(desk);
    const { world } = watcherOf(desk, chain.node);
    expect(await compareWithChain(world, undefined)).toBeUndefined();
    expect(lastReconciliation(desk.store)?.verdict).toBe("even");
    await broadcastAll(world);
    expect(chain.sent).toHaveLength(1);
  });

  test("sends nothing for the first time where it has doubts, and what was sent before again", async () => {
    const { desk, chain } = await funded();
    const { plan } = signedPlan(desk);
    const { world, events } = watcherOf(desk, chain.node);
    await broadcastAll({ ...world, doubt: "ledger and chain differ" });
    expect(chain.sent).toEqual([]);
    expect(events).toMatchObject([{ event: "not sent", reason: "ledger and chain differ" }]);
    await broadcastAll(world);
    expect(chain.sent).toHaveLength(1);
    await trackAll(world);
    expect(attemptsOf(desk.store, plan)[0]?.state).toBe("UNCERTAIN");
    await broadcastAll({ ...world, doubt: "ledger and chain differ" });
    expect(chain.sent[1]).toEqual(chain.sent[0]);
  });
});
