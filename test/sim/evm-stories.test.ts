/** The stories that worlds of an account tell as those of coins do, and those of numbers in a row. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { hostOf } from "./bundled.ts";
import { EVM_FAMILY } from "./families/evm/family.ts";
import { openStage, type Stage } from "./stage.ts";
import { playStory } from "./stories.ts";

let stage: Stage;
beforeAll(() => void (stage = openStage(hostOf(), EVM_FAMILY)));
afterAll(() => stage.close());

const told = async (story: string) =>
  playStory(story, { seed: 3, host: stage.host, founded: await stage.founded(3) }, (world) => ({
    states: world.books.withdrawals.map(({ state }) => state),
    plans: world.books.plans.map(({ state }) => state),
    paid: world.orders.map((order) => world.paid(order)),
    story: world.story,
  }));

test.each([
  ["pay", ["COMPLETED"], [1]],
  ["a liar alone", ["BROADCAST"], [0]],
  ["cancel after a restore", ["REVOKING"], [0]],
  ["send after a restore", ["SIGNED"], [0]],
  ["ask after a restore, over the lost coins", ["COMPLETED"], [1]],
  ["call off after a restore", ["CANCELLED"], [0]],
  ["drop after a restore", ["COMPLETED"], [1]],
  ["paid elsewhere", ["COMPLETED"], [1]],
  ["paid elsewhere, then reorganised", ["COMPLETED"], [1]],
  ["paid elsewhere by mistake", ["COMPLETED"], [1]],
  ["lapses before it is signed", ["COMPLETED"], [1]],
  ["lapses before its replacement is signed", ["COMPLETED"], [1]],
])("%s", async (story, states, paid) => {
  const { broken, seen } = await told(story);
  expect(broken).toEqual([]);
  expect(seen.states, seen.story.join("\n")).toEqual(states);
  expect(seen.paid).toEqual(paid);
});

test("F07: a number that a dead plan has never used is used up by people, and what waited is paid", async () => {
  const { broken, seen } = await told("a gap is filled");
  expect(broken).toEqual([]);
  expect(seen.states, seen.story.join("\n")).toEqual(["CANCELLED", "COMPLETED"]);
  expect(seen.plans).toEqual(["DEAD", "SETTLED", "SETTLED"]);
  expect(seen.paid).toEqual([0, 1]);
});

test("F07: the next payment takes the number that nothing has used", async () => {
  const { broken, seen } = await told("a gap is taken");
  expect(broken).toEqual([]);
  expect(seen.states, seen.story.join("\n")).toEqual(["CANCELLED", "COMPLETED", "COMPLETED"]);
  expect(seen.paid).toEqual([0, 1, 1]);
});

test("a replacement at a rate that the replaced has is refused, and one at others is paid", async () => {
  const { broken, seen } = await told("replaced by itself");
  expect(broken).toEqual([]);
  expect(seen.story.filter((line) => line.includes("PLAN_REPEATS"))).toHaveLength(1);
  expect(seen.states, seen.story.join("\n")).toEqual(["COMPLETED"]);
  expect(seen.plans).toEqual(["DEAD", "SETTLED"]);
});
