/** Rules of a new custody from flags: rows, fee caps, quorums, life times. */
import { amount, parseAmount, positive, type Amount } from "../../core/amount.ts";
import { assetFacts, nativeAsset, type AssetId } from "../../core/asset.ts";
import { codecOf } from "../../chains/registry.ts";
import { networkOf, type ChainId } from "../../core/chain.ts";
import { parseCurrency } from "../../core/currency.ts";
import type { IntentType } from "../../core/documents/intent-types.ts";
import { parseName, type Name } from "../../core/identifier.ts";
import type { OnlineLimit, OnlineRules } from "../../core/policy/online/section.ts";
import type { ChainRules, Policy, PolicyIdentity, PolicyRow, Role } from "../../core/policy/policy.ts";
import {
  countFlag,
  flagName,
  optionalFlag,
  repeatedFlag,
  requiredFlag,
  type Flags,
} from "../../terminal/command.ts";

const DAY = 86_400;

/** Every row that the smallest custody needs: payments to customers, and what only comes back to itself. */
export function rowsOf(flags: Flags, chain: ChainId, wallet: Name, people: Persons): readonly PolicyRow[] {
  const asset = nativeAsset(chain);
  const { upTo, day, month } = mostOf(flags, asset);
  const limits = { dayUnits: text(day), monthUnits: text(month) };
  const row = (name: string, type: IntentType, upToUnits: string): PolicyRow => ({
    name: parseName(name),
    type,
    asset,
    aboveUnits: "0",
    upToUnits,
    wallets: [wallet],
    quorum: quorumFlag(flags, "approvals", people("approver")),
    approvalSecondsMax: 3 * DAY,
    delaySeconds: 0,
    clearance: "none",
    limits,
    feeBudget: feeBudgetOf(flags, asset),
  });
  const delaySeconds = countFlag(flags, "delay", { min: 0, max: 30 * DAY, otherwise: 0 });
  const approvalSecondsMax = 3 * DAY + delaySeconds;
  const withdrawals = {
    ...row("withdrawals", "withdrawal", text(upTo)),
    delaySeconds,
    approvalSecondsMax,
    clearance: clearanceOf(flags, people),
  };
  // An account has no coins to gather, and its plans carry their own end.
  if (codecOf(chain).addresses === "one") return [withdrawals];
  return [
    withdrawals,
    row("consolidations", "consolidate", text(day)),
    row("cancellations", "cancel", "1"),
    row("attestations", "attest", "1"),
  ];
}

/** What one customer may be paid, which only the online host can know: no more than all of them together by default. */
export function onlineRulesOf(flags: Flags, chain: ChainId): OnlineRules {
  const asset = nativeAsset(chain);
  const { day, month } = mostOf(flags, asset);
  const limit = (window: "day" | "month", most: Amount): OnlineLimit => ({
    name: parseName(`customer-${window}`),
    per: "customer",
    tiers: [...tiersOf(flags)],
    window,
    max: { asset, units: text(most) },
  });
  return {
    currency: parseCurrency(optionalFlag(flags, "currency") ?? "EUR", "--currency"),
    ratesSecondsMax: DAY,
    limits: [
      limit("day", amountFlag(flags, "customerDay", asset, day)),
      limit("month", amountFlag(flags, "customerMonth", asset, month)),
    ],
  };
}

function mostOf(flags: Flags, asset: AssetId): Readonly<Record<"upTo" | "day" | "month", Amount>> {
  const upTo = amountFlag(flags, "upTo", asset, undefined);
  return {
    upTo,
    day: amountFlag(flags, "day", asset, amount(asset, upTo.units * 10n)),
    month: amountFlag(flags, "month", asset, amount(asset, upTo.units * 100n)),
  };
}

function tiersOf(flags: Flags): readonly Name[] {
  const tiers = repeatedFlag(flags, "tier");
  return (tiers.length === 0 ? ["basic"] : tiers).map((tier) => parseName(tier, "--tier"));
}

/** How many persons hold a role. */
export type Persons = (role: Role) => number;

export function personsIn(identities: readonly PolicyIdentity[]): Persons {
  return (role) =>
    new Set(identities.filter(({ roles }) => roles.includes(role)).map(({ person }) => person)).size;
}

/** Asked for compliance, a row asks for its word. */
function clearanceOf(flags: Flags, people: Persons): PolicyRow["clearance"] {
  const persons = people("compliance");
  if (persons === 0 && optionalFlag(flags, "clearance") === undefined) return "none";
  return {
    quorum: countFlag(flags, "clearance", { min: 1, max: 64, otherwise: 1 }),
    secondsMax: 7 * DAY,
    tiers: [...tiersOf(flags)],
  };
}

export function chainRulesOf(flags: Flags, chain: ChainId): ChainRules {
  const asset = nativeAsset(chain);
  return {
    chain,
    confirmations: countFlag(flags, "confirmations", {
      min: 1,
      max: 1000,
      otherwise: networkOf(chain) === "regtest" ? 1 : CONFIRMATIONS[codecOf(chain).addresses],
    }),
    fees: {
      absoluteUnitsMax: text(feeMaxOf(flags, asset)),
      rateMax: countFlag(flags, "feeRateMax", { min: 1, max: 100_000, otherwise: 200 }),
      sharePermilleMax: countFlag(flags, "feeShareMax", { min: 1, max: 1000, otherwise: 100 }),
      ladderRatioMax: 10,
    },
  };
}

/** Persons for what is no payment. More than half of several admins, so that no two halves can each make a policy. */
export function quorumsOf(flags: Flags, people: Persons): Pick<Policy, "quorums" | "recovery"> {
  const admins = people("admin");
  const recovery = people("recovery");
  return {
    quorums: {
      admin: countFlag(flags, "admins", { min: 1, max: 64, otherwise: Math.floor(admins / 2) + 1 }),
      beneficiary: quorumFlag(flags, "approvals", people("approver")),
      resume: 1,
      build: 0,
    },
    ...(recovery === 0
      ? {}
      : {
          recovery: {
            quorum: Math.floor(recovery / 2) + 1,
            delaySeconds: DAY * countFlag(flags, "recoveryDays", { min: 1, max: 365, otherwise: 14 }),
          },
        }),
  };
}

// Two of several: one stolen key is then not enough.
function quorumFlag(flags: Flags, name: string, persons: number): number {
  return countFlag(flags, name, { min: 1, max: 64, otherwise: persons > 1 ? 2 : 1 });
}

/** Six blocks of ten minutes; of chains whose blocks come within seconds two epochs, beside their own word for what is final. */
const CONFIRMATIONS = { many: 6, one: 64 } as const;

function feeMaxOf(flags: Flags, asset: AssetId): Amount {
  const most = codecOf(assetFacts(asset).chain).addresses === "one" ? "0.02" : "0.001";
  return amountFlag(flags, "feeMax", asset, parseAmount(most, asset));
}

function feeBudgetOf(flags: Flags, asset: AssetId): PolicyRow["feeBudget"] {
  const { units } = feeMaxOf(flags, asset);
  return { dayUnits: (units * 10n).toString(), monthUnits: (units * 100n).toString() };
}

function amountFlag(flags: Flags, name: string, asset: AssetId, otherwise: Amount | undefined): Amount {
  const given = optionalFlag(flags, name);
  if (given === undefined && otherwise !== undefined) return otherwise;
  const flag = flagName(name);
  return positive(parseAmount(given ?? requiredFlag(flags, name), asset, flag), flag);
}

function text({ units }: Amount): string {
  return units.toString();
}
