/**
 * A review as a person reads it before signing, for 80 columns. Nothing is shortened: an attacker picks addresses whose
 * first and last characters look right (failure F22).
 */
import type { ChalkInstance } from "chalk";
import { splitAccount } from "../core/account.ts";
import { amount, formatAmount } from "../core/amount.ts";
import { assetFacts, bitcoinAsset, type AssetId } from "../core/asset.ts";
import type { PlanReview, ReviewDocument, ReviewedEffect, RungReview } from "../core/documents/review.ts";
import { visibleText } from "../core/text.ts";
import { checkWords } from "../core/words.ts";
import { wrapped } from "./labelled-text.ts";
import { drawMessage, messageOf } from "./message-review-text.ts";
import { grouped } from "./table.ts";

const WIDTH = 80;

/** The whole review as text. @param paint colours of the stream that it is written to */
export function drawReview({ digest, body }: ReviewDocument, paint: ChalkInstance): string {
  const asset = bitcoinAsset(body.network);
  const lines = [
    banner(body.network, paint),
    `Review by ${body.signer}, epoch ${body.epoch}, under policy number ${body.policy}`,
    ...wrapped("asked for by operator ", `${body.operator.name} (${visibleText(body.operator.person)})`),
    ...body.plans.flatMap((plan, index) => drawPlan(plan, index, body.plans.length, asset, paint)),
    "",
    ...wrapped("review digest  ", grouped(digest)),
    `check words    ${paint.bold(checkWords(digest))}`,
  ];
  return `${lines.join("\n")}\n`;
}

function banner(network: string, paint: ChalkInstance): string {
  const text = ` ${network.toUpperCase()} `
    .padStart((WIDTH + network.length + 2) / 2, "=")
    .padEnd(WIDTH, "=");
  return network === "mainnet" ? paint.bgRed.white.bold(text) : text;
}

function drawPlan(
  plan: PlanReview,
  index: number,
  count: number,
  asset: AssetId,
  paint: ChalkInstance,
): readonly string[] {
  const spent = plan.inputs.reduce((total, { units }) => total + BigInt(units), 0n);
  const head = ["", `Plan ${index + 1} of ${count}: wallet ${plan.wallet}, ${plan.quorum} keys`];
  const said = messageOf(plan);
  const warnings = plan.warnings.flatMap((warning) =>
    wrapped("  WARNING  ", visibleText(warning)).map((line) => paint.yellow(line)),
  );
  if (said !== undefined) return [...head, ...drawMessage(plan, said, asset, paint), ...warnings];
  return [
    ...head,
    `  SPENDS ${plan.inputs.length === 1 ? "1 coin" : `${plan.inputs.length} coins`}, ${money(asset, spent)}`,
    ...plan.inputs.flatMap(({ conflictKey, units, path }) => [
      ...wrapped("    ", conflictKey.split(":outpoint:")[1] ?? conflictKey),
      `      ${money(asset, BigInt(units))} at ${path}`,
    ]),
    ...plan.intents.flatMap((intent) => drawIntent(intent, paint)),
    ...plan.rungs.flatMap((rung, number) => [
      ...(plan.rungs.length === 1
        ? []
        : [`  Rung ${number + 1} of ${plan.rungs.length}: at most one of them settles`]),
      ...drawRung(rung, shareOf(plan), asset, paint),
    ]),
    ...(plan.cancel === undefined ? [] : drawCancel(plan.cancel, shareOf(plan), asset, paint)),
    ...plan.limits.flatMap((left) => drawLimit(left, asset)),
    ...(plan.locks.length === 0
      ? ["  LOCKS  none: it can be sent at once"]
      : plan.locks.map((lock) => `  LOCK   ${lock}`)),
    ...warnings,
  ];
}

