/** One poisonous row never stops a pass; what ails all of them does. */
import { describe, expect, test } from "vitest";
import { AUDIT_BROKEN } from "../../../src/core/audit-tree.ts";
import { declareError } from "../../../src/core/errors.ts";
import { addSeconds, type Instant } from "../../../src/core/instant.ts";
import { STATE_CONFLICT } from "../../../src/core/states/edges.ts";
import { findLetter, findRetry } from "../../../src/store/dead-letters.ts";
import { STORE_CORRUPT, STORE_FULL, STORE_LOCKED } from "../../../src/store/failure.ts";
import { NODE_WITHOUT_INDEX, NODE_WRONG_NETWORK } from "../../../src/nodes/bitcoind/node.ts";
import { NODE_SETTINGS_INVALID } from "../../../src/nodes/failure.ts";
import { NODE_RESTING } from "../../../src/nodes/guard.ts";
import { NODES_TOO_FEW } from "../../../src/nodes/quorum.ts";
import type { WatcherEvent } from "../../../watcher/log.ts";
import { tried } from "../../../watcher/tried.ts";
import type { World } from "../../../watcher/world.ts";
import { at, fixtureId } from "../../factory/identities.ts";
import { fakeIo } from "../../factory/io.ts";
import { codeOfAsync } from "../../factory/thrown.ts";
import { scratch } from "../store/scratch.ts";

const now = at("12:00:00");
const SUBJECT = { entity: "attempt", id: fixtureId("attempt"), step: "follow" };
const BAD = declareError("TRIED_TEST_BAD", "invalid", "A test.");
const AWAY = declareError("TRIED_TEST_AWAY", "network", "A test.");

function house({ nodes = true } = {}) {
  const { store } = scratch();
  const events: WatcherEvent[] = [];
  let counter = 0;
  const world = (time: Instant) => {
    const { io } = fakeIo({ argv: ["run"], now: time });
    const random = (length: number) =>
      Uint8Array.from({ length }, (_, index) => (index === 0 ? ++counter : 0));
    return {
      online: { call: { io: { ...io, random }, dryRun: false }, store, network: "regtest" },
      node: {
        tip: async () => {
          if (nodes) return { height: 1, hash: "aa", time };
          throw AWAY("no node answers");
        },
      },
      log: (event: WatcherEvent) => void events.push(event),
    } as unknown as World;
  };
  const attempt = (work: () => Promise<unknown>, time = now) => tried(world(time), SUBJECT, work);
  return { store, events, attempt };
}

const throwing = (error: Error) => () => Promise.reject(error);

describe("a step of one row", () => {
  test("that works is done, and forgets its failures", async () => {
    const { store, attempt } = house();
    expect(await attempt(throwing(BAD("x")))).toEqual({ done: false });
    expect(findRetry(store, SUBJECT)?.failures).toBe(1);
    expect(await attempt(async () => 7)).toEqual({ done: false });
    expect(await attempt(async () => 7, addSeconds(now, 10))).toEqual({ done: true, value: 7 });
    expect(findRetry(store, SUBJECT)).toBeUndefined();
  });

  test("F08: a row that another has moved meanwhile is looked at afresh, at once; one that is always so has failed", async () => {
    const { store, attempt } = house();
    let looks = 0;
    const second = async () => {
      looks += 1;
      if (looks === 1) throw STATE_CONFLICT("changed by another program meanwhile");
      return looks;
    };
    expect(await attempt(second)).toEqual({ done: true, value: 2 });
    expect(findRetry(store, SUBJECT)).toBeUndefined();
    expect(await attempt(throwing(STATE_CONFLICT("cannot become")))).toEqual({ done: false });
    expect(findRetry(store, SUBJECT)?.failures).toBe(1);
  });

  test.each([
    ["of its own", BAD("x"), "poison", 3],
    ["of our code", new TypeError("x of undefined"), "unknown", 3],
    ["of a node that answers everything else", AWAY("x"), "node", 10],
  ] as const)(
    "a failure %s ends in a dead letter, and never in the pass",
    async (_, error, reason, tries) => {
      const { store, events, attempt } = house();
      let met = 0;
      for (let second = 0; second < 40_000; second += 10) {
        const work = async () => {
          met += 1;
          throw error;
        };
        expect(await attempt(work, addSeconds(now, second))).toEqual({ done: false });
      }
      expect(met).toBe(tries);
      expect(findLetter(store, SUBJECT)).toMatchObject({ class: reason, state: "OPEN", attempts: tries });
      expect(events.at(-1)).toMatchObject({ event: "given up", level: "error", attempt: SUBJECT.id });
    },
  );

  test("what ails the whole house ends the pass, and is nobody's own failure", async () => {
    const { store, attempt } = house();
    for (const kind of [STORE_LOCKED, STORE_FULL, STORE_CORRUPT, AUDIT_BROKEN])
      expect(await codeOfAsync(() => attempt(throwing(kind("x"))))).toBe(kind.code);
    expect(findRetry(store, SUBJECT)).toBeUndefined();
  });

  test("so does a node, or a setting of it, that is wrong whatever is asked: no row is given up for it", async () => {
    const { store, attempt } = house();
    const kinds = [
      NODE_WITHOUT_INDEX,
      NODE_WRONG_NETWORK,
      NODE_SETTINGS_INVALID,
      NODES_TOO_FEW,
      NODE_RESTING,
    ];
    for (let second = 0; second < 40_000; second += 3600)
      for (const kind of kinds)
        expect(await codeOfAsync(() => attempt(throwing(kind("x")), addSeconds(now, second)))).toBe(
          kind.code,
        );
    expect([findRetry(store, SUBJECT), findLetter(store, SUBJECT)]).toEqual([undefined, undefined]);
    expect(await attempt(async () => 7)).toEqual({ done: true, value: 7 });
  });

  test("so does a node that answers nothing at all", async () => {
    const { store, attempt } = house({ nodes: false });
    expect(await codeOfAsync(() => attempt(throwing(AWAY("x"))))).toBe(AWAY.code);
    expect(findRetry(store, SUBJECT)).toBeUndefined();
  });
});
