/** The stories in which planted defects are found end well in the product as it ships. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { hostOf } from "./bundled.ts";
import { openStage, type Stage } from "./stage.ts";
import { playStory } from "./stories.ts";

let stage: Stage;
beforeAll(() => void (stage = openStage(hostOf())));
afterAll(() => stage.close());

test.each([
  ["pay", ["COMPLETED"], ["SETTLED"]],
  ["replace", ["BROADCAST"], ["SENT"]],
  ["a liar alone", ["BROADCAST"], ["SENT"]],
  ["cancel after a restore", ["REVOKING"], ["PLACED"]],
  ["send after a restore", ["SIGNED"], ["PLACED"]],
])("%s", async (story, states, holds) => {
  const { broken, seen } = await playStory(
    story,
    { seed: 3, host: stage.host, founded: await stage.founded(3) },
    ({ books }) => [books.withdrawals.map(({ state }) => state), books.holds.map(({ state }) => state)],
  );
  expect(broken).toEqual([]);
  expect(seen).toEqual([states, holds]);
});

test("replace: the other plan is built", async () => {
  const on = { seed: 3, host: stage.host, founded: await stage.founded(3) };
  const { seen } = await playStory("replace", on, ({ books }) => books.plans.length);
  expect(seen).toBe(2);
});

test("ask after a restore: whoever sends what the lost hours have signed, the client is paid once", async () => {
  const on = { seed: 3, host: stage.host, founded: await stage.founded(3) };
  const { broken, seen } = await playStory("ask after a restore", on, (world) =>
    world.orders.map((order) => world.paid(order)),
  );
  expect(broken).toEqual([]);
  expect(seen).toEqual([1]);
});

test.each([
  ["paid elsewhere", ["COMPLETED"], 1],
  ["paid elsewhere, then reorganised", ["COMPLETED"], 1],
  ["paid elsewhere by mistake", ["COMPLETED"], 1],
])("%s", async (story, states, settled) => {
  const on = { seed: 3, host: stage.host, founded: await stage.founded(3) };
  const { broken, seen } = await playStory(story, on, (world) => ({
    states: world.books.withdrawals.map(({ state }) => state),
    paid: world.orders.map((order) => world.paid(order)),
    open: world.books.sightings.length,
    story: world.story,
  }));
  expect(broken).toEqual([]);
  expect(seen.states, seen.story.join("\n")).toEqual(states);
  expect(seen.paid).toEqual([settled]);
  expect(seen.open).toBe(0);
});

test.each([
  ["ask after a restore, over the lost coins", ["COMPLETED"], 1],
  ["call off after a restore", ["CANCELLED"], 0],
  ["drop after a restore", ["COMPLETED"], 1],
  ["drop after a restore, and call off", ["CANCELLED"], 0],
])("%s", async (story, states, paid) => {
  const on = { seed: 3, host: stage.host, founded: await stage.founded(3) };
  const { broken, seen } = await playStory(story, on, (world) => ({
    states: world.books.withdrawals.map(({ state }) => state),
    paid: world.orders.map((order) => world.paid(order)),
    story: world.story,
  }));
  expect(broken).toEqual([]);
  expect(seen.states, seen.story.join("\n")).toEqual(states);
  expect(seen.paid).toEqual([paid]);
});

// Houses without a delay, and with one: a release has to follow the approvals that were made anew.
test.each(
  [3, 4, 5].flatMap((seed) =>
    ["lapses before it is signed", "lapses before its replacement is signed"].map(
      (story) => [seed, story] as const,
    ),
  ),
)("seed %i: %s, and is approved again", async (seed, story) => {
  const on = { seed, host: stage.host, founded: await stage.founded(seed) };
  const { broken, seen } = await playStory(story, on, (world) => ({
    states: world.books.withdrawals.map(({ state }) => state),
    paid: world.orders.map((order) => world.paid(order)),
    story: world.story,
  }));
  expect(broken).toEqual([]);
  expect(seen.states, seen.story.join("\n")).toEqual(["COMPLETED"]);
  expect(seen.paid).toEqual([1]);
});
