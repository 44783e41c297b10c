/**
 * F6, F10: a plan is over, its coins are free or another plan's, and a block holds a rung of it whose receipt never came. What
 * was signed can be sent for ever: it is told from a theft whatever has become of its plan.
 */
import { describe, expect, test } from "vitest";
import { bitcoinCodec } from "../../../src/chains/bitcoin/index.ts";
import type { AccountId } from "../../../src/core/account.ts";
import type { IntentDocument } from "../../../src/core/documents/intent.ts";
import type { Id } from "../../../src/core/identifier.ts";
import { FOREIGN_PORTS } from "../../../src/home/chain-ports.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { attemptsOf } from "../../../src/store/attempts.ts";
import { haltFlags } from "../../../src/store/halt-flags.ts";
import { verifyLedger } from "../../../src/store/integrity.ts";
import { leasedKeys } from "../../../src/store/plans.ts";
import { openQuarantines } from "../../../src/store/quarantine.ts";
import { importDead } from "../../../src/withdrawals/ending/bury.ts";
import { draftDead } from "../../../src/withdrawals/ending/dead.ts";
import { attemptsBuilt } from "../../../src/withdrawals/ending/deceased.ts";
import { bookLoss, settleByForeign, takenFrom } from "../../../src/withdrawals/following/foreign.ts";
import { attemptsAsBuilt } from "../../../src/withdrawals/planning/plan-bytes.ts";
import { supersedeWithdrawal } from "../../../src/withdrawals/ending/supersede.ts";
import { importVoid } from "../../../src/withdrawals/ending/void.ts";
import { trackDead } from "../../../watcher/dead.ts";
import { trackAll, trackSettled } from "../../../watcher/track.ts";
import { ask, build, decide, exported, makeDesk, receive, step, type Desk } from "../../attack/online.ts";
import { mined, transaction, watcherOf } from "../../factory/chain.ts";
import { PAYEE, stateFor } from "../../factory/custody.ts";
import { approval, REGTEST, row, signedDocument } from "../../factory/documents.ts";
import { funded } from "../../factory/funded.ts";
import { after, signed } from "../../factory/gates.ts";
import { ANNA, at, BEN, fixtureDigest } from "../../factory/identities.ts";
import { strict, voided } from "../../factory/online-words.ts";

const QUARTER = 25_000_000n;
const OTHER_COINS = [{ units: 70_000_000n, index: 1 }];

function approve(desk: Desk, intent: IntentDocument, when = "09:05:00"): void {
  for (const who of [ANNA, BEN])
    decide(desk, approval(intent, [who], { custody: desk.custody.id }, at(when)), at(when));
}

const TWO_PEOPLE = { ...strict({}), rows: [row("small", "0", "100000000", 2)] };

function asked(desk: Desk, key = "k", units = QUARTER) {
  const made = ask(desk, key, units);
  approve(desk, made.intent);
  return made;
}

/** A plan that left; its receipt is withheld. */
function withheld(desk: Desk) {
  const { id, intent } = asked(desk);
  const plan = build(desk).plan.id;
  return { id, intent, plan, request: exported(desk, plan).request };
}

/** The rung that was withheld: the same plan, built and signed where its receipt came. @param beside what else it pays */
function rung(kind: "rung" | "cancel" = "rung", beside?: bigint): Uint8Array {
  const elsewhere = makeDesk(TWO_PEOPLE);
  if (beside !== undefined) asked(elsewhere, "beside", beside);
  const { plan, request } = withheld(elsewhere);
  receive(elsewhere, signed(request, stateFor(elsewhere.custody)).receipt);
  return attemptsOf(elsewhere.store, plan).find((one) => one.kind === kind)?.bytes ?? new Uint8Array();
}

