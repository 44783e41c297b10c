import { describe, expect, test } from "vitest";
import type { ChainId } from "../../../../src/core/chain.ts";
import { BITCOIN_CHAINS } from "../../../../src/core/chain.ts";
import type { Name } from "../../../../src/core/identifier.ts";
import type { OnlineLimit } from "../../../../src/core/policy/online/section.ts";
import { problemsOf } from "../../../../src/core/policy/verify.ts";
import { BTC, onlineLimit, onlineRules, policyBody, row, TIERS } from "../../../factory/documents.ts";

/** What is said about the online rules, errors and warnings apart. */
function said(limits: readonly OnlineLimit[], rows = policyBody().rows) {
  const policy = policyBody({ rows, online: onlineRules({ limits: [...limits] }) });
  const about = problemsOf(policy).filter(({ field, why }) =>
    /^online|limit per customer/.test(`${field}: ${why}`),
  );
  const of = (severity: string) =>
    about.filter((problem) => problem.severity === severity).map(({ field }) => field);
  return { errors: of("error"), warnings: of("warning") };
}

const NOTHING = { errors: [], warnings: [] };
const upTo = (name: string, units: string, changes: Partial<OnlineLimit> = {}) =>
  onlineLimit(name, { max: { asset: BTC, units }, ...changes });
const MAINNET: ChainId = BITCOIN_CHAINS.mainnet;

describe("policy verify: the online rules", () => {
  test.each<[string, OnlineLimit[], OnlineLimit[], string]>([
    [
      "a name twice",
      [upTo("a", "1"), upTo("a", "2")],
      [upTo("a", "1"), upTo("b", "2")],
      "online.limits.name",
    ],
    [
      "a tier twice",
      [upTo("a", "1", { tiers: [...TIERS, ...TIERS] })],
      [upTo("a", "1")],
      "online.limits.a.tiers",
    ],
    ["nothing passes", [upTo("a", "0")], [upTo("a", "1")], "online.limits.a.max"],
    [
      "a chain without rules",
      [onlineLimit("each"), onlineLimit("a", { chain: MAINNET, max: { minorUnits: "1" } })],
      [onlineLimit("each"), onlineLimit("a", { max: { minorUnits: "1" } })],
      "online.limits.a",
    ],
    [
      "an asset on another chain than the limit's",
      [onlineLimit("each"), upTo("a", "1", { chain: MAINNET })],
      [onlineLimit("each"), upTo("a", "1")],
      "online.limits.a.chain",
    ],
  ])("%s is an error", (_, bad, twin, field) => {
    expect(said(bad).errors).toEqual([field]);
    expect(said(twin).errors).toEqual([]);
  });

  test("who is paid nothing is found out before a customer waits", () => {
    expect(said([upTo("a", "1")])).toEqual(NOTHING);
    expect(said([])).toEqual({ errors: [], warnings: ["online.limits"] });
    expect(said([upTo("a", "1", { per: "network" })]).warnings).toContain("online.limits");
    const stray = [onlineLimit("each", { tiers: ["basic" as Name] }), upTo("a", "1", { per: "tier" })];
    expect(said(stray).warnings).toEqual(["online.limits.a.tiers"]);
  });

  test("a limit on the asset's own chain is about it, one on another chain is not", () => {
    const chain = BITCOIN_CHAINS.regtest;
    expect(said([onlineLimit("each", { chain })])).toEqual(NOTHING);
    expect(said([onlineLimit("each", { chain: MAINNET })]).warnings).toContain("online.limits");
  });

  test("a tier that a row clears and no limit names is paid nothing", () => {
    const cleared = (tier: string) => [
      row("small", "0", "1", 1, { clearance: { quorum: 1, secondsMax: 60, tiers: [tier as Name] } }),
    ];
    expect(said([onlineLimit("each")], cleared("gold")).warnings).toEqual(["rows.small.clearance"]);
    expect(said([onlineLimit("each")], cleared("basic")).warnings).toEqual([]);
  });

  test("a short window above a longer one stops nothing", () => {
    const [day, month] = [upTo("day", "10"), upTo("month", "9", { window: "month" })];
    expect(said([day, month]).warnings).toEqual(["online.limits.day.max"]);
    expect(said([upTo("day", "9"), month])).toEqual(NOTHING);
  });

  test("a house that pays no customers needs no limits", () => {
    expect(said([], [row("own", "0", "1", 1, { type: "consolidate" })])).toEqual(NOTHING);
  });
});
