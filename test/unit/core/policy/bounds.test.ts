/** The bounds of a policy's numbers hold at their edges: what lies above is another document than anybody can mean. */
import { expect, test } from "vitest";
import { embed } from "../../../../src/core/document.ts";
import { POLICY, type Policy } from "../../../../src/core/policy/policy.ts";
import { genesisPolicy, policyBody } from "../../../factory/documents.ts";

const valid = (changes: Partial<Policy>) => POLICY.schema.safeParse(embed(genesisPolicy(changes))).success;
const [wallet] = policyBody().wallets as [Policy["wallets"][number]];

test.each([
  ["a wallet's threshold", (n: number) => ({ wallets: [{ ...wallet, threshold: n }] }), 16],
  ["a wallet's gap", (n: number) => ({ wallets: [{ ...wallet, indexGap: n }] }), 10_000],
  ["its number", (n: number) => ({ number: n }), 1_000_000],
  ["approvalsSince", (n: number) => ({ approvalsSince: n }), 1_000_000],
  ["the beneficiary quorum", (n: number) => ({ quorums: { ...policyBody().quorums, beneficiary: n } }), 64],
] as const)("%s", (_, changes, max) => {
  expect(valid(changes(max))).toBe(true);
  expect(valid(changes(max + 1))).toBe(false);
});