/** People declare it dead: its coins are free. */
function bury(desk: Desk, first: Id) {
  const { policy, wallet } = desk.custody;
  const view = { wallet, network: "regtest" as const, highestIndex: 1, own: policy.body.wallets, tokens: [] };
  step(desk, (tx) => {
    const plan = PORTS.getPlan(tx, first);
    const decoded = attemptsAsBuilt(PORTS, tx, plan, { codec: () => bitcoinCodec, view: () => view });
    const conflictKey = decoded.rungs[0]?.conflictKeys[0] ?? "";
    const block = { hash: fixtureDigest("block"), height: 200 };
    const spent = { conflictKey, spentBy: fixtureDigest("somebody else's"), block };
    const dead = signedDocument(
      draftDead(attemptsBuilt(plan, decoded), spent, policy),
      [ANNA, BEN],
      at("09:18:00"),
    );
    importDead(PORTS, tx, dead, { policy, decode: () => decoded });
  });
  expect(leasedKeys(desk.store).size).toBe(0);
}

/** The withdrawal's second generation, of other coins, signed. @returns its cheapest rung */
function again(desk: Desk, id: Id, request: Parameters<typeof signed>[0]) {
  const now = at("09:20:00");
  const about = { policy: desk.custody.policy, now };
  const next = step(
    desk,
    (tx) =>
      supersedeWithdrawal(PORTS, tx, PORTS.getWithdrawal(tx, id), { ...about, operation: tx.operation }),
    now,
  );
  approve(desk, next.intent, "09:21:00");
  const { plan } = build(desk, { coins: OTHER_COINS, now: at("09:22:00") });
  const state = after(stateFor(desk.custody), signed(request, stateFor(desk.custody)));
  receive(desk, signed(exported(desk, plan.id, { now: at("09:23:00") }).request, state).receipt);
  return { plan: plan.id, bytes: attemptsOf(desk.store, plan.id)[0]?.bytes ?? new Uint8Array() };
}

async function scene() {
  const made = await funded(TWO_PEOPLE);
  const { desk, chain } = made;
  const { world, events } = watcherOf(desk, chain.node);
  const follow = async () => {
    await trackSettled(world);
    await trackDead(world);
    await trackAll(world);
  };
  const read = async () => (await made.read()).cries.map(({ event }) => event);
  const settle = async () => {
    chain.mine();
    chain.mine();
    await made.read();
    await follow();
  };
  const stateOf = (id: Id) => step(desk, (tx) => PORTS.getWithdrawal(tx, id).state);
  const planState = (id: Id) => step(desk, (tx) => PORTS.getPlan(tx, id).state);
  const said = () => events.filter(({ level }) => level === "error").map(({ event }) => event);
  return { ...made, read, follow, settle, stateOf, planState, said };
}

/** It is rejected, and its signer has voided it: its hold is released, and the plan's coins are free. */
function release(desk: Desk, intent: IntentDocument) {
  decide(desk, approval(intent, [BEN], { custody: desk.custody.id, decision: "reject" }));
  step(desk, (tx) => importVoid(PORTS, tx, voided(desk, intent), { policy: desk.custody.policy }));
}

/** A transaction of somebody else's, of the coin `theirs`, that two admins take for the withdrawal's payment. */
function paidElsewhere(desk: Desk, id: Id, transaction: string) {
  step(desk, (tx) => {
    const taken = takenFrom(FOREIGN_PORTS, tx, { transaction }, { deep: 1_000 });
    const said = { taken, warrant: fixtureDigest("warrant of the payment") };
    settleByForeign(FOREIGN_PORTS, tx, PORTS.getWithdrawal(tx, id), said);
  });
}

/** What a transaction took is booked as a loss, by two admins. */
function lose(desk: Desk, transaction: string) {
  step(desk, (tx) => {
    const taken = takenFrom(FOREIGN_PORTS, tx, { transaction }, { deep: 1_000 });
    bookLoss(FOREIGN_PORTS, tx, taken, fixtureDigest("warrant"));
  });
}