function drawPeople(of: {
  readonly approvedBy: readonly string[];
  readonly clearedBy?: readonly string[] | undefined;
}) {
  return [
    ...wrapped("         approved by ", of.approvedBy.join(", ")),
    ...wrapped("         cleared by ", (of.clearedBy ?? []).join(", ")),
  ];
}

/** What pays nobody has no effect that would name its people. */
const OWN_COINS: Readonly<Partial<Record<PlanReview["intents"][number]["type"], string>>> = {
  consolidate: "CONSOLIDATE  the coins above become one of the same wallet",
  cancel: "CANCEL  the coins above come back, so that what else spends them is ended",
};

function drawIntent(
  { type, intent, row, ...people }: PlanReview["intents"][number],
  paint: ChalkInstance,
): readonly string[] {
  const what = OWN_COINS[type];
  if (what === undefined) return [];
  return [`  ${paint.bold(what)}`, `         intent ${intent}, policy row ${row}`, ...drawPeople(people)];
}

// Signed beside the others: whoever holds the receipt can end the plan, and gain nothing by it.
function drawCancel(
  cancel: RungReview,
  share: string,
  asset: AssetId,
  paint: ChalkInstance,
): readonly string[] {
  return ["  Cancel rung: pays nobody else, ends the plan", ...drawRung(cancel, share, asset, paint)];
}

/** What fees are a share of: what a plan pays, or where it pays nobody, what it moves. */
function shareOf({ intents }: PlanReview): string {
  return intents.some(({ type }) => OWN_COINS[type] !== undefined) ? "what is moved" : "what is paid";
}

function drawLimit(
  { row, dayLeftUnits, monthLeftUnits }: PlanReview["limits"][number],
  asset: AssetId,
): readonly string[] {
  return [
    `  LEFT   of row ${row} to this signer after this plan`,
    `         24 hours  ${money(asset, BigInt(dayLeftUnits))}`,
    `         30 days   ${money(asset, BigInt(monthLeftUnits))}`,
  ];
}

function drawRung(rung: RungReview, share: string, asset: AssetId, paint: ChalkInstance): readonly string[] {
  return [
    ...rung.effects.flatMap((effect) => drawEffect(effect, asset, paint)),
    `  FEE    ${money(asset, BigInt(rung.feeUnits))}`,
    `         ${milli(rung.feeRateMilli)} ${assetFacts(asset).unit} per virtual byte, at most ${tenth(rung.feeSharePermille)} % of ${share}`,
    ...wrapped("  TXID   ", grouped(rung.transaction)),
  ];
}

function drawEffect(effect: ReviewedEffect, asset: AssetId, paint: ChalkInstance): readonly string[] {
  if (effect.type === "attest") return [];
  const units = money(asset, BigInt(effect.units));
  const address = wrapped("         ", grouped(splitAccount(effect.account).address));
  if (effect.type === "change") return [`  CHANGE ${units}, proven ours at ${effect.path}`, ...address];
  const approved = drawPeople(effect);
  if (effect.type === "own") {
    return [
      `  ${paint.bold("OWN")}    ${paint.bold(units)}`,
      `         to our wallet ${effect.wallet}, proven at ${effect.path}`,
      ...address,
      ...approved,
    ];
  }
  return [
    `  ${paint.bold("PAY")}    ${paint.bold(units)}`,
    ...address,
    ...(effect.memo === undefined ? [] : [`         memo ${visibleText(effect.memo)}`]),
    ...approved,
  ];
}

function money(asset: AssetId, units: bigint): string {
  return formatAmount(amount(asset, units));
}

/** Thousandths as a decimal: `12345` is `12.345`. */
function milli(thousandths: string): string {
  const digits = thousandths.padStart(4, "0");
  return `${digits.slice(0, -3)}.${digits.slice(-3)}`;
}

/** Thousandths of a whole as per cent with one decimal: `15` is `1.5`. */
function tenth(permille: string): string {
  const digits = permille.padStart(2, "0");
  return `${digits.slice(0, -1)}.${digits.slice(-1)}`;
}
