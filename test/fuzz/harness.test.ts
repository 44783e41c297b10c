/** The harness itself: every fault that it looks for is planted in a decoder, and has to be found. */
import { describe, expect, test } from "vitest";
import { CHILD } from "./bundled.ts";
import { judge } from "./judge.ts";
import { runJob, type Result } from "./job.ts";
import { supervised } from "./supervise.ts";
import { inputOf } from "./target.ts";
import { targetNamed } from "./targets.ts";

const SPOILT = new Uint8Array(16).fill(0xff);
const verdictOn = (name: string) => judge(targetNamed(`planted-${name}`), SPOILT);

describe("a planted fault is a finding", () => {
  test.each([
    ["type-error", /TypeError/],
    ["bug", /typed as a bug: PLANTED_BUG/],
    ["spelling", /spelt another way/],
    ["input", /wrote into its input/],
    ["message", /message of 10000 characters/],
    ["slow", /s of CPU/],
    ["memory", /took \d+ MiB/],
  ])("%s", async (name, what) => {
    expect(await verdictOn(name)).toMatchObject({
      type: "finding",
      what: expect.stringMatching(what) as string,
    });
  });

  test("and the same decoder without one has none", async () => {
    expect(await verdictOn("right")).toEqual({ type: "refused", code: "PLANTED_REFUSED" });
    expect(await judge(targetNamed("planted-right"), new Uint8Array(16))).toEqual({ type: "accepted" });
  });

  test("a valid sample that is refused is a finding too", async () => {
    expect(await judge(targetNamed("planted-right"), SPOILT, true)).toMatchObject({ type: "finding" });
  });
});

describe("a row of cases", () => {
  const job = { target: "planted-type-error", seed: 7, from: 0, cases: 300 };

  test("is the same for the same seed, and another for another", async () => {
    const target = targetNamed(job.target);
    const [first, again, other] = [7, 7, 8].map((seed) =>
      [1, 2, 3, 4].map((number) => Buffer.from(inputOf(target, seed, number)).toString("hex")),
    );
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });

  test("finds the fault, tells it twice at most, and names a case that shows it again", async () => {
    const target = targetNamed(job.target);
    const { cases, findings } = await runJob(target, job, () => {});
    expect(cases).toBe(300);
    expect(findings).toHaveLength(2);
    for (const { case: number } of findings)
      expect(await judge(target, inputOf(target, job.seed, number))).toMatchObject({ type: "finding" });
  });
});

describe("what a process cannot see of itself", () => {
  const watch = { child: CHILD, stallSeconds: 4, heapMegabytes: 64 };

  /** The first case of a row that has the fault, and what its target says to the rest. */
  async function findingsOf(name: string): Promise<readonly Result[]> {
    const target = targetNamed(`planted-${name}`);
    let number = 0;
    while (!inputOf(target, 3, number).includes(0xff)) number += 1;
    const job = { target: target.name, seed: 3, from: number - 1, cases: 2 };
    const right = { target: "planted-right", seed: 3, from: 0, cases: 20 };
    const results = await supervised([job, right], watch);
    expect(results.flatMap(({ findings }) => findings)).toMatchObject([
      { target: target.name, case: number },
    ]);
    expect(results.at(-1)).toMatchObject({ target: "planted-right", cases: 20, findings: [] });
    return results;
  }

  test.each([
    ["loop", /did not end within 4 s/],
    ["heap", /ended the process/],
    ["exit", /ended the process \(7\)/],
  ])(
    "%s is found from outside, and the row goes on",
    async (name, what) => {
      const [result] = await findingsOf(name);
      expect(result?.findings[0]?.what).toMatch(what);
    },
    60_000,
  );
});
