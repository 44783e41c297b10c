/** What kills a plan (law 4): the coin that is named is the plan's own, and its block as deep as the policy asks. */
import { describe, expect, test } from "vitest";
import type { TransactionStatus } from "../../../src/chains/chain-node.ts";
import { finalBlock, spentOf } from "../../../src/withdrawals/ending/spent.ts";
import { fixtureDigest } from "../../factory/identities.ts";
import { codeOf } from "../../factory/thrown.ts";

const killer = fixtureDigest("killer");
const block = { hash: fixtureDigest("block"), height: 101 };
const included = (confirmations: number): TransactionStatus => ({
  state: "included",
  confirmations,
  blockHash: block.hash,
  height: block.height,
});

describe("its block", () => {
  test("is final as deep as the policy asks", () => {
    expect(finalBlock(killer, included(3), 3)).toEqual(block);
  });

  test.each<[string, TransactionStatus]>([
    ["one block less", included(2)],
    ["none", { state: "unknown" }],
  ])("is not with %s", (_, status) => {
    expect(codeOf(() => finalBlock(killer, status, 3))).toBe("NOT_DEEP_ENOUGH");
  });
});

describe("F10: the coin that is gone", () => {
  const plan = { conflictKeys: ["a", "b"], previous: [] };
  const named = (spends: readonly string[], never?: string) =>
    spentOf({ neverMade: () => never }, plan, { spentBy: killer, block, spends }).conflictKey;

  test("is the plan's, taken or never made, whatever else was taken with it", () => {
    expect(named(["x", "b"])).toBe("b");
    expect(named(["x", "b"], "a")).toBe("b");
    expect(named(["x"], "a")).toBe("a");
  });

  test("is not the plan's where nothing of it was taken", () => {
    expect(plan.conflictKeys).not.toContain(named(["x"]));
    expect(plan.conflictKeys).not.toContain(named([]));
  });
});
