/** What a plan moves: who is paid, why, by whose word; what comes back; what it costs at most. */
import { splitAccount } from "../../core/account.ts";
import { formatAmount } from "../../core/amount.ts";
import { assetFacts, tokenOrigin, type AssetId } from "../../core/asset.ts";
import { counted } from "../../core/count.ts";
import type { PlanReview, ReviewedEffect, RungReview } from "../../core/documents/review.ts";
import { formatFeeRate, rateUnitOf } from "../../core/fee-rate.ts";
import { checkWords } from "../../core/words.ts";
import { percent } from "./figures.ts";
import { groupedRow, row, type Row } from "./page.ts";

type Paid = Extract<ReviewedEffect, { readonly type: "pay" | "own" }>;
type Change = Extract<ReviewedEffect, { readonly type: "change" }>;
type ReviewedIntent = PlanReview["intents"][number];

export function paidIn({ effects }: RungReview): readonly Paid[] {
  return effects.filter((effect) => effect.type === "pay" || effect.type === "own");
}

/**
 * What every rung pays, drawn once; undefined where they differ. Gate G6 lets none differ, but a review that came in a
 * file was not made by our gates.
 */
export function paymentsOf({ rungs }: PlanReview): readonly Paid[] | undefined {
  const [first, ...others] = rungs.map(paidIn);
  const same = others.every((paid) => JSON.stringify(paid) === JSON.stringify(first));
  return same ? (first ?? []) : undefined;
}

/** A plan's intents by their id: what a payment belongs to. */
export function intentsById({ intents }: PlanReview): ReadonlyMap<string, ReviewedIntent> {
  return new Map(intents.map((intent) => [intent.intent, intent]));
}

export function paymentRows(
  effect: Paid,
  intents: ReadonlyMap<string, ReviewedIntent>,
  coin: AssetId,
): readonly Row[] {
  const { asset = coin } = effect;
  const intent = intents.get(effect.intent);
  const address = groupedRow("", splitAccount(effect.account).address);
  const where =
    effect.type === "own"
      ? [
          row("OWN", formatAmount({ asset, units: effect.units }), "strong"),
          row("", `to our wallet ${effect.wallet}, proven at ${effect.path}`),
          address,
        ]
      : [
          row("PAY", formatAmount({ asset, units: effect.units }), "strong"),
          address,
          ...(effect.memo === undefined ? [] : [row("", `memo ${effect.memo}`)]),
        ];
  const token = tokenRows(asset);
  return [
    ...where,
    ...token,
    row("", `intent ${effect.intent}${intent === undefined ? "" : `, policy row ${intent.row}`}`),
    ...(intent === undefined ? [] : intentRows(intent)),
    ...peopleRows(effect),
  ];
}

// A symbol can be anybody's: which token it is, its contract or issuer says (attacks E12 and S11).
function tokenRows(asset: AssetId): readonly Row[] {
  const origin = tokenOrigin(asset);
  if (origin === undefined) return [];
  const { symbol, decimals } = assetFacts(asset);
  const is = origin.of === "contract" ? "is the contract" : "is issued by";
  return [
    row("", `token ${symbol}, of ${counted(decimals, "decimal")}, ${is}`),
    groupedRow("", origin.address),
  ];
}

// The officer compares the destination's words with the list that the approvers keep (law 11).
function intentRows({ beneficiary, generation }: ReviewedIntent): readonly Row[] {
  return [
    ...(beneficiary === undefined
      ? []
      : [
          row("", `beneficiary ${beneficiary.id}`),
          row("", `its check words ${checkWords(beneficiary.digest)}`),
        ]),
    ...(generation === 1
      ? []
      : [
          row(
            "",
            `generation ${generation} of this payment: each earlier attempt that this signer signed shares a coin with it or is declared dead below`,
            "warning",
          ),
        ]),
  ];
}

export type People = {
  readonly approvedBy: readonly string[];
  readonly clearedBy?: readonly string[] | undefined;
};

