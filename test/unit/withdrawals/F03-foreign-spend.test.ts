/** F03: blocks are matched with what we know; what spends our coins and is no attempt of ours stops the house. */
import { BITCOIN_CHAINS } from "../../../src/core/chain.ts";
import { describe, expect, test } from "vitest";
import type { AccountId } from "../../../src/core/account.ts";
import type { Id } from "../../../src/core/identifier.ts";
import { assertReconciled } from "../../../src/home/trust.ts";
import { QUARANTINED } from "../../../src/store/failure.ts";
import { endQuarantine, openQuarantines } from "../../../src/store/quarantine.ts";
import { findSighting } from "../../../src/store/sightings.ts";
import { NOTHING_TO_BUILD } from "../../../src/withdrawals/planning/batch.ts";
import { compareWithChain } from "../../../watcher/reconcile.ts";
import { ask, build, decide, step, type Desk } from "../../attack/online.ts";
import { expectRefusal } from "../../bitcoin/refusal.ts";
import { onlineOf, transaction, watcherOf } from "../../factory/chain.ts";
import { OTHER_PAYEE, PAYEE } from "../../factory/custody.ts";
import { approval, REGTEST } from "../../factory/documents.ts";
import { CUSTOMERS, funded } from "../../factory/funded.ts";
import { ANNA, at, fixtureDigest } from "../../factory/identities.ts";

const CHAIN = BITCOIN_CHAINS.regtest;

const QUARTER = 25_000_000n;
const DESTINATION = `${REGTEST}:${PAYEE}` as AccountId;

function approved(desk: Desk) {
  const asked = ask(desk, "k", QUARTER);
  decide(desk, approval(asked.intent, [ANNA], { custody: desk.custody.id }));
  return asked.id;
}

describe("F03: a block spends our coins by no attempt of ours", () => {
  const theft = (coin: string, units = QUARTER, account = DESTINATION) =>
    transaction(
      "theft",
      [coin],
      [
        { account, units },
        { account: CUSTOMERS, units: 1_000n },
      ],
    );

  test("nothing is built or first sent until people decide; what it paid exactly is stopped", async () => {
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
    expectRefusal(() => assertReconciled(onlineOf(desk), CHAIN), QUARANTINED);
    step(desk, (tx) => endQuarantine(tx, openQuarantines(tx)[0]?.id as Id, fixtureDigest("warrant")));
    expect(() => build(desk)).toThrow(expect.objectContaining({ code: NOTHING_TO_BUILD.code }));
  });

  test("twin: another destination stops nobody; after the sign-off it is built", async () => {
    const { desk, chain, theirs, read } = await funded();
    const waiting = approved(desk);
    chain.mine(theft(theirs, QUARTER, `${REGTEST}:${OTHER_PAYEE}` as AccountId));
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
    const [open] = openQuarantines(desk.store);
    step(desk, (tx) => endQuarantine(tx, open?.id as Id, fixtureDigest("warrant")), at("09:05:00"));
    // That another is matched with it says nothing: either may be what it paid.
    const second = ask(desk, "another of the same amount, once people had looked", QUARTER).id;
    const other = ask(desk, "of another amount", QUARTER - 1n).id;
    expect(findSighting(desk.store, second)).toMatchObject({ transaction: fixtureDigest("theft") });
    expect(findSighting(desk.store, other)).toBeUndefined();
  });

  test("a coin that is planned and not known from blocks is ours too", async () => {
    const { desk, chain, read } = await funded();
    approved(desk);
    const { document } = build(desk);
    chain.mine(theft(document.body.conflictKeys[0] as string, 7n));
    expect((await read()).cries.map(({ event }) => event)).toEqual(["foreign spend", "paid by a stranger"]);
  });

  test("the same customer may ask for another amount after a restore: the destination alone stops it, until people have looked", async () => {
    const { desk, chain, theirs, read, compare } = await funded();
    const before = ask(desk, "asked before, less", QUARTER - 1_000_000n).id;
    chain.mine(theft(theirs));
    const { cries } = await read();
    expect(cries).toMatchObject([{ event: "foreign spend" }, { withdrawal: before }]);
    expect(cries[1]?.reason).toContain("another amount");
    const again = ask(desk, "asked again, less", QUARTER - 2_000_000n).id;
    await compare();
    const [open] = openQuarantines(desk.store);
    step(desk, (tx) => endQuarantine(tx, open?.id as Id, fixtureDigest("warrant")), at("09:05:00"));
    const later = ask(desk, "asked when all was known", QUARTER - 3_000_000n).id;
    await compare();
    for (const id of [before, again]) expect(findSighting(desk.store, id)).toBeDefined();
    expect(findSighting(desk.store, later)).toBeUndefined();
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
});
