/** A plan's attempts one by one: fee, id, and what the cancel rung brings back. */
import { splitAccount } from "../../core/account.ts";
import type { AssetId } from "../../core/asset.ts";
import type { PlanReview, RungReview } from "../../core/documents/review.ts";
import { formatAmount } from "../../core/amount.ts";
import { nameLabel } from "./competes.ts";
import { messageOf } from "./message.ts";
import { groupedRow, row, type Row } from "./page.ts";
import { paidIn, paymentRows, paymentsOf, intentsById, rungFeeRows } from "./payment.ts";

/** Counted from 1, as `--rungs` counts them. */
export function rungRows(plan: PlanReview, asset: AssetId): readonly Row[] {
  const { rungs, cancel } = plan;
  if (messageOf(plan) !== undefined) {
    return rungs.flatMap((rung) => [
      groupedRow(nameLabel(plan), rung.transaction),
      ...(rung.feeUnits === "0"
        ? []
        : [row("WARNING", "it has a fee", "warning"), ...rungFeeRows(rung, plan, asset)]),
    ]);
  }
  const same = paymentsOf(plan);
  const intents = intentsById(plan);
  return [
    ...rungs.flatMap((rung, place) => [
      row(
        "RUNG",
        `${place + 1} of ${rungs.length}${rungs.length === 1 ? "" : ": at most one of them settles"}`,
      ),
      ...rungFeeRows(rung, plan, asset),
      groupedRow(nameLabel(plan), rung.transaction),
      ...(same === undefined ? paidIn(rung).flatMap((effect) => paymentRows(effect, intents, asset)) : []),
    ]),
    ...(cancel === undefined ? [] : cancelRows(cancel, plan, asset)),
  ];
}

// Signed beside the others: whoever holds the receipt can end the plan, and gain nothing by it.
function cancelRows(cancel: RungReview, plan: PlanReview, asset: AssetId): readonly Row[] {
  const paid = paidIn(cancel);
  const intents = intentsById(plan);
  return [
    ...(paid.length === 0
      ? [row("CANCEL", "rung: pays nobody else, ends the plan")]
      : [
          row("WARNING", "the cancel rung pays somebody", "warning"),
          ...paid.flatMap((effect) => paymentRows(effect, intents, asset)),
        ]),
    ...cancel.effects.flatMap((effect) =>
      effect.type === "change"
        ? [
            row(
              "",
              `${formatAmount({ asset, units: effect.units })} comes back, proven ours at ${effect.path}`,
            ),
            groupedRow("", splitAccount(effect.account).address),
          ]
        : [],
    ),
    ...rungFeeRows(cancel, plan, asset),
    groupedRow(nameLabel(plan), cancel.transaction),
  ];
}