describe("a withheld rung of a plan that is over is in a block", () => {
  test("F10: a reorganisation puts it in the place of what had beaten it: it pays, once, and the books say so", async () => {
    const { desk, chain, read, follow, settle, compare, stateOf, planState } = await scene();
    const { id, plan: first } = withheld(desk);
    const second = build(desk, { replaces: first, feeRatesMilli: [40_000n] }).plan.id;
    receive(desk, signed(exported(desk, second).request, stateFor(desk.custody)).receipt);
    chain.mine(mined(attemptsOf(desk.store, second)[0]?.bytes ?? new Uint8Array()));
    await read();
    await follow();
    await settle();
    expect([stateOf(id), planState(first), planState(second)]).toEqual(["COMPLETED", "DEAD", "SETTLED"]);
    const bytes = rung();
    chain.fork(2, mined(bytes));
    expect(await read()).toEqual(["sent before its receipt"]);
    expect(openQuarantines(desk.store)).toEqual([]);
    expect(attemptsOf(desk.store, first)).toMatchObject([{ kind: "rung", bytes }]);
    await follow();
    await settle();
    expect([stateOf(id), planState(first), planState(second)]).toEqual(["COMPLETED", "SETTLED", "DEAD"]);
    expect(await compare()).toMatchObject({ verdict: "even", wallets: [{ underWay: 0n, foreign: 0n }] });
    verifyLedger(desk.store);
  });

  test("F06: declared dead, its coins another plan's by now: it is followed, and not taken for a theft", async () => {
    const { desk, chain, read, follow, settle, compare, stateOf, planState, said } = await scene();
    const { id, plan } = withheld(desk);
    bury(desk, plan);
    asked(desk, "other", 10_000_000n);
    const other = build(desk).plan.id;
    exported(desk, other);
    expect(stateOf(id)).toBe("EXPIRED");
    chain.mine(mined(rung()));
    expect(await read()).toEqual(["sent before its receipt"]);
    await follow();
    expect(said()).toEqual(["dead plan in a block"]);
    await settle();
    expect([stateOf(id), planState(plan), planState(other)]).toEqual(["COMPLETED", "SETTLED", "EXPORTED"]);
    expect(openQuarantines(desk.store)).toEqual([]);
    expect((await compare()).verdict).toBe("even");
    verifyLedger(desk.store);
  });

  test("F10: its cancel rung is ours too: the fee is booked, and nobody was paid", async () => {
    const { desk, chain, read, follow, settle, compare, stateOf, planState } = await scene();
    const { id, plan } = withheld(desk);
    bury(desk, plan);
    chain.mine(mined(rung("cancel")));
    expect(await read()).toEqual(["sent before its receipt"]);
    await follow();
    await settle();
    expect([stateOf(id), planState(plan)]).toEqual(["EXPIRED", "CANCELLED"]);
    expect((await compare()).verdict).toBe("even");
    verifyLedger(desk.store);
  });

  test("F10: its cancel rung is ours where the hold was released too", async () => {
    const { desk, chain, read, follow, settle, compare, stateOf, planState } = await scene();
    const { id, intent, plan } = withheld(desk);
    release(desk, intent);
    expect([stateOf(id), planState(plan)]).toEqual(["REJECTED", "DEAD"]);
    chain.mine(mined(rung("cancel")));
    expect(await read()).toEqual(["sent before its receipt"]);
    await follow();
    await settle();
    expect([stateOf(id), planState(plan)]).toEqual(["REJECTED", "CANCELLED"]);
    expect((await compare()).verdict).toBe("even");
    verifyLedger(desk.store);
  });

  test("F10: what is to be paid anew is stopped, and paid by the withheld rung alone", async () => {
    const { desk, chain, read, follow, settle, stateOf, planState, said } = await scene();
    const { id, plan, request } = withheld(desk);
    bury(desk, plan);
    const next = again(desk, id, request);
    chain.mine(mined(rung()));
    expect(await read()).toEqual(["sent before its receipt"]);
    await follow();
    expect(said()).toEqual(["dead plan in a block"]);
    await settle();
    expect([stateOf(id), planState(plan), planState(next.plan)]).toEqual(["COMPLETED", "SETTLED", "SIGNED"]);
    verifyLedger(desk.store);
  });
});

