/** A withdrawal as JSON and as facts; used wherever one is answered. */
import { splitAccount } from "../../core/account.ts";
import { formatAmount } from "../../core/amount.ts";
import type { Withdrawal } from "../../store/withdrawals.ts";
import type { WithdrawalRow } from "../../withdrawals/rows.ts";
import { grouped } from "../../terminal/table.ts";

type Shown = WithdrawalRow & Partial<Pick<Withdrawal, "reason" | "created" | "updated">>;

export function describe(withdrawal: Shown) {
  const {
    id,
    customer,
    amount,
    account,
    state,
    plan,
    version,
    reason,
    code,
    holder,
    created,
    updated,
    intent,
  } = withdrawal;
  return {
    id,
    state,
    customer,
    asset: amount.asset,
    units: amount.units.toString(),
    amount: formatAmount(amount),
    account,
    version,
    ...(intent === undefined ? {} : { intent }),
    ...(plan === undefined ? {} : { plan }),
    ...(reason === undefined ? {} : { reason }),
    ...(code === undefined ? {} : { code }),
    ...(holder === undefined ? {} : { holder }),
    ...(created === undefined ? {} : { created }),
    ...(updated === undefined ? {} : { updated }),
  };
}

export function drawWithdrawal(withdrawal: Shown): (readonly [string, string])[] {
  const { id, amount, account, state, plan, reason, code, holder } = withdrawal;
  const held = holder === undefined ? code : `${code}, by ${holder}`;
  const why = reason ?? (state === "ON_HOLD" ? held : state === "BLOCKED" ? code : undefined);
  return [
    ["withdrawal", id],
    ["state", why === undefined ? state : `${state} (${why})`],
    ["amount", formatAmount(amount)],
    ["to", grouped(splitAccount(account).address)],
    ...(plan === undefined ? [] : [["plan", plan] as const]),
  ];
}
