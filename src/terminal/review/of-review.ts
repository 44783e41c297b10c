/**
 * A review as a page. What an officer decides by stands first, the coins last: two hundred inputs above the payment
 * would push it off the screen, and what has scrolled away is not read. The totals stand again at the very end, beside
 * the words to retype. Nothing is shortened: an attacker picks addresses whose ends look right (failure F22).
 */
import { nativeAsset, type AssetId } from "../../core/asset.ts";
import { nameInKey } from "../../core/conflict-key.ts";
import { counted } from "../../core/count.ts";
import type { PlanReview, ReviewDocument } from "../../core/documents/review.ts";
import { checkWords } from "../../core/words.ts";
import { formatAmount } from "../../core/amount.ts";
import { controlRows, controlsOf } from "./control.ts";
import { messageOf, messageRows } from "./message.ts";
import { usesCoins, usesInWords } from "./competes.ts";
import { groupedRow, row, section, verbatimRow, type Page, type Row, type Section } from "./page.ts";
import {
  changeRows,
  feeRows,
  intentsById,
  OWN_COINS,
  ownCoinsRows,
  paymentRows,
  paymentsOf,
  peopleRows,
  type People,
} from "./payment.ts";
import { rungRows } from "./rungs.ts";

/** @param notice what the reader must know of where the review comes from */
export function reviewPage({ digest, body }: ReviewDocument, notice?: string): Page {
  const { custody, operator, signer, epoch, policy, plans, dead, request } = body;
  const about = [
    ...(notice === undefined ? [] : [row("NOTE", notice, "warning")]),
    groupedRow("custody", custody),
    row("asked for by", `operator ${operator.name} (${operator.person})`),
    groupedRow("request", request),
  ];
  return {
    network: body.network,
    sections: [
      section(`Review by ${signer}, epoch ${epoch}, under policy number ${policy}`, about),
      ...plans.flatMap((plan, place) => planSections(plan, `Plan ${place + 1} of ${plans.length}`)),
      ...(dead.length === 0 ? [] : [section("Earlier plans that are declared dead", dead.flatMap(deadRows))]),
      section("What is confirmed", [
        ...plans.map((plan, place) => row(`plan ${place + 1}`, inShort(plan), "strong")),
        groupedRow("review digest", digest),
        row("check words", checkWords(digest), "strong"),
      ]),
    ],
  };
}

function planSections(plan: PlanReview, name: string): readonly Section[] {
  const asset = nativeAsset(plan.chain);
  const heading = `${name}: wallet ${plan.wallet}, ${plan.quorum} keys`;
  const warnings = plan.warnings.map((warning) => row("WARNING", warning, "warning"));
  const said = messageOf(plan);
  const spent = plan.inputs.slice(said === undefined ? 0 : 1);
  const does = said === undefined ? moved(plan, asset) : messageRows(plan, said, asset);
  const locks = plan.locks.map((lock) => row("LOCK", lock));
  const free = said === undefined && locks.length === 0 ? [row("LOCKS", "none: it can be sent at once")] : [];
  // A message takes nothing from a limit.
  const limits = said === undefined ? limitRows(plan, asset) : [];
  const total = formatAmount({
    asset,
    units: spent.reduce((sum, { units }) => sum + BigInt(units), 0n),
  });
  const coins = spent.flatMap(({ conflictKey, units, path }, place) => [
    row(`${place + 1}`, nameInKey(conflictKey)),
    row(
      "",
      usesCoins(plan) ? `${formatAmount({ asset, units })} at ${path}` : `signed by the key at ${path}`,
    ),
  ]);
  const used = usesInWords(plan, spent.length, said !== undefined);
  return [
    section(heading, [...warnings, ...does, ...locks, ...free, ...limits]),
    section(`${name}: its rungs`, [
      groupedRow("PLAN", plan.plan),
      row("CHAIN", plan.chain),
      ...rungRows(plan, asset),
    ]),
    ...(coins.length === 0 ? [] : [section(`${name} ${used}${usesCoins(plan) ? `, ${total}` : ""}`, coins)]),
  ];
}

