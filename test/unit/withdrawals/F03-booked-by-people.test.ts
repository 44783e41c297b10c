/** F03, F09: what somebody else's transaction took gets a posting, by two admins' warrant: a loss, or a payment after all. */
import { describe, expect, test } from "vitest";
import { FOREIGN_PORTS } from "../../../src/home/chain-ports.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { unbookedLosses } from "../../../src/store/foreign.ts";
import { findSighting, openSightings } from "../../../src/store/sightings.ts";
import { STATE_CONFLICT } from "../../../src/core/states/edges.ts";
import {
  bookLoss,
  FOREIGN_BOOKED,
  FOREIGN_SHALLOW,
  FOREIGN_UNKNOWN,
  NOT_PAID_BY,
  PAID_TOO_EARLY,
  settleByForeign,
  takenFrom,
} from "../../../src/withdrawals/following/foreign.ts";
import { SIGHTING_UNKNOWN } from "../../../src/withdrawals/settling/unpaid.ts";
import { ask, build, decide, exported, step } from "../../attack/online.ts";
import { expectRefusal } from "../../bitcoin/refusal.ts";
import { approval } from "../../factory/documents.ts";
import { ANNA, at } from "../../factory/identities.ts";
import {
  QUARTER,
  WHOLE,
  FEE,
  TX,
  DEEP,
  taken,
  approved,
  warrant,
  take,
  book,
  paid,
  unpaid,
  signOff,
  stateOf,
  balances,
  verify,
} from "../../factory/foreign-spend.ts";

describe("F03: coins that a foreign transaction took", () => {
  test("are an unbooked loss, signed off or not, until it is booked: once, and then they are foreign no more", async () => {
    const { desk, chain, theirs, read, compare } = await taken([QUARTER]);
    chain.mine(theirs);
    await read();
    signOff(desk);
    expect(await compare()).toMatchObject({ verdict: "even", wallets: [{ foreign: WHOLE }] });
    expect(unbookedLosses(desk.store)).toMatchObject([{ transaction: TX, units: QUARTER + FEE }]);
    book(desk);
    expect(unbookedLosses(desk.store)).toEqual([]);
    expect(balances(desk)).toMatchObject({ wallet: WHOLE - QUARTER - FEE, loss: QUARTER + FEE, fee: 0n });
    expect(await compare()).toMatchObject({
      verdict: "even",
      wallets: [{ foreign: 0n, uncredited: 0n, ledger: WHOLE - QUARTER - FEE, unexplained: 0n }],
    });
    expectRefusal(() => book(desk), FOREIGN_BOOKED);
    expect(() => desk.store.database.exec("DELETE FROM foreign_booking")).toThrow();
    verify(desk);
  });

  test("are booked as deep as the policy asks, and for nothing that is ours", async () => {
    const { desk, chain, theirs, read } = await taken([QUARTER]);
    expectRefusal(() => take(desk), FOREIGN_UNKNOWN);
    chain.mine(theirs);
    await read();
    expectRefusal(() => take(desk, { deep: 1 }), FOREIGN_SHALLOW);
    expect(take(desk, { deep: 2 })).toMatchObject({ units: QUARTER + FEE });
  });

  test("F10: a booked loss that a reorganisation takes back is a difference, and booked back by another warrant", async () => {
    const { desk, chain, theirs, read, compare } = await taken([QUARTER]);
    chain.mine(theirs);
    await read();
    signOff(desk);
    book(desk);
    chain.fork(2);
    expect((await compare()).verdict).toBe("differs");
    const wallet = desk.custody.wallet.name;
    step(desk, (tx) => {
      const gone = takenFrom(FOREIGN_PORTS, tx, { transaction: TX, wallet }, DEEP);
      bookLoss(FOREIGN_PORTS, tx, gone, warrant());
    });
    expect(balances(desk)).toMatchObject({ wallet: WHOLE, loss: 0n });
    expect((await compare()).verdict).toBe("even");
    verify(desk);
  });
});

