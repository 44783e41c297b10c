/**
 * Limits of a row over the last 24 hours and 30 days. The online host knows all payments and judges by the whole limit;
 * a signer knows its own journal alone and enforces its share, so that all signers together cannot pass the whole.
 */
import { addSeconds, type Instant } from "../instant.ts";
import type { Name } from "../identifier.ts";
import type { Policy, PolicyRow } from "./policy.ts";

/** What was paid under a row, by the time that counts (at the signer: journal time). Base units. */
export type Spending = {
  readonly row: Name;
  readonly units: bigint;
  readonly feeUnits: bigint;
  readonly at: Instant;
};

export type Window = "day" | "month";
const SECONDS: Readonly<Record<Window, number>> = { day: 86_400, month: 30 * 86_400 };

export type LimitExcess = {
  readonly of: "limits" | "feeBudget";
  readonly window: Window;
  readonly why: string;
};

/** How much of a limit one judge enforces. */
export type Share = (limitUnits: bigint) => bigint;

export const WHOLE: Share = (limit) => limit;

/**
 * One signer's share of a row's limits. A wallet of n keys, m needed, f not ours, spends only with m - f signers of
 * ours; so with S signers over the row's wallets, each may sign floor(L (m - f) / S), for the smallest m - f. In a
 * 2-of-3 of ours: two thirds of L.
 */
export function signerShare(policy: Policy, row: PolicyRow): Share {
  const wallets = policy.wallets.filter(({ name }) => row.wallets.includes(name));
  const signers = BigInt(new Set(wallets.flatMap((wallet) => wallet.signers)).size);
  const needed = BigInt(Math.min(...wallets.map(({ threshold, foreign }) => threshold - foreign)));
  return (limit) => (signers === 0n || needed <= 0n ? 0n : (limit * needed) / signers);
}

/** What is left of each window of `row` at `now`, never below 0. */
export function leftOf(
  row: PolicyRow,
  of: LimitExcess["of"],
  window: Window,
  spendings: readonly Spending[],
  now: Instant,
  share: Share,
): bigint {
  const limit = share(BigInt(window === "day" ? row[of].dayUnits : row[of].monthUnits));
  const left = limit - spent(row, of, window, spendings, now);
  return left < 0n ? 0n : left;
}

/** The first window that `adding` would pass; undefined when all hold. */
export function limitExcess(
  row: PolicyRow,
  spendings: readonly Spending[],
  adding: { readonly units: bigint; readonly feeUnits: bigint },
  now: Instant,
  share: Share,
): LimitExcess | undefined {
  for (const of of ["limits", "feeBudget"] as const) {
    for (const window of ["day", "month"] as const) {
      const left = leftOf(row, of, window, spendings, now, share);
      const asked = of === "limits" ? adding.units : adding.feeUnits;
      if (asked > left) {
        const what = of === "limits" ? "amounts" : "fees";
        return {
          of,
          window,
          why: `row ${row.name}: ${asked} asked, ${left} of the ${what} of a ${window} left`,
        };
      }
    }
  }
  return undefined;
}

function spent(
  row: PolicyRow,
  of: LimitExcess["of"],
  window: Window,
  spendings: readonly Spending[],
  now: Instant,
): bigint {
  return spendings
    .filter((spending) => spending.row === row.name && addSeconds(spending.at, SECONDS[window]) > now)
    .reduce((total, { units, feeUnits }) => total + (of === "limits" ? units : feeUnits), 0n);
}
