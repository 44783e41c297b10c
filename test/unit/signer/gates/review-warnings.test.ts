/** What an officer is warned of, though no rule forbids it. */
import { describe, expect, test } from "vitest";
import { farChange, mergedWarnings } from "../../../../signer/gates/review-warnings.ts";
import type { Effect } from "../../../../src/chains/effect.ts";
import type { PolicyWallet } from "../../../../src/core/policy/policy.ts";
import { beneficiary, BTC, policyBody } from "../../../factory/documents.ts";

const ACCOUNT = beneficiary().body.account;
const wallet = { ...(policyBody().wallets[0] as PolicyWallet), indexGap: 20 };
const at = (index: number) => ({ account: ACCOUNT, asset: BTC, units: 1n, path: "m", index });
const change = (index: number): Effect => ({ type: "change", ...at(index) });

describe("change far above what this signer has signed for (B7)", () => {
  test("is told beyond the wallet's gap, and not at it", () => {
    expect(farChange([change(25)], wallet, 5)).toEqual([]);
    expect(farChange([change(26)], wallet, 5)).toEqual([
      "change goes to index 26; the highest that this signer has signed for is 5",
    ]);
  });

  test("is told of change alone: what another wallet of ours is paid follows that one's index", () => {
    expect(farChange([{ type: "own", wallet: wallet.name, ...at(900) }], wallet, 5)).toEqual([]);
  });
});

test("a warning is told once, with the attempts that it is about unless it is about all", () => {
  const [one, two] = [0, "cancel"] as const;
  expect(
    mergedWarnings([
      [one, ["dear", "far"]],
      [two, ["dear"]],
    ]),
  ).toEqual(["dear", expect.stringMatching(/: far$/)]);
  expect(mergedWarnings([])).toEqual([]);
});
