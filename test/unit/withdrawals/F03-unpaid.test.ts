/** F03, F09, F10: what a foreign transaction may have paid is kept until two admins say; what left the chain is taken back. */
import { describe, expect, test } from "vitest";
import type { Name } from "../../../src/core/identifier.ts";
import { postRelease } from "../../../src/core/ledger.ts";
import { UNPAID_PORTS } from "../../../src/home/chain-ports.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { findSighting, openSightings } from "../../../src/store/sightings.ts";
import { FOREIGN_BOOKED } from "../../../src/withdrawals/following/foreign.ts";
import { blockWithdrawal } from "../../../src/withdrawals/stopping/hold.ts";
import { paymentOf } from "../../../src/withdrawals/step.ts";
import {
  coinsSighted,
  dismissSightings,
  PAYMENT_IN_CHAIN,
  SIGHTING_UNKNOWN,
} from "../../../src/withdrawals/settling/unpaid.ts";
import { ask, build, decide, step } from "../../attack/online.ts";
import { expectRefusal } from "../../bitcoin/refusal.ts";
import { transaction } from "../../factory/chain.ts";
import { approval } from "../../factory/documents.ts";
import { ANNA } from "../../factory/identities.ts";
import {
  QUARTER,
  WHOLE,
  CHANGE,
  DESTINATION,
  TX,
  taken,
  approved,
  warrant,
  paid,
  unpaid,
  unsettle,
  cancel,
  signOff,
  stateOf,
  balances,
  verify,
} from "../../factory/foreign-spend.ts";

/** One withdrawal of the amount that a stranger's transaction has paid, once people have ended the quarantine. */
async function sighted(asked: "approved" | "not approved", outputs: readonly bigint[] = [QUARTER]) {
  const made = await taken(outputs);
  const { desk, chain, theirs, read } = made;
  chain.mine(theirs);
  await read();
  signOff(desk);
  const id = asked === "approved" ? approved(desk, "k") : ask(desk, "k", QUARTER).id;
  expect(findSighting(desk.store, id)).toBeDefined();
  return { ...made, id };
}

describe("F03, F12: what a transaction may have paid is not given back by one person", () => {
  test("a cancel is kept, its hold too; two admins say that it was paid", async () => {
    const { desk, id } = await sighted("not approved");
    expect(cancel(desk, id).state).toBe("REVOKING");
    expect(balances(desk).held).toBe(QUARTER);
    expect(openSightings(desk.store)).toMatchObject([{ withdrawal: id }]);
    expect(paid(desk, id).state).toBe("COMPLETED");
    expect(balances(desk).held).toBe(0n);
    verify(desk);
  });

  test("so is a reject; that it was another payment releases what nobody has approved, without a void", async () => {
    const { desk, id, intent } = await sighted("not approved").then((made) => ({
      ...made,
      intent: ask(made.desk, "k", QUARTER).intent,
    }));
    decide(desk, approval(intent, [ANNA], { custody: desk.custody.id, decision: "reject" }));
    expect(stateOf(desk, id)).toBe("REVOKING");
    expect(unpaid(desk, id)).toBe("REJECTED");
    expect(balances(desk).held).toBe(0n);
    verify(desk);
  });

  test("twin: what was approved waits for its voids after that", async () => {
    const { desk, id } = await sighted("approved");
    expect(cancel(desk, id).state).toBe("REVOKING");
    expect(unpaid(desk, id)).toBe("REVOKING");
    expect(balances(desk).held).toBe(QUARTER);
  });

  test("the database refuses the release as well, whoever asks for it", async () => {
    const { desk, id } = await sighted("not approved");
    const release = () =>
      step(desk, (tx) => PORTS.post(tx, postRelease(paymentOf(PORTS.getWithdrawal(tx, id)))));
    expect(release).toThrow("an unknown transaction may have paid what it is for");
    unpaid(desk, id);
    expect(release).not.toThrow();
  });

  test("F09: a client that asks again under a new key is stopped too, whatever has become of the first", async () => {
    const { desk, id, compare } = await sighted("not approved");
    const before = approved(desk, "while the first is undecided");
    unpaid(desk, id);
    cancel(desk, id);
    const after = approved(desk, "when it has ended");
    const other = approved(desk, "another amount", QUARTER - 1n);
    await compare();
    expect(
      openSightings(desk.store)
        .map(({ withdrawal }) => withdrawal)
        .sort(),
    ).toEqual([before, after].sort());
    expect(build(desk).withdrawals).toMatchObject([{ id: other }]);
    // Once people have said which it paid, the next of the same amount is its own.
    paid(desk, after);
    const next = approved(desk, "next month");
    await compare();
    expect(findSighting(desk.store, next)).toBeUndefined();
  });

  test("what is frozen is matched like any other, for it comes back", async () => {
    const { desk, chain, theirs, read } = await taken([QUARTER]);
    const { id } = ask(desk, "k", QUARTER);
    step(desk, (tx) =>
      blockWithdrawal(PORTS, tx, PORTS.getWithdrawal(tx, id), { code: "hit" as Name, warrant: warrant() }),
    );
    chain.mine(theirs);
    await read();
    expect(openSightings(desk.store)).toMatchObject([{ withdrawal: id }]);
    signOff(desk);
    expect(paid(desk, id).state).toBe("COMPLETED");
    verify(desk);
  });

  test("what was matched after people had signed stands: they name the outputs", async () => {
    const { desk, id } = await sighted("not approved", [QUARTER, QUARTER]);
    const [first] = step(desk, (tx) => coinsSighted(UNPAID_PORTS, tx, { id }, TX));
    step(desk, (tx) =>
      dismissSightings(
        UNPAID_PORTS,
        tx,
        { id },
        { transaction: TX, coins: [first as string], warrant: warrant() },
      ),
    );
    expect(step(desk, (tx) => coinsSighted(UNPAID_PORTS, tx, { id }, TX))).toHaveLength(1);
    expect(cancel(desk, id).state).toBe("REVOKING");
  });
});

