/** Defects that were put into the product on purpose are found: each by the invariant that it breaks. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { bundle } from "./bundled.ts";
import { play, type Played } from "./run.ts";
import { openStage } from "./stage.ts";

type Plant = { readonly finds: string };
const PLANTS = JSON.parse(readFileSync(join(import.meta.dirname, "plants.json"), "utf8")) as Record<
  string,
  Plant
>;

/** Most are found in the first world or two. */
const WORLDS_MAX = 40;

describe("a planted defect is found", () => {
  test.each(Object.entries(PLANTS))("%s", async (name, { finds }) => {
    const stage = openStage(bundle(name));
    try {
      let played: Played | undefined;
      for (let seed = 1; seed <= WORLDS_MAX && (played?.broken.length ?? 0) === 0; seed++)
        played = await play(seed, stage.host, await stage.founded(seed));
      expect(played?.broken[0]).toMatch(new RegExp(`^${finds}: `));
    } finally {
      stage.close();
    }
  });
});
