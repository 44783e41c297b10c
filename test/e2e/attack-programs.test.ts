/**
 * The attacks of the model and of the laws against the built signer: each step is a run of `dist/custody-signer.cjs` in
 * a home on disk, in lockstep with the gates in this process, which must say the same to the last byte of the journal.
 */
import { describe, test } from "vitest";
import { PROCESSES } from "../attack/bench/process-machine.ts";
import { LAW_SCENARIOS } from "../attack/bench/scenarios/laws.ts";
import { MODEL_SCENARIOS } from "../attack/bench/scenarios/model.ts";

describe("against programs, the model's shortest attack with a rule off is refused", () => {
  test.each(Object.entries(MODEL_SCENARIOS))("%s", (_rule, play) => play(PROCESSES));
});

describe("against programs, what an owned host may try against a law", () => {
  test.each(Object.entries(LAW_SCENARIOS))("%s", (_law, play) => play(PROCESSES));
});
