/** Limits of the online host: each can be met, and nobody is left out of them by accident. */
import { assetFacts, type AssetId } from "../../asset.ts";
import type { Name } from "../../identifier.ts";
import { quoted } from "../../text.ts";
import { WINDOW_SECONDS, type OnlineLimit } from "../online/section.ts";
import type { Policy } from "../policy.ts";
import { error, warning, type Problem } from "./problem.ts";

export function* onlineErrors({ online, chains }: Policy): Iterable<Problem> {
  const names = new Set<string>();
  for (const limit of online.limits) {
    const { name, tiers, max, chain } = limit;
    const field = `online.limits.${name}`;
    if (names.has(name)) yield error("online.limits.name", `${quoted(name)} stands twice`);
    names.add(name);
    if (new Set(tiers).size < tiers.length) yield error(`${field}.tiers`, "a tier stands twice");
    const its = "asset" in max ? assetFacts(max.asset).chain : chain;
    if (its !== undefined && !chains.some((rules) => rules.chain === its))
      yield error(field, `the policy has no rules for ${its}`);
    if (chain !== undefined && its !== chain)
      yield error(`${field}.chain`, "its asset is on another chain, so that it can never be about a payment");
    if (mostOf(limit) === 0n)
      yield error(`${field}.max`, "it lets nothing pass: leave its tiers out instead");
  }
}

export function* onlineWarnings(policy: Policy): Iterable<Problem> {
  yield* unpaidWarnings(policy);
  yield* windowWarnings(policy.online.limits);
}

// A tier without a limit per customer is paid nothing, which is found out by a customer who waits.
function* unpaidWarnings({ rows, online }: Policy): Iterable<Problem> {
  const paying = rows.filter(({ type }) => type === "withdrawal");
  for (const asset of new Set(paying.map((row) => row.asset))) {
    const covered = tiersWithLimit(online.limits, asset);
    const { symbol } = assetFacts(asset);
    if (covered.size === 0)
      yield warning("online.limits", `no limit per customer is about ${symbol}: nobody is paid any`);
    for (const { name, clearance } of paying.filter((row) => row.asset === asset)) {
      const open = clearance === "none" ? [] : clearance.tiers.filter((tier) => !covered.has(tier));
      if (covered.size > 0 && open.length > 0)
        yield warning(
          `rows.${name}.clearance`,
          `no limit per customer names ${open.join(", ")} for ${symbol}: such a customer is paid nothing`,
        );
    }
  }
  const named = new Set(online.limits.filter(({ per }) => per === "customer").flatMap(({ tiers }) => tiers));
  for (const { name, tiers } of online.limits) {
    const stray = tiers.filter((tier) => !named.has(tier));
    if (stray.length > 0)
      yield warning(
        `online.limits.${name}.tiers`,
        `no limit per customer names ${stray.join(", ")}: such a customer is paid nothing`,
      );
  }
}

function tiersWithLimit(limits: readonly OnlineLimit[], asset: AssetId): ReadonlySet<Name> {
  const about = limits.filter(({ per, chain, max }) => {
    const itsChain = chain === undefined || chain === assetFacts(asset).chain;
    return per === "customer" && itsChain && (!("asset" in max) || max.asset === asset);
  });
  return new Set(about.flatMap(({ tiers }) => tiers));
}

// A short window above a longer one never stops anything.
function* windowWarnings(limits: readonly OnlineLimit[]): Iterable<Problem> {
  for (const short of limits) {
    const long = limits.find(
      (other) =>
        measureOf(other) === measureOf(short) &&
        WINDOW_SECONDS[other.window] > WINDOW_SECONDS[short.window] &&
        mostOf(other) < mostOf(short) &&
        short.tiers.every((tier) => other.tiers.includes(tier)),
    );
    if (long !== undefined)
      yield warning(
        `online.limits.${short.name}.max`,
        `is above that of ${long.name}, whose window is longer`,
      );
  }
}

function measureOf({ per, chain, max }: OnlineLimit): string {
  return [per, chain ?? "", "asset" in max ? max.asset : "currency"].join(" ");
}

function mostOf({ max }: OnlineLimit): bigint {
  return BigInt("asset" in max ? max.units : max.minorUnits);
}
