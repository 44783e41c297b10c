/** What an operator sees of many withdrawals, and of one. */
import { readFileSync } from "node:fs";
import { beforeEach, expect, test } from "vitest";
import type { Id } from "../../../src/core/identifier.ts";
import { EDGES } from "../../../src/core/states/edges.ts";
import { findCustomer } from "../../../src/store/customers.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { WAITING_FOR } from "../../../src/withdrawals/waiting.ts";
import { ask, build, decide, exported, step } from "../../attack/online.ts";
import { approval } from "../../factory/documents.ts";
import { fund, homeDesk } from "../../factory/home-desk.ts";
import { ANNA, at } from "../../factory/identities.ts";
import { onlineHome, type OnlineHome } from "../../factory/online-home.ts";

const NOW = at("09:30:00");
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
      const moved = PORTS.moveWithdrawal(
        tx,
        ids[0],
        { version, to: "ON_HOLD", event: "test" },
        { code: "odd" as never },
      );
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

test("show names the customer and the client's key, by which everybody else asks for it", async () => {
  const { data } = await home.run(`withdraw show ${ids[0]}`);
  const { ref } = home.inside((store) => findCustomer(store, data.customer) as { ref: string });
  expect(data).toMatchObject({ customerRef: ref, clientKey: "1" });
  const text = await home.text(`withdraw show ${ids[0]}`);
  expect(text).toMatch(new RegExp(`^customer +${ref}, pseudonym ${data.customer}$`, "m"));
  expect(text).toMatch(/^client's key +1$/m);
});

test("a batch of which one is revoked: no receipt is waited for, its voids are", async () => {
  const { plan, paid } = home.inside((store) => {
    const desk = homeDesk(store);
    const paid = ["4", "5"].map((key) => {
      const asked = ask(desk, key, 25_000_000n);
      decide(desk, approval(asked.intent, [ANNA], { custody: desk.custody.id }));
      return asked.id;
    }) as [Id, Id];
    step(desk, (tx) => {
      const { version } = PORTS.getWithdrawal(tx, ids[1]);
      PORTS.moveWithdrawal(tx, ids[1], { version, to: "ON_HOLD", event: "test" }, { code: "odd" as never });
    });
    const plan = build(desk).plan.id;
    exported(desk, plan);
    return { plan, paid };
  });
  const nextOf = async (command: string) =>
    / Next: (.*)/.exec(` ${(await home.run(command, { now: NOW })).stderr}`)?.[1];
  expect(await nextOf("status")).toBe("custody withdraw import receipt.json");
  expect((await home.run(`withdraw show ${paid[1]}`, { now: NOW })).data.waits).toBeUndefined();
  home.inside((store) =>
    step(homeDesk(store), (tx) => {
      const { version } = PORTS.getWithdrawal(tx, paid[0]);
      PORTS.moveWithdrawal(tx, paid[0], { version, to: "REVOKING", event: "test" });
    }),
  );
  expect(await nextOf("status")).toBe("custody withdraw queue --state REVOKING");
  expect(await nextOf("withdraw queue --state REVOKING")).toBe(
    `custody withdraw bundle ${paid[0]} --out bundle.json`,
  );
  const { waits } = (await home.run(`withdraw show ${paid[1]}`, { now: NOW })).data;
  expect(waits).toContain(`withdrawal ${paid[0]}, which is REVOKING in the same plan`);
  expect(waits).toContain(`--replace ${plan}`);
});