function moved(plan: PlanReview, asset: AssetId): readonly Row[] {
  const same = paymentsOf(plan);
  const intents = intentsById(plan);
  return [
    ...controlRows(plan),
    ...plan.intents.flatMap((intent) => ownCoinsRows(intent)),
    ...(same === undefined
      ? [row("WARNING", "its rungs do not pay the same: each is drawn below with what it pays", "warning")]
      : same.flatMap((effect) => paymentRows(effect, intents, asset))),
    ...changeRows(plan, asset),
    ...feeRows(plan, asset),
    ...strayRows(plan),
  ];
}

// Of no review that our gates made: G6 lets no intent unpaid, none twice, and no message beside a payment.
function strayRows({ intents, rungs, cancel }: PlanReview): readonly Row[] {
  const effects = rungs.flatMap((rung) => rung.effects);
  const paid = new Map(
    effects.flatMap((effect) => (effect.type === "change" ? [] : [[effect.intent, effect]])),
  );
  const seen = new Set<string>();
  return [
    ...intents.flatMap((intent) => {
      const named = `${intent.type} ${intent.intent}`;
      const effect = paid.get(intent.intent);
      const warned = [
        ...(seen.has(intent.intent)
          ? [`${named} is in the plan twice, the other one under row ${intent.row}`]
          : []),
        ...(effect === undefined && OWN_COINS[intent.type] === undefined
          ? [`${named} is in the plan and not done by it`]
          : []),
        ...(effect !== undefined && !samePeople(effect, intent)
          ? [`${named} names other people than its payment:`]
          : []),
      ];
      seen.add(intent.intent);
      return warned.length === 0
        ? []
        : [...warned.map((text) => row("WARNING", text, "warning")), ...peopleRows(intent)];
    }),
    ...[...effects, ...(cancel?.effects ?? [])].flatMap((effect) =>
      effect.type === "attest"
        ? [row("WARNING", "it signs a message as well:", "warning"), verbatimRow(effect.message)]
        : [],
    ),
  ];
}

function samePeople(a: People, b: People): boolean {
  return JSON.stringify([a.approvedBy, a.clearedBy]) === JSON.stringify([b.approvedBy, b.clearedBy]);
}

function limitRows({ limits }: PlanReview, coin: AssetId): readonly Row[] {
  return limits.flatMap(({ row: of, asset = coin, dayLeftUnits, monthLeftUnits }) => [
    row("LEFT", `of row ${of} to this signer after this plan`),
    row("", `24 hours ${formatAmount({ asset, units: dayLeftUnits })}`),
    row("", `30 days ${formatAmount({ asset, units: monthLeftUnits })}`),
  ]);
}

function deadRows({ plan, spentBy, by }: ReviewDocument["body"]["dead"][number]): readonly Row[] {
  return [
    groupedRow("PLAN", plan),
    groupedRow("its coin was taken by", spentBy),
    row("declared dead by", by.length === 0 ? "nobody whose signature counts" : by.join(", ")),
  ];
}

function inShort(plan: PlanReview): string {
  const coin = nativeAsset(plan.chain);
  if (messageOf(plan) !== undefined) return `wallet ${plan.wallet} signs a message; nothing moves`;
  const [control] = controlsOf(plan);
  if (control !== undefined) return `wallet ${plan.wallet}, who commands it: ${control.change}`;
  const same = paymentsOf(plan);
  if (same === undefined) return `wallet ${plan.wallet}: its rungs do not pay the same`;
  const totals = new Map<AssetId, bigint>();
  for (const { asset = coin, units } of same) totals.set(asset, (totals.get(asset) ?? 0n) + BigInt(units));
  const sums = [...totals].map(([asset, units]) => formatAmount({ asset, units }));
  return same.length === 0
    ? `wallet ${plan.wallet} pays nobody`
    : `wallet ${plan.wallet} pays ${sums.join(" and ")} in ${counted(same.length, "payment")}`;
}
