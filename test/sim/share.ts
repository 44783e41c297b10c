/** The test command's share of the simulator: worlds for half a minute, on each of two workers. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { hostOf } from "./bundled.ts";
import { play } from "./run.ts";
import { BITCOIN_FAMILY } from "./families/bitcoin/family.ts";
import { openStage, type Stage } from "./stage.ts";
import { added, NOTHING_PLAYED, summaryOf } from "./summary.ts";

/** Worlds are played until this is over: a slow machine plays fewer, and fails no sooner. */
const SECONDS = Number(process.env["SIM_SECONDS"] ?? "25");

/** @param part 0 or 1: the seeds that leave it as remainder @param share of the time */
export function playShare(part: number, family = BITCOIN_FAMILY, share = 1): void {
  let stage: Stage;
  beforeAll(() => void (stage = openStage(hostOf(), family)));
  afterAll(() => stage.close());

  test("in every world each client is paid once or has its money back", async () => {
    const until = process.uptime() + share * SECONDS;
    let summary = NOTHING_PLAYED;
    for (let seed = 2 + part; summary.worlds === 0 || process.uptime() < until; seed += 2) {
      const played = await play(seed, stage.host, await stage.founded(seed));
      expect(
        played.broken,
        `${played.story.join("\n")}\nreplay: npm run sim -- --family ${family.name} --seed ${seed}`,
      ).toEqual([]);
      summary = added(summary, played);
    }
    console.log(`${family.name}: ${summaryOf(summary)}`);
    expect(summary.checks).toBeGreaterThan(0);
  });
}
