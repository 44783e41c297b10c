/** F28, F05: a block holds an attempt whose receipt never came: it is ours, and followed to its end without that paper. */
import { describe, expect, test } from "vitest";
import type { Id } from "../../../src/core/identifier.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { attemptsOf } from "../../../src/store/attempts.ts";
import { verifyLedger } from "../../../src/store/integrity.ts";
import { openQuarantines } from "../../../src/store/quarantine.ts";
import { trackAll } from "../../../watcher/track.ts";
import { ask, build, decide, exported, makeDesk, receive, step, type Desk } from "../../attack/online.ts";
import { mined, watcherOf } from "../../factory/chain.ts";
import { stateFor } from "../../factory/custody.ts";
import { approval } from "../../factory/documents.ts";
import { funded } from "../../factory/funded.ts";
import { signed } from "../../factory/gates.ts";
import { ANNA } from "../../factory/identities.ts";

const QUARTER = 25_000_000n;

function approved(desk: Desk): Id {
  const asked = ask(desk, "k", QUARTER);
  decide(desk, approval(asked.intent, [ANNA], { custody: desk.custody.id }));
  return asked.id;
}

const stateOf = (desk: Desk, id: Id) => step(desk, (tx) => PORTS.getWithdrawal(tx, id).state);

/** The same payment, built, exported and signed by another copy of the database: its bytes. */
function signedElsewhere(): Uint8Array {
  const elsewhere = makeDesk();
  approved(elsewhere);
  const { plan } = build(elsewhere);
  receive(elsewhere, signed(exported(elsewhere, plan.id).request, stateFor(elsewhere.custody)).receipt);
  return attemptsOf(elsewhere.store, plan.id)[0]?.bytes ?? new Uint8Array();
}

const DEARER = [40_000n];

/** A plan and the one that takes its place, both exported. */
function replaced(desk: Desk) {
  const id = approved(desk);
  const first = build(desk).plan.id;
  exported(desk, first);
  const second = build(desk, { replaces: first, feeRatesMilli: DEARER }).plan.id;
  return { id, first, second, request: exported(desk, second).request };
}

function signedReplacement(): Uint8Array {
  const elsewhere = makeDesk();
  const { second, request } = replaced(elsewhere);
  receive(elsewhere, signed(request, stateFor(elsewhere.custody)).receipt);
  return attemptsOf(elsewhere.store, second)[0]?.bytes ?? new Uint8Array();
}

describe("a block holds it before its receipt is here", () => {
  test("F28: a rung whose receipt is withheld is followed from its block: the payment completes without it", async () => {
    const { desk, chain, compare, read } = await funded();
    const id = approved(desk);
    const { plan } = build(desk);
    const { request } = exported(desk, plan.id);
    const { receipt } = signed(request, stateFor(desk.custody));
    const bytes = signedElsewhere();
    chain.mine(mined(bytes));
    const { cries } = await read();
    expect(cries.map(({ event }) => event)).toEqual(["sent before its receipt"]);
    expect(openQuarantines(desk.store)).toEqual([]);
    expect(attemptsOf(desk.store, plan.id)).toMatchObject([{ state: "SIGNED", kind: "rung", bytes }]);
    expect((await compare()).verdict).toBe("even");
    const { world } = watcherOf(desk, chain.node);
    await trackAll(world);
    expect(stateOf(desk, id)).toBe("CONFIRMING");
    chain.mine();
    chain.mine();
    await trackAll(world);
    expect(stateOf(desk, id)).toBe("COMPLETED");
    expect(await compare()).toMatchObject({ verdict: "even", wallets: [{ underWay: 0n }] });
    // It comes after all: everything that it says is known.
    receive(desk, receipt);
    expect(attemptsOf(desk.store, plan.id).map(({ state }) => state)).toEqual([
      "FINAL",
      "SIGNED",
      "SIGNED",
      "SIGNED",
    ]);
    expect(stateOf(desk, id)).toBe("COMPLETED");
    verifyLedger(desk.store);
  });

  test("F05: a replacement that settles before its receipt came is ours, and no theft", async () => {
    const { desk, chain, compare, read } = await funded();
    const { first, second, id } = replaced(desk);
    const bytes = signedReplacement();
    chain.mine(mined(bytes));
    expect((await read()).cries.map(({ event }) => event)).toEqual(["sent before its receipt"]);
    expect(openQuarantines(desk.store)).toEqual([]);
    expect(attemptsOf(desk.store, second)).toMatchObject([{ bytes }]);
    chain.mine();
    chain.mine();
    await trackAll(watcherOf(desk, chain.node).world);
    expect(stateOf(desk, id)).toBe("COMPLETED");
    expect(step(desk, (tx) => [first, second].map((plan) => PORTS.getPlan(tx, plan).state))).toEqual([
      "DEAD",
      "SETTLED",
    ]);
    expect((await compare()).verdict).toBe("even");
    verifyLedger(desk.store);
  });

  test("F09: what a plan pays that never left this database was signed in hours that are lost: people look", async () => {
    const { desk, chain, read } = await funded();
    approved(desk);
    const { plan } = build(desk);
    chain.mine(mined(signedElsewhere()));
    expect((await read()).cries.map(({ event }) => event)).toEqual(["foreign spend", "paid by a stranger"]);
    expect(attemptsOf(desk.store, plan.id)).toEqual([]);
  });
});