describe("F10: the transaction that was said to have paid leaves the chain", () => {
  test.each([
    ["what waited is held", false, "ON_HOLD"],
    ["what was not wanted is not wanted still, and its hold is kept", true, "REVOKING"],
  ] as const)("%s; it is paid by it again when a block holds it again", async (_, cancelled, state) => {
    const { desk, chain, theirs, id, read, compare } = await sighted("approved");
    if (cancelled) cancel(desk, id);
    paid(desk, id);
    expectRefusal(() => unsettle(desk, id), PAYMENT_IN_CHAIN);
    chain.fork(2);
    expect((await compare()).verdict).toBe("differs");
    expect(unsettle(desk, id).state).toBe(state);
    expect(balances(desk)).toEqual({ wallet: WHOLE, loss: 0n, fee: 0n, held: QUARTER });
    expect((await compare()).verdict).toBe("even");
    // It may come back: nothing pays it meanwhile, and nothing gives it back.
    expect(findSighting(desk.store, id)).toMatchObject({ transaction: TX });
    expectRefusal(() => unsettle(desk, id), SIGHTING_UNKNOWN);
    verify(desk);
    chain.mine(theirs);
    await read();
    expect(paid(desk, id).state).toBe("COMPLETED");
    expect((await compare()).verdict).toBe("even");
    verify(desk);
  });

  test("said to be another payment, then to be this one after all, then gone: it is on hold, and nothing else", async () => {
    const { desk, chain, id, compare } = await sighted("approved");
    unpaid(desk, id);
    expect(paid(desk, id).state).toBe("COMPLETED");
    chain.fork(2);
    expect((await compare()).verdict).toBe("differs");
    expect(unsettle(desk, id).state).toBe("ON_HOLD");
    expect(balances(desk)).toEqual({ wallet: WHOLE, loss: 0n, fee: 0n, held: QUARTER });
    expect((await compare()).verdict).toBe("even");
    expectRefusal(() => unsettle(desk, id), SIGHTING_UNKNOWN);
    verify(desk);
  });

  test("of a batch each is taken back by itself, and the books fit in between", async () => {
    const { desk, chain, id, compare } = await sighted("approved", [QUARTER, QUARTER]);
    const other = approved(desk, "other");
    for (const one of [id, other]) paid(desk, one);
    chain.fork(2);
    await compare();
    for (const one of [id, other]) {
      unsettle(desk, one);
      verify(desk);
    }
    expect(balances(desk)).toEqual({ wallet: WHOLE, loss: 0n, fee: 0n, held: 2n * QUARTER });
    expect((await compare()).verdict).toBe("even");
  });

  test("one settlement stands for each withdrawal and each payment, by the database too", async () => {
    const { desk, id } = await sighted("approved");
    paid(desk, id);
    expect(() =>
      desk.store.database.exec(
        "INSERT INTO foreign_settlement SELECT replace(warrant, substr(warrant, 1, 1), 'x'), withdrawal, coin, transaction_id, wallet, units FROM foreign_settlement",
      ),
    ).toThrow("one payment settles one withdrawal");
    expect(() => desk.store.database.exec("DELETE FROM foreign_settlement")).toThrow("append-only");
  });
});

test("F03: a transaction that spends coins of others beside ours settles no more than ours have paid", async () => {
  const { desk, chain, coin, read } = await taken([QUARTER]);
  const beside = transaction(
    "somebody else's",
    [coin],
    [
      { account: DESTINATION, units: QUARTER },
      { account: CHANGE, units: WHOLE - QUARTER + 5_000n },
    ],
  );
  const id = approved(desk, "k");
  chain.mine(beside);
  await read();
  expectRefusal(() => paid(desk, id), FOREIGN_BOOKED);
  verify(desk);
});
