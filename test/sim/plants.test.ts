/** Defects that were put into the product on purpose are found: each by the invariant that it breaks. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { bundle } from "./bundled.ts";
import { familyCalled } from "./families/families.ts";
import { play } from "./run.ts";
import { openStage, type Stage } from "./stage.ts";
import { playStory } from "./stories.ts";

type Plant = { readonly finds: string; readonly story?: string; readonly family?: string };
const PLANTS = JSON.parse(readFileSync(join(import.meta.dirname, "plants.json"), "utf8")) as Record<
  string,
  Plant
>;

/** Each is found in the first worlds. */
const WORLDS_MAX = 20;

async function brokenIn(stage: Stage, seed: number, story: string | undefined): Promise<readonly string[]> {
  const founded = await stage.founded(seed);
  if (story === undefined) return (await play(seed, stage.host, founded)).broken;
  return (await playStory(story, { seed, host: stage.host, founded }, () => undefined)).broken;
}

describe("a planted defect is found", () => {
  test.each(Object.entries(PLANTS))("%s", async (name, { finds, story, family = "bitcoin" }) => {
    const stage = openStage(bundle(name), familyCalled(family));
    try {
      let broken: readonly string[] = [];
      for (let seed = 3; seed < 3 + WORLDS_MAX && broken.length === 0; seed += 3)
        broken = await brokenIn(stage, seed, story);
      expect(broken[0]).toMatch(new RegExp(`^${finds}: `));
    } finally {
      stage.close();
    }
  });
});
