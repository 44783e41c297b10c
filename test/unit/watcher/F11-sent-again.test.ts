/** F11: one node says that a transaction waits, and the others have dropped it: the same bytes go to all again, once an hour. */
import { expect, test } from "vitest";
import type { Instant } from "../../../src/core/instant.ts";
import { attemptsOf } from "../../../src/store/attempts.ts";
import { broadcastAll } from "../../../watcher/broadcast.ts";
import { ask, build, decide, exported, makeDesk, receive } from "../../attack/online.ts";
import { watcherOf, writtenChain } from "../../factory/chain.ts";
import { stateFor } from "../../factory/custody.ts";
import { approval } from "../../factory/documents.ts";
import { signed } from "../../factory/gates.ts";
import { ANNA, at } from "../../factory/identities.ts";

const CHANGES = { blocks: 0, sinceSeconds: 0, included: new Set<string>(), pending: new Set<string>() };

/** A payment that was sent, and passes of the watcher after it. */
async function sentOnce() {
  const desk = makeDesk();
  const chain = writtenChain();
  const { intent } = ask(desk, "k", 25_000_000n);
  decide(desk, approval(intent, [ANNA], { custody: desk.custody.id }));
  const { plan } = build(desk);
  receive(desk, signed(exported(desk, plan.id).request, stateFor(desk.custody)).receipt);
  const pass = async (now: Instant, all: boolean) => {
    const { world, events } = watcherOf(desk, chain.node, now);
    const cursor = { height: 0, hash: "", atSeconds: 0, fullAtSeconds: 0 };
    await broadcastAll({ ...world, changes: { ...CHANGES, all, cursor } });
    return events.map(({ event }) => event);
  };
  expect(await pass(at("10:00:00"), true)).toEqual(["broadcast"]);
  const state = () => attemptsOf(desk.store, plan.id)[0];
  expect(state()).toMatchObject({ state: "BROADCAST" });
  return { pass, chain, state };
}

test("F11: what has waited for an hour is sent again, the same bytes, when everything is looked at; nothing follows", async () => {
  const { pass, chain, state } = await sentOnce();
  const before = state();
  expect(await pass(at("14:00:00"), true)).toEqual(["sent again"]);
  expect(chain.sent).toHaveLength(2);
  expect(chain.sent[1]).toEqual(chain.sent[0]);
  chain.node.broadcast = async () => ({ type: "rejected", reason: "missing inputs" });
  expect(await pass(at("15:00:00"), true)).toEqual(["sent again"]);
  expect(state()).toEqual(before);
});

test("F11: not with each pass, nor what was signed just now", async () => {
  const { pass, chain } = await sentOnce();
  expect(await pass(at("14:00:00"), false)).toEqual([]);
  expect(await pass(at("10:00:10"), true)).toEqual([]);
  expect(chain.sent).toHaveLength(1);
});
