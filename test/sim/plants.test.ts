/** Defects that were put into the product on purpose are found: each by the invariant that it breaks. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { bundle } from "./bundled.ts";
import { play, type Played } from "./run.ts";
import { openStage } from "./stage.ts";

type Plant = { readonly finds: string; readonly slow?: boolean };
const PLANTS = JSON.parse(readFileSync(join(import.meta.dirname, "plants.json"), "utf8")) as Record<
  string,
  Plant
>;

/** Most are found in the first world or two; those that take long are looked for with SIM_PLANTS=all alone. */
const WORLDS_MAX = 40;
const LOOKED_FOR = Object.entries(PLANTS).filter(
  ([, { slow }]) => slow !== true || process.env["SIM_PLANTS"] === "all",
);

describe("a planted defect is found", () => {
  test.each(LOOKED_FOR)("%s", async (name, { finds }) => {
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