describe("F09: it paid a withdrawal of the lost hours", () => {
  test("which is COMPLETED by it, its hold gone, its fee booked; no other withdrawal is by the same output", async () => {
    const { desk, chain, theirs, read, compare } = await taken([QUARTER]);
    const id = approved(desk, "k");
    const twin = approved(desk, "twin");
    chain.mine(theirs);
    await read();
    signOff(desk);
    expect(
      openSightings(desk.store)
        .map(({ withdrawal }) => withdrawal)
        .sort(),
    ).toEqual([id, twin].sort());
    expect(paid(desk, id).state).toBe("COMPLETED");
    expect(balances(desk)).toEqual({
      wallet: WHOLE - QUARTER - FEE,
      loss: 0n,
      fee: FEE,
      held: QUARTER,
    });
    expect(await compare()).toMatchObject({ verdict: "even", wallets: [{ foreign: 0n, unexplained: 0n }] });
    expectRefusal(() => paid(desk, id), NOT_PAID_BY);
    expectRefusal(() => paid(desk, twin), NOT_PAID_BY);
    unpaid(desk, twin);
    expect(openSightings(desk.store)).toEqual([]);
    expect(build(desk).withdrawals).toMatchObject([{ id: twin }]);
    verify(desk);
  });

  test("a batch: what was booked as a loss first is found to be payments, one by one", async () => {
    const { desk, chain, theirs, read, compare } = await taken([QUARTER, QUARTER, 5_000_000n]);
    const ids = [approved(desk, "one"), approved(desk, "two")] as const;
    chain.mine(theirs);
    await read();
    signOff(desk);
    book(desk);
    expect(balances(desk).loss).toBe(2n * QUARTER + 5_000_000n + FEE);
    for (const id of ids) paid(desk, id);
    expect(balances(desk)).toEqual({
      wallet: WHOLE - 2n * QUARTER - 5_000_000n - FEE,
      loss: 5_000_000n,
      fee: FEE,
      held: 0n,
    });
    expect((await compare()).verdict).toBe("even");
    verify(desk);
  });

  test("another amount to the same destination is no payment of it, and the database refuses COMPLETED without a row", async () => {
    const { desk, chain, theirs, read } = await taken([QUARTER - 1n]);
    const id = approved(desk, "k");
    chain.mine(theirs);
    await read();
    expectRefusal(() => paid(desk, id), NOT_PAID_BY);
    expect(findSighting(desk.store, id)).toMatchObject({ transaction: TX });
    const lying = { ...FOREIGN_PORTS, insertForeignSettlement: () => undefined };
    const other = await taken([QUARTER]);
    const mine = approved(other.desk, "k");
    other.chain.mine(other.theirs);
    await other.read();
    expect(() =>
      step(other.desk, (tx) =>
        settleByForeign(lying, tx, PORTS.getWithdrawal(tx, mine), {
          taken: take(other.desk),
          warrant: warrant(),
        }),
      ),
    ).toThrow("by an attempt of ours, or by what two admins have said");
    expect(stateOf(other.desk, mine)).toBe("READY");
  });

  test("not while a plan of it may still pay it; not what has ended", async () => {
    const { desk, chain, theirs, read } = await taken([QUARTER]);
    const id = approved(desk, "k");
    exported(desk, build(desk).plan.id);
    const drafted = approved(desk, "drafted", QUARTER);
    build(desk, { coins: [{ units: 70_000_000n, index: 1 }] });
    chain.mine(theirs);
    await read();
    expectRefusal(() => paid(desk, drafted), PAID_TOO_EARLY);
    expectRefusal(() => paid(desk, id), PAID_TOO_EARLY);
    const other = await taken([QUARTER]);
    const ended = ask(other.desk, "ended", QUARTER);
    decide(
      other.desk,
      approval(ended.intent, [ANNA], { custody: other.desk.custody.id, decision: "reject" }),
    );
    expect(stateOf(other.desk, ended.id)).toBe("REJECTED");
    other.chain.mine(other.theirs);
    await other.read();
    expectRefusal(() => paid(other.desk, ended.id), STATE_CONFLICT);
    for (const each of [desk, other.desk]) verify(each);
  });
});

describe("F03: it did not pay that withdrawal", () => {
  test("which goes on; another warrant for the same finds nothing, and the match does not come back", async () => {
    const { desk, chain, theirs, read, compare } = await taken([QUARTER]);
    const id = approved(desk, "k");
    chain.mine(theirs);
    await read();
    signOff(desk);
    expect(() => build(desk)).toThrow();
    expect(unpaid(desk, id)).toBe("READY");
    await compare();
    expect(findSighting(desk.store, id)).toBeUndefined();
    expectRefusal(() => unpaid(desk, id), SIGHTING_UNKNOWN);
    expect(build(desk, { now: at("09:12:00") }).withdrawals).toMatchObject([{ id }]);
    verify(desk);
  });
});
