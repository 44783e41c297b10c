/** An alert is told once, lasts as long as its condition, and is over once, whatever is started anew in between. */
import { describe, expect, test } from "vitest";
import { addSeconds, type Instant } from "../../../src/core/instant.ts";
import type { Online } from "../../../src/home/online.ts";
import { firingAlerts, type Condition } from "../../../src/store/alerts.ts";
import { ofEvents, settleAlerts } from "../../../watcher/alerts/settle.ts";
import type { WatcherEvent } from "../../../watcher/log.ts";
import { at } from "../../factory/identities.ts";
import { fakeIo } from "../../factory/io.ts";
import { scratch } from "../store/scratch.ts";

const now = at("12:00:00");

const TIP: Condition = {
  kind: "stale-tip",
  subject: "tip",
  severity: "error",
  text: "old",
  next: "custody doctor",
};

function house() {
  const { store } = scratch();
  const events: WatcherEvent[] = [];
  let random = 0;
  const online = (time: Instant): Online => {
    const { io } = fakeIo({ argv: ["run"], now: time });
    const ids = (length: number) => {
      random += 1;
      return Uint8Array.from({ length }, (_, index) => (random >> (8 * index)) & 255);
    };
    const call = { io: { ...io, random: ids }, dryRun: false } as unknown as Online["call"];
    return { call, store, network: "regtest" };
  };
  const settle = (found: readonly Condition[], time = now, unjudged?: ReadonlySet<string>) => {
    events.length = 0;
    settleAlerts(online(time), found, (event) => void events.push(event), unjudged);
    return events.map(({ event, kind }) => `${event}: ${String(kind)}`);
  };
  return { store, settle };
}

describe("alerts", () => {
  test("fire once, whatever is started anew in between, and are over once", () => {
    const { store, settle } = house();
    expect(settle([TIP])).toEqual(["alert: stale-tip"]);
    // Another process: nothing but the database is left.
    expect(settle([TIP], addSeconds(now, 15))).toEqual([]);
    expect(settle([TIP], addSeconds(now, 3600))).toEqual([]);
    expect(firingAlerts(store)).toMatchObject([{ firstSeen: now, lastSeen: addSeconds(now, 3600) }]);
    expect(settle([], addSeconds(now, 3615))).toEqual(["alert over: stale-tip"]);
    expect(settle([], addSeconds(now, 3630))).toEqual([]);
    expect(settle([TIP], addSeconds(now, 3645))).toEqual(["alert: stale-tip"]);
    expect(firingAlerts(store)).toHaveLength(1);
  });

  test("that could not be judged stay as they are", () => {
    const { settle } = house();
    settle([TIP]);
    expect(settle([], addSeconds(now, 15), new Set(["stale-tip"]))).toEqual([]);
    expect(settle([], addSeconds(now, 30))).toEqual(["alert over: stale-tip"]);
  });

  test("of one kind are told apart by what they are about", () => {
    const { settle } = house();
    const other = { ...TIP, subject: "another" };
    expect(settle([TIP, other, TIP])).toHaveLength(2);
    expect(settle([other], addSeconds(now, 15))).toEqual(["alert over: stale-tip"]);
  });

  test("of an event that cannot be looked at again last a day after it was seen last", () => {
    const { settle } = house();
    const seen = ofEvents([
      { event: "paid twice", level: "error", reason: "a block pays it already" },
      { event: "not seen by node", level: "warn" },
    ]);
    expect(seen).toMatchObject([
      { kind: "event", subject: "paid-twice", text: "paid twice: a block pays it already" },
    ]);
    settle(seen);
    expect(settle([], addSeconds(now, 86_399))).toEqual([]);
    expect(settle([], addSeconds(now, 86_400))).toEqual(["alert over: event"]);
  });

  test("F03: of a second payment twice are two: each transaction has its own, and other errors have one", () => {
    const { store, settle } = house();
    const cry = (event: string, transaction: string) =>
      ofEvents([{ event, level: "error", transaction, reason: "a block pays it already" }]);
    expect(settle(cry("paid twice", "a".repeat(64)))).toHaveLength(1);
    expect(settle(cry("paid twice", "a".repeat(64)), addSeconds(now, 15))).toEqual([]);
    expect(settle(cry("paid twice", "b".repeat(64)), addSeconds(now, 30))).toEqual(["alert: event"]);
    expect(firingAlerts(store)).toHaveLength(2);
    expect(settle(cry("not accepted", "a".repeat(64)), addSeconds(now, 45))).toHaveLength(1);
    expect(settle(cry("not accepted", "b".repeat(64)), addSeconds(now, 60))).toEqual([]);
  });

  test("that are critical fire, however many warnings do; the gravest come first", () => {
    const { store, settle } = house();
    const many = (severity: Condition["severity"], count: number) =>
      Array.from({ length: count }, (_, index) => ({ ...TIP, severity, subject: `${severity}${index}` }));
    const crowd = many("warning", 200);
    settle(crowd);
    expect(settle([...crowd, ...many("warning", 201).slice(200), ...many("critical", 1)])).toEqual([
      "alert: stale-tip",
    ]);
    const critical = () => firingAlerts(store).filter(({ severity }) => severity === "critical");
    expect(critical()).toHaveLength(1);
    settle([]);
    settle([...crowd, ...many("error", 50)]);
    const count = (wanted: string) =>
      firingAlerts(store).filter(({ severity }) => severity === wanted).length;
    expect([count("error"), count("warning")]).toEqual([50, 150]);
    settle([...crowd, ...many("error", 50), ...many("critical", 300)]);
    expect(critical()).toHaveLength(200);
  });

  test("are at most so many, and their words as long as the table takes", () => {
    const { store, settle } = house();
    const many = Array.from({ length: 300 }, (_, index) => ({ ...TIP, subject: `s${index}` }));
    expect(settle(many)).toHaveLength(200);
    const long = { ...TIP, subject: "x".repeat(999), text: "y".repeat(9999), next: "z".repeat(999) };
    settle([]);
    expect(settle([long])).toHaveLength(1);
    expect(firingAlerts(store)[0]?.text).toHaveLength(1000);
  });
});