export function peopleRows(of: People): readonly Row[] {
  return [
    row("", `approved by ${of.approvedBy.join(", ")}`),
    ...(of.clearedBy === undefined ? [] : [row("", `cleared by ${of.clearedBy.join(", ")}`)]),
  ];
}

/** What pays nobody has no effect that would name its people. */
export const OWN_COINS: Readonly<
  Partial<Record<ReviewedIntent["type"], readonly [label: string, what: string]>>
> = {
  consolidate: ["CONSOLIDATE", "the coins below become one of the same wallet"],
  cancel: ["CANCEL", "what stands below is used up for nobody, so that what else has it is ended"],
};

export function ownCoinsRows({ type, intent, row: policyRow, ...people }: ReviewedIntent): readonly Row[] {
  const what = OWN_COINS[type];
  if (what === undefined) return [];
  return [
    row(...what, "strong"),
    row("", `intent ${intent}, policy row ${policyRow}`),
    ...peopleRows(people),
  ];
}

/** What fees are a share of: what a plan pays, or where it pays nobody, what it moves. */
function shareOf({ intents }: PlanReview): string {
  return intents.some(({ type }) => OWN_COINS[type] !== undefined) ? "what is moved" : "what is paid";
}

// None of tokens: what one is worth in the coin that pays the fee, no signer knows.
function shareWords({ feeSharePermille }: RungReview, plan: PlanReview): readonly string[] {
  return feeSharePermille === undefined ? [] : [`${percent(feeSharePermille)} % of ${shareOf(plan)}`];
}

export function changeRows({ rungs }: PlanReview, asset: AssetId): readonly Row[] {
  const changes = rungs.flatMap(({ effects }, place) =>
    effects
      .filter((effect): effect is Change => effect.type === "change")
      .map((change) => ({ change, place })),
  );
  if (changes.length === 0) return [row("CHANGE", "none")];
  const byPlace = new Map<string, (typeof changes)[number][]>();
  for (const one of changes) {
    const key = `${one.change.account} ${one.change.path}`;
    const known = byPlace.get(key);
    if (known === undefined) byPlace.set(key, [one]);
    else known.push(one);
  }
  return [...byPlace.values()].flatMap((own) => {
    const { account, path } = (own[0] as (typeof changes)[number]).change;
    const units = own.map(({ change, place }) =>
      rungs.length === 1
        ? formatAmount({ asset, units: change.units })
        : `${formatAmount({ asset, units: change.units })} on rung ${place + 1}`,
    );
    return [
      row("CHANGE", units.length === 1 ? `${units[0]}, proven ours at ${path}` : `proven ours at ${path}`),
      groupedRow("", splitAccount(account).address),
      ...(units.length === 1 ? [] : units.map((text) => row("", text))),
    ];
  });
}

/** The dearest rung's fee stands first: it is what may be paid (failure F15). */
export function feeRows(plan: PlanReview, asset: AssetId): readonly Row[] {
  const { rungs, cancel } = plan;
  const dearest = rungs.reduce((most, rung) => (BigInt(rung.feeUnits) > BigInt(most.feeUnits) ? rung : most));
  const place = rungs.indexOf(dearest) + 1;
  const most = [
    `at most ${formatAmount({ asset, units: dearest.feeUnits })}`,
    ...shareWords(dearest, plan),
  ].join(", ");
  return [
    row("FEE", rungs.length === 1 ? most : `${most} (rung ${place} of ${rungs.length})`, "strong"),
    row("", formatFeeRate(dearest.feeRateMilli, rateUnitOf(plan.chain))),
    ...(cancel === undefined
      ? []
      : [row("", `${formatAmount({ asset, units: cancel.feeUnits })} if the plan is cancelled`)]),
  ];
}

/** One attempt's fee in full: absolute, by size, as a share. */
export function rungFeeRows(rung: RungReview, plan: PlanReview, asset: AssetId): readonly Row[] {
  return [
    row(
      "",
      `fee ${formatAmount({ asset, units: rung.feeUnits })}, ${formatFeeRate(rung.feeRateMilli, rateUnitOf(plan.chain))}`,
    ),
    ...shareWords(rung, plan).map((share) => row("", `at most ${share}`)),
  ];
}
