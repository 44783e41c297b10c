/** The part of a review that is about who commands a wallet: drawn whenever a transaction changes it, whatever it does beside. */
import { splitAccount } from "../../core/account.ts";
import type { PlanReview, ReviewedEffect } from "../../core/documents/review.ts";
import { groupedRow, row, type Row } from "./page.ts";
import { peopleRows } from "./payment.ts";

type Control = Extract<ReviewedEffect, { readonly type: "control" }>;

/** Every change of who commands the wallet, once. */
export function controlsOf({ rungs, cancel }: PlanReview): readonly Control[] {
  const effects = [...rungs, ...(cancel === undefined ? [] : [cancel])].flatMap((rung) => rung.effects);
  const found = effects.filter((effect) => effect.type === "control");
  return found.filter((one, place) => found.findIndex((other) => other.change === one.change) === place);
}

export function controlRows(plan: PlanReview): readonly Row[] {
  return controlsOf(plan).flatMap((control) => [
    row("COMMAND", `CHANGES WHO COMMANDS WALLET ${plan.wallet}`, "strong"),
    row("", control.change, "strong"),
    row("", "whoever commands it can move all that it holds"),
    groupedRow("", splitAccount(control.account).address),
    row("", `intent ${control.intent}, policy row ${rowOf(plan, control)}`),
    ...peopleRows(control),
  ]);
}

const rowOf = ({ intents }: PlanReview, { intent }: Control): string =>
  intents.find((one) => one.intent === intent)?.row ?? "unknown";
