/** The part of a review that is about a signed message: what is said, by which address, beside which coins. */
import { splitAccount } from "../../core/account.ts";
import type { AssetId } from "../../core/asset.ts";
import { counted } from "../../core/count.ts";
import type { PlanReview, ReviewedEffect } from "../../core/documents/review.ts";
import { formatAmount } from "../../core/amount.ts";
import { groupedRow, row, verbatimRow, type Row } from "./page.ts";

type Said = Extract<ReviewedEffect, { readonly type: "attest" }>;

/**
 * What `plan` says, or undefined when it moves something. An effect beside it, or a rung that cancels, could move: then it
 * is no message, and another intent would be drawn nowhere.
 */
export function messageOf({ rungs, cancel, intents }: PlanReview): Said | undefined {
  const effects = rungs.flatMap((rung) => rung.effects);
  const [effect] = effects;
  if (effects.length !== 1 || effect?.type !== "attest" || cancel !== undefined) return undefined;
  return intents.length === 1 && intents[0]?.intent === effect.intent ? effect : undefined;
}

/** A plan that signs `said`, in place of what a payment shows: nothing is spent, paid or sent. */
export function messageRows({ inputs, intents }: PlanReview, said: Said, asset: AssetId): readonly Row[] {
  const [own, ...coins] = inputs;
  const total = coins.reduce((sum, { units }) => sum + BigInt(units), 0n);
  const cleared = said.clearedBy === undefined ? [] : [row("", `cleared by ${said.clearedBy.join(", ")}`)];
  return [
    row("SIGNS A MESSAGE", "nothing moves, nothing can be sent", "strong"),
    verbatimRow(said.message),
    row("AS", `the holder of our address at ${own?.path ?? "an unknown path"}`),
    groupedRow("", splitAccount(said.account).address),
    row("", `intent ${said.intent}, policy row ${intents[0]?.row ?? "unknown"}`),
    row("", `approved by ${said.approvedBy.join(", ")}`),
    ...cleared,
    ...(coins.length === 0
      ? [row("SHOWS", "no coins")]
      : [
          row("SHOWS", `${counted(coins.length, "coin")}, ${formatAmount({ asset, units: total })}`),
          row("", "This does not prove that they are unspent, or not also somebody else's."),
        ]),
  ];
}
