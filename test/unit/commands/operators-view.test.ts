/** What an operator sees of many withdrawals, and of one. */
import { readFileSync } from "node:fs";
import { beforeEach, expect, test } from "vitest";
import type { Id } from "../../../src/core/identifier.ts";
import { EDGES } from "../../../src/core/states/edges.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { WAITING_FOR } from "../../../src/withdrawals/waiting.ts";
import { ask, step } from "../../attack/online.ts";
import { fund, homeDesk } from "../../factory/home-desk.ts";
import { at } from "../../factory/identities.ts";
import { onlineHome, type OnlineHome } from "../../factory/online-home.ts";

const LATER = at("23:00:00");
let home: OnlineHome;
let ids: readonly [Id, Id, Id];
beforeEach(async () => {
  home = await onlineHome();
  ids = home.inside((store) => {
    const desk = homeDesk(store);
    fund(desk);
    const asked = [ask(desk, "1", 1000n).id, ask(desk, "2", 9999n).id, ask(desk, "3", 5000n).id] as const;
    step(desk, (tx) => {
      const { version } = PORTS.getWithdrawal(tx, asked[1]);
      PORTS.moveWithdrawal(tx, asked[1], { version, to: "READY", event: "test" });
    });
    return asked;
  });
});

test("status: how many in each state, since when the oldest, what comes next", async () => {
  const { data } = await home.run("status", { now: at("09:30:00") });
  expect(data.states).toEqual([
    {
      state: "PENDING_APPROVAL",
      count: 2,
      oldest: { since: expect.any(String), seconds: 1200, waitsFor: "approvers, at their desks" },
    },
    { state: "READY", count: 1, oldest: { since: at("09:10:00"), seconds: 1200, waitsFor: "a plan" } },
  ]);
  expect(data.withdrawals).toEqual({ PENDING_APPROVAL: 2, READY: 1 });
  expect(data.overdue).toEqual([]);
  expect(await home.text("status", { now: at("09:30:00") })).toContain(
    "2 withdrawals, the oldest for 20m; next: approvers, at their",
  );
});

test("status: what has stood still for too long is named, with what to type", async () => {
  const { data } = await home.run("status", { now: LATER });
  expect(data.overdue).toEqual([
    {
      withdrawal: ids[1],
      state: "READY",
      since: at("09:10:00"),
      seconds: 49_800,
      hint: "custody withdraw build --wallet NAME",
    },
  ]);
  expect(await home.text("status", { now: LATER })).toContain(`withdrawal ${ids[1]} is READY for 13h`);
});

test("every state that is left again says what it waits for, and no other does", () => {
  const left = Object.entries(EDGES.withdrawal).filter(([, next]) => next.length > 0);
  const waiting = left.map(([state]) => state).filter((state) => state !== "COMPLETED");
  expect(Object.keys(WAITING_FOR).sort()).toEqual(waiting.sort());
});

test("figures by day and by network: asked for, released; nothing of other days", async () => {
  home.inside((store) => {
    const desk = homeDesk(store);
    step(desk, (tx) => {
      const { version } = PORTS.getWithdrawal(tx, ids[0]);
      const moved = PORTS.moveWithdrawal(tx, ids[0], { version, to: "CANCELLED", event: "test" });
      const { id: withdrawal, customer, amount } = moved;
      PORTS.post(tx, {
        reason: "release",
        subject: withdrawal,
        entries: [
          { account: `customer:${customer}:held`, side: "debit", asset: amount.asset, units: 1000n },
          { account: `customer:${customer}:available`, side: "credit", asset: amount.asset, units: 1000n },
        ],
      });
    });
  });
  const { data } = await home.run("withdraw stats --days 2", { now: LATER });
  const figures = {
    asset: expect.stringContaining("slip44:1"),
    network: expect.stringContaining("bip122:"),
    requests: 3,
    payments: 0,
    requestedUnits: "15999",
    paidUnits: "0",
    releasedUnits: "1000",
    depositedUnits: "1000000000",
    feeUnits: "0",
  };
  expect(data.daily).toEqual([{ day: "2026-11-22", ...figures }]);
  expect(data.networks).toEqual([figures]);
  const { data: another } = await home.run("withdraw stats", { now: "2026-12-22T00:00:00Z" as never });
  expect(another.daily).toEqual([]);
});

test("the timeline of one withdrawal has its books beside its states, in the terminal and as a page", async () => {
  const { data } = await home.run(`withdraw show ${ids[1]} --html timeline.html`, { now: LATER });
  const told = data.timeline.map(({ subject, event, state }: Readonly<Record<string, string>>) =>
    `${subject}: ${event} ${state}`.trim(),
  );
  expect(told).toContain("books: hold");
  expect(told[0]).toBe("withdrawal: requested REQUESTED");
  expect(told.at(-1)).toBe("withdrawal: test READY");
  const page = readFileSync(home.path("timeline.html"), "utf8");
  for (const { at: when, event } of data.timeline) {
    expect(page).toContain(`<td>${when}</td>`);
    expect(page).toContain(event);
  }
  expect(page).toContain(ids[1]);
  expect(page).toContain("READY 13h");
  expect(page).not.toMatch(/<script|href=|src=/);
  const again = await home.run(`withdraw show ${ids[1]} --html timeline.html`, { now: LATER });
  expect(again.error.code).toBe("FILE_EXISTS");
});
