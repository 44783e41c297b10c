/**
 * Every rule that the protocol's model can switch off, with the attack that its trace prints, played against the real
 * gates; `test/e2e/attack-programs.test.ts` plays the same against the built programs. Each refusal has its accepting
 * twin. `model/rules.mjs` names the rules; the last test compares.
 */
import { describe, expect, test } from "vitest";
// @ts-expect-error The model is plain JavaScript without types, read here for its list of rules alone.
import { DESIGN, FIXES } from "../../model/rules.mjs";
import { MODEL_SCENARIOS } from "./bench/scenarios/model.ts";
import { IN_PROCESS } from "./bench/stage.ts";

/** Rules of the online host, of people and of the journal's file: shown where those are tested. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  deadWithoutEffect:
    "what failed in a block of accounts is dead by people's word: test/unit/signer/gates/evm-dead",
  deadByExpiry: "no chain here lets a plan lapse yet, and no proof of death can say so",
  deadAtDepth: "a proof of death is drafted from a spend at the policy's depth alone: test/node",
  writeAhead: "the journal is on disk before a receipt leaves: test/unit/signer",
  policiesFollow: "a policy that lets other wallets pay ends what was approved before: test/attack/A09",
  voidCount: "a hold is released by n - m + 1 voids: test/unit/withdrawals",
  voidKeepsKey: "a void closes the family, so there is no next plan at that signer: voidHonoured",
  voidByWalletKey: "voids are counted by wallet key: test/unit/withdrawals",
  voidEveryWallet: "voids are counted for every wallet that could pay: test/unit/withdrawals",
};

describe("with the rule on, the model's shortest attack is refused", () => {
  test.each(Object.entries(MODEL_SCENARIOS))("%s", (_rule, play) => play(IN_PROCESS));
});

test("every rule of the model has its scenario", () => {
  const rules = Object.keys({ ...DESIGN, ...FIXES }).sort();
  expect([...Object.keys(MODEL_SCENARIOS), ...Object.keys(ELSEWHERE)].sort()).toEqual(rules);
});
