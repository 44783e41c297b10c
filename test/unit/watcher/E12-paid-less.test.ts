/** E12: a token kept a part of a payment. It is made and is not made again; people are told who got how much, once. */
import { expect, test } from "vitest";
import { amount } from "../../../src/core/amount.ts";
import { attemptsOf } from "../../../src/store/attempts.ts";
import { firingAlerts } from "../../../src/store/alerts.ts";
import type { Effected } from "../../../src/chains/chain-node.ts";
import { getWithdrawal } from "../../../src/store/withdrawals.ts";
import { broadcastAll } from "../../../watcher/broadcast.ts";
import { ofEvents, settleAlerts } from "../../../watcher/alerts/settle.ts";
import { trackAll } from "../../../watcher/track.ts";
import { ask, build, decide, exported, makeDesk, receive } from "../../attack/online.ts";
import { watcherOf, writtenChain } from "../../factory/chain.ts";
import { stateFor } from "../../factory/custody.ts";
import { approval } from "../../factory/documents.ts";
import { USDC } from "../../factory/evm-token.ts";
import { stranger } from "../../factory/evm-account.ts";
import { signed } from "../../factory/gates.ts";
import { ANNA, at } from "../../factory/identities.ts";

const PAYEE = stranger("payee");
const SHORT = { account: PAYEE, sent: amount(USDC, 25_000_000n), arrived: 24_750_000n };

/** A payment in a block, and what that block says of it. A chain of coins stands in: what nodes say is the same to the watcher. */
async function included(shortfalls: Effected["shortfalls"]) {
  const desk = makeDesk();
  const chain = writtenChain();
  const { id, intent } = ask(desk, "k", 25_000_000n);
  decide(desk, approval(intent, [ANNA], { custody: desk.custody.id }));
  const { plan } = build(desk);
  receive(desk, signed(exported(desk, plan.id).request, stateFor(desk.custody)).receipt);
  const { world, events } = watcherOf(desk, chain.node, at("10:00:00"));
  await broadcastAll(world);
  const { hash } = await chain.node.tip();
  const effect: Effected = { failed: false, feeUnits: 700n, id: "ab".repeat(32), shortfalls };
  const paid = attemptsOf(desk.store, plan.id)[0]?.txid;
  chain.node.status = async (name) =>
    name === paid
      ? { state: "included", blockHash: hash, height: 0, confirmations: 1, effect }
      : { state: "unknown" };
  await trackAll(world);
  await trackAll(world);
  settleAlerts(world.online, ofEvents(events), () => undefined);
  return { desk, id, events, attempt: attemptsOf(desk.store, plan.id)[0] };
}

test("E12: who got less is kept with the attempt and told once; the payment stands where it stood", async () => {
  const { desk, events, attempt, id } = await included([SHORT]);
  expect(attempt?.effect?.shortfalls).toEqual([SHORT]);
  const told = events.filter(({ event }) => event === "paid less than was sent");
  expect(told).toHaveLength(1);
  expect(told[0]?.["reason"]).toMatch(/^0x\w{40} got 24\.75 USDC of the 25 USDC that were sent$/);
  expect(firingAlerts(desk.store)).toEqual([
    expect.objectContaining({
      kind: "event",
      subject: expect.stringContaining(`paid-less-than-was-sent:${attempt?.txid}`),
    }),
  ]);
  expect(getWithdrawal(desk.store, id).state).toBe("CONFIRMING");
});

test("the twin: where all arrived, nobody is told", async () => {
  const { desk, attempt, events } = await included([]);
  expect(attempt?.effect).toMatchObject({ failed: false, shortfalls: [] });
  expect(events.filter(({ level }) => level === "error")).toEqual([]);
  expect(firingAlerts(desk.store)).toEqual([]);
});
