import { describe, expect, test } from "vitest";
import type { Name } from "../../../../src/core/identifier.ts";
import { addSeconds } from "../../../../src/core/instant.ts";
import {
  leftOf,
  limitExcess,
  signerShare,
  WHOLE,
  type Spending,
} from "../../../../src/core/policy/limits.ts";
import type { PolicyWallet } from "../../../../src/core/policy/policy.ts";
import { policyBody, row } from "../../../factory/documents.ts";
import { at } from "../../../factory/identities.ts";

const NOW = at("12:00:00");
const small = row("small", "0", "100", 1, {
  limits: { dayUnits: "100", monthUnits: "250" },
  feeBudget: { dayUnits: "10", monthUnits: "15" },
});
const spent = (units: bigint, secondsAgo: number, feeUnits = 0n, name = "small"): Spending => ({
  row: name as Name,
  units,
  feeUnits,
  at: addSeconds(NOW, -secondsAgo),
});

describe("windows of 24 hours and 30 days", () => {
  test("up to the limit, and one unit above it", () => {
    const before = [spent(60n, 3600)];
    expect(limitExcess(small, before, { units: 40n, feeUnits: 0n }, NOW, WHOLE)).toBeUndefined();
    expect(limitExcess(small, before, { units: 41n, feeUnits: 0n }, NOW, WHOLE)).toMatchObject({
      of: "limits",
      window: "day",
    });
  });

  test("a payment leaves the window in the second in which it is a day old, not before", () => {
    const ask = { units: 100n, feeUnits: 0n };
    expect(limitExcess(small, [spent(1n, 86_399)], ask, NOW, WHOLE)?.window).toBe("day");
    expect(limitExcess(small, [spent(1n, 86_400)], ask, NOW, WHOLE)).toBeUndefined();
  });

  test("the month counts what the day has forgotten", () => {
    const before = [spent(100n, 3 * 86_400), spent(100n, 2 * 86_400)];
    expect(limitExcess(small, before, { units: 51n, feeUnits: 0n }, NOW, WHOLE)?.window).toBe("month");
    expect(limitExcess(small, before, { units: 50n, feeUnits: 0n }, NOW, WHOLE)).toBeUndefined();
    expect(leftOf(small, "limits", "month", before, NOW, WHOLE)).toBe(50n);
  });

  test("fees have a budget of their own, and other rows do not count", () => {
    const before = [spent(0n, 60, 8n), spent(100n, 60, 10n, "large")];
    expect(limitExcess(small, before, { units: 0n, feeUnits: 2n }, NOW, WHOLE)).toBeUndefined();
    expect(limitExcess(small, before, { units: 0n, feeUnits: 3n }, NOW, WHOLE)).toMatchObject({
      of: "feeBudget",
      window: "day",
    });
  });

  test("what is left is never below nothing", () => {
    expect(leftOf(small, "limits", "day", [spent(500n, 1)], NOW, WHOLE)).toBe(0n);
  });
});

describe("one signer's share of a limit", () => {
  const [vault] = policyBody().wallets;
  const wallet = (
    name: string,
    threshold: number,
    signers: readonly string[],
    foreign = 0,
  ): PolicyWallet => ({
    ...(vault as PolicyWallet),
    name: name as Name,
    threshold,
    signers: signers as readonly Name[] as Name[],
    foreign,
  });
  const share = (wallets: readonly PolicyWallet[], limit: bigint) =>
    signerShare(
      policyBody({ wallets: [...wallets] }),
      row("r", "0", "1", 1, { wallets: wallets.map(({ name }) => name) }),
    )(limit);

  test.each([
    [[wallet("a", 1, ["s1"])], 100n],
    [[wallet("a", 2, ["s1", "s2", "s3"])], 66n],
    [[wallet("a", 3, ["s1", "s2", "s3", "s4"])], 75n],
    [[wallet("a", 2, ["s1", "s2"], 1)], 50n],
    [[wallet("a", 2, ["s1", "s2", "s3"]), wallet("b", 1, ["s4"])], 25n],
  ])("floor(L (m - f) / signers) of 100: case %#", (wallets, expected) => {
    expect(share(wallets, 100n)).toBe(expected);
  });

  test("all groups that can sign stay below the whole together", () => {
    // 2 of 3: each payment takes the shares of two signers; three shares of 66 pay at most 99.
    expect(3n * share([wallet("a", 2, ["s1", "s2", "s3"])], 100n)).toBeLessThanOrEqual(2n * 100n);
  });

  test("a wallet that foreign keys can empty alone has no share", () => {
    expect(share([wallet("a", 1, ["s1"], 1)], 100n)).toBe(0n);
  });
});
