/** Each law's attacks against the gates in this process; `test/e2e/attack-programs.test.ts` plays them against programs. */
import { describe, test } from "vitest";
import { LAW_SCENARIOS } from "./bench/scenarios/laws.ts";
import { IN_PROCESS } from "./bench/stage.ts";

describe("what an owned host may try against a law", () => {
  test.each(Object.entries(LAW_SCENARIOS))("%s", (_law, play) => play(IN_PROCESS));
});
