/** ADR 9: two groups that can sign share a signer. The rule against the thing itself, by trying all groups. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { alwaysMeet, spendingQuorum } from "../../src/core/policy/groups.ts";
import type { PolicyWallet } from "../../src/core/policy/policy.ts";
import { walletOf } from "../factory/policies.ts";

const POOL = ["s1", "s2", "s3", "s4", "s5"] as const;

/** Any wallet whose keys strangers cannot spend alone, over signers of one small house. */
const wallet: fc.Arbitrary<PolicyWallet> = fc
  .record({
    signers: fc.subarray([...POOL], { minLength: 1 }),
    foreign: fc.integer({ min: 0, max: 3 }),
    threshold: fc.integer({ min: 1, max: 8 }),
  })
  .filter(({ signers, foreign, threshold }) => foreign < threshold && threshold <= signers.length + foreign)
  .map(({ signers, foreign, threshold }) => walletOf("any", threshold, signers, { foreign }));

/** The signers of ours in each set of keys that reaches the threshold: tried, not counted. */
function groupsOf({ signers, foreign, threshold }: PolicyWallet): readonly ReadonlySet<string>[] {
  const keys = [...signers, ...Array.from({ length: foreign }, () => undefined)];
  return [...Array(1 << keys.length).keys()]
    .map((chosen) => keys.filter((_key, place) => (chosen & (1 << place)) !== 0))
    .filter((group) => group.length >= threshold)
    .map((group) => new Set(group.filter((key) => key !== undefined)));
}

function meet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return [...a].some((signer) => b.has(signer));
}

describe("F3: no two groups of signers can each make one payment", () => {
  test("the rule for two wallets of one row says what trying all pairs of groups says", () => {
    let [yes, no] = [0, 0];
    fc.assert(
      fc.property(wallet, wallet, (a, b) => {
        const tried = groupsOf(a).every((one) => groupsOf(b).every((other) => meet(one, other)));
        if (tried) yes += 1;
        else no += 1;
        expect(alwaysMeet(spendingQuorum(a), spendingQuorum(b))).toBe(tried);
      }),
      { numRuns: 300 },
    );
    expect(Math.min(yes, no)).toBeGreaterThan(10);
  });

  test("of one wallet it is the design's 2m - n > f", () => {
    fc.assert(
      fc.property(wallet, (one) => {
        const keys = one.signers.length + one.foreign;
        const quorum = spendingQuorum(one);
        expect(alwaysMeet(quorum, quorum)).toBe(2 * one.threshold - keys > one.foreign);
      }),
    );
  });
});
