/** The part of a review that is about a signed message: what is said, by which address, beside which coins. */
import type { ChalkInstance } from "chalk";
import { splitAccount } from "../core/account.ts";
import { amount, formatAmount } from "../core/amount.ts";
import type { AssetId } from "../core/asset.ts";
import type { PlanReview, ReviewedEffect } from "../core/documents/review.ts";
import { verbatim, wrapped } from "./labelled-text.ts";
import { grouped } from "./table.ts";

type Said = Extract<ReviewedEffect, { readonly type: "attest" }>;

/** What `plan` says, or undefined when it moves something. */
export function messageOf({ rungs }: PlanReview): Said | undefined {
  const [effect] = rungs[0]?.effects ?? [];
  return effect?.type === "attest" ? effect : undefined;
}

/** A plan that signs `said`, in place of what a payment shows: nothing is spent, paid or sent. */
export function drawMessage(
  { inputs, rungs, intents }: PlanReview,
  said: Said,
  asset: AssetId,
  paint: ChalkInstance,
): readonly string[] {
  const [own, ...coins] = inputs;
  const total = coins.reduce((sum, { units }) => sum + BigInt(units), 0n);
  return [
    `  ${paint.bold("SIGNS A MESSAGE")}  nothing moves, nothing can be sent`,
    ...verbatim("  | ", said.message),
    `  AS     the holder of our address at ${own?.path ?? ""}`,
    ...wrapped("         ", grouped(splitAccount(said.account).address)),
    `         intent ${said.intent}, policy row ${intents[0]?.row ?? ""}`,
    ...wrapped("         approved by ", said.approvedBy.join(", ")),
    ...wrapped("         cleared by ", (said.clearedBy ?? []).join(", ")),
    ...(coins.length === 0
      ? ["  SHOWS  no coins"]
      : [
          `  SHOWS  ${coins.length === 1 ? "1 coin" : `${coins.length} coins`}, ${money(asset, total)}`,
          "         This does not prove that they are unspent, or not also somebody else's.",
        ]),
    ...coins.flatMap(({ conflictKey, units, path }) => [
      ...wrapped("    ", conflictKey.split(":outpoint:")[1] ?? conflictKey),
      `      ${money(asset, BigInt(units))} at ${path}`,
    ]),
    ...wrapped("  TXID   ", grouped(rungs[0]?.transaction ?? "")),
  ];
}

function money(asset: AssetId, units: bigint): string {
  return formatAmount(amount(asset, units));
}
