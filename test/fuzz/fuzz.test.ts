/** The share of fuzzing that every run of the tests has: fixed cases from a fixed seed. At length: `npm run fuzz`. */
import { beforeAll, expect, test } from "vitest";
import { CHILD } from "./bundled.ts";
import type { Result } from "./job.ts";
import { supervised, WATCH } from "./supervise.ts";
import { TARGETS } from "./targets.ts";

const SEED = 20261122;

/** Half of what a target asks for: the other half is for the long run. */
const SHARES = TARGETS.map(({ name, cases }) => ({ name, cases: Math.ceil(cases / 2) }));
let results: readonly Result[] = [];

beforeAll(async () => {
  const jobs = SHARES.map(({ name, cases }) => ({ target: name, seed: SEED, from: 0, cases }));
  results = await supervised(jobs, { ...WATCH, child: CHILD });
}, 600_000);

test.each(SHARES)("$name: typed errors and nothing else, in bounded time and memory", ({ name, cases }) => {
  const own = results.filter(({ target }) => target === name);
  const [result] = own as [Result];
  const codes = Object.keys(result.refused).length;
  console.log(
    `fuzz ${name}: ${result.cases} cases in ${result.seconds.toFixed(1)} s, ${result.accepted} accepted, ${codes} codes`,
  );
  expect(own.flatMap(({ findings }) => findings)).toEqual([]);
  expect(result.cases).toBe(cases);
  expect(result.accepted).toBeGreaterThan(0);
});

test("names are distinct, for they choose the cases", () => {
  expect(new Set(TARGETS.map(({ name }) => name)).size).toBe(TARGETS.length);
});