test("F10: one member of a batch was released, the other not: that one is paid by it, and the host stops for the first", async () => {
  const { desk, chain, read, follow, settle, compare, stateOf, said } = await scene();
  const beside = asked(desk, "beside", 10_000_000n).id;
  const { id, intent, plan } = withheld(desk);
  release(desk, intent);
  bury(desk, plan);
  chain.mine(mined(rung("rung", 10_000_000n)));
  expect(await read()).toEqual(["sent before its receipt"]);
  await follow();
  await settle();
  expect([stateOf(id), stateOf(beside)]).toEqual(["REJECTED", "COMPLETED"]);
  expect(said()).toEqual(["dead plan in a block", "paid after release"]);
  expect(haltFlags(desk.store).map(({ code }) => code)).toContain("paid-after-release");
  expect((await compare()).verdict).toBe("differs");
  verifyLedger(desk.store);
});

describe("a withheld rung that nobody is left to be paid by", () => {
  test("F10: the later generation is in the chain: the second payment is a stranger's, and a loss that people book", async () => {
    const { desk, chain, read, follow, settle, compare, stateOf, planState } = await scene();
    const { id, plan, request } = withheld(desk);
    bury(desk, plan);
    chain.mine(mined(again(desk, id, request).bytes));
    await read();
    await follow();
    await settle();
    expect(stateOf(id)).toBe("COMPLETED");
    const late = mined(rung());
    chain.mine(late);
    expect(await read()).toEqual(["foreign spend"]);
    expect(openQuarantines(desk.store)).toMatchObject([{ cause: "foreign-spend", subject: late.id }]);
    expect([attemptsOf(desk.store, plan), planState(plan)]).toEqual([[], "DEAD"]);
    lose(desk, late.id);
    expect(await compare()).toMatchObject({ verdict: "even", wallets: [{ foreign: 0n }] });
    verifyLedger(desk.store);
  });

  test("F10: two admins have said what paid it, and blocks show that: the same; not once that has left the chain", async () => {
    const { desk, chain, theirs, read, stateOf } = await scene();
    const { id, plan } = withheld(desk);
    bury(desk, plan);
    const pays = [{ account: `${REGTEST}:${PAYEE}` as AccountId, units: QUARTER }];
    const elsewhere = transaction("elsewhere", [theirs], pays);
    chain.mine(elsewhere);
    await read();
    paidElsewhere(desk, id, elsewhere.id);
    expect(stateOf(id)).toBe("COMPLETED");
    const late = mined(rung());
    chain.mine(late);
    expect(await read()).toEqual(["foreign spend"]);
    expect(attemptsOf(desk.store, plan)).toEqual([]);
    chain.fork(2, late);
    expect(await read()).toEqual(["sent before its receipt"]);
    expect(attemptsOf(desk.store, plan)).toMatchObject([{ state: "SIGNED" }]);
  });

  test("F10: its hold was released: the same, and who asks for it again is stopped", async () => {
    const { desk, chain, read, compare, stateOf, planState } = await scene();
    const { id, intent, plan } = withheld(desk);
    release(desk, intent);
    expect([stateOf(id), planState(plan)]).toEqual(["REJECTED", "DEAD"]);
    ask(desk, "again", QUARTER);
    const late = mined(rung());
    chain.mine(late);
    expect(await read()).toEqual(["foreign spend", "paid by a stranger"]);
    expect(openQuarantines(desk.store)).toMatchObject([{ cause: "foreign-spend", subject: late.id }]);
    expect(attemptsOf(desk.store, plan)).toEqual([]);
    lose(desk, late.id);
    expect((await compare()).verdict).toBe("even");
    verifyLedger(desk.store);
  });
});
