import { formatDecimal } from "../../core/amount.ts";
import { assetFacts, type AssetId } from "../../core/asset.ts";
import { networkOf } from "../../core/chain.ts";
import { addSeconds, parseInstant } from "../../core/instant.ts";
import { dayFigures, type DayFigure } from "../../store/figures.ts";
import { countFlag, type Run } from "../../terminal/command.ts";
import { drawTable, type Column } from "../../terminal/table.ts";
import { withOnline } from "../../home/online.ts";

/** Days that one call sums over. */
const DAYS_MAX = 366;
const DAY_SECONDS = 86_400;

type Figures = Omit<DayFigure, "day" | "asset">;

/** What was asked for and paid on each day (UTC), and over all of them by network. Today is the last day. */
export const run: Run = async (call) =>
  withOnline(call, ({ store }) => {
    const days = countFlag(call.flags, "days", { min: 1, max: DAYS_MAX, otherwise: 7 });
    const tomorrow = addSeconds(parseInstant(`${call.io.now().slice(0, 10)}T00:00:00Z`), DAY_SECONDS);
    const start = addSeconds(tomorrow, -days * DAY_SECONDS);
    const daily = dayFigures(store, start, tomorrow);
    const networks = byNetwork(daily);
    return {
      data: {
        from: start,
        to: tomorrow,
        daily: daily.map((figure) => ({ day: figure.day, ...describe(figure.asset, figure) })),
        networks: networks.map(([asset, sum]) => ({ ...describe(asset, sum) })),
      },
      text: [
        drawTable(
          [{ head: "DAY" }, { head: "ASSET" }, ...COLUMNS],
          daily.map((figure) => [
            figure.day,
            assetFacts(figure.asset).symbol,
            ...cells(figure.asset, figure),
          ]),
          call.io.stdout,
        ),
        drawTable(
          [{ head: "NETWORK" }, { head: "ASSET" }, ...COLUMNS],
          networks.map(([asset, sum]) => [
            networkOf(assetFacts(asset).chain),
            assetFacts(asset).symbol,
            ...cells(asset, sum),
          ]),
          call.io.stdout,
        ),
      ].join("\n"),
      next: daily.length === 0 && days < DAYS_MAX ? `custody withdraw stats --days ${DAYS_MAX}` : undefined,
    };
  });

const COLUMNS: readonly Column[] = [
  { head: "REQUESTS", align: "right" },
  { head: "ASKED FOR", align: "right" },
  { head: "PAYMENTS", align: "right" },
  { head: "PAID", align: "right" },
  { head: "RELEASED", align: "right" },
  { head: "DEPOSITED", align: "right" },
  { head: "FEES", align: "right" },
];

function cells(asset: AssetId, figures: Figures): readonly string[] {
  const decimal = (units: bigint) => formatDecimal({ asset, units });
  return [
    String(figures.requests),
    decimal(figures.requested),
    String(figures.payments),
    decimal(figures.paid),
    decimal(figures.released),
    decimal(figures.deposited),
    decimal(figures.fees),
  ];
}

// Amounts in base units, as everywhere in JSON.
function describe(asset: AssetId, figures: Figures) {
  const { requests, payments, requested, paid, released, deposited, fees } = figures;
  return {
    network: assetFacts(asset).chain,
    asset,
    requests,
    payments,
    requestedUnits: requested.toString(),
    paidUnits: paid.toString(),
    releasedUnits: released.toString(),
    depositedUnits: deposited.toString(),
    feeUnits: fees.toString(),
  };
}

// An asset lives on one network; those of several are never added up.
function byNetwork(daily: readonly DayFigure[]): readonly (readonly [AssetId, Figures])[] {
  const sums = new Map<AssetId, Figures>();
  for (const figure of daily) {
    const sum = sums.get(figure.asset);
    sums.set(figure.asset, sum === undefined ? figure : plus(sum, figure));
  }
  return [...sums];
}

function plus(a: Figures, b: Figures): Figures {
  return {
    requests: a.requests + b.requests,
    payments: a.payments + b.payments,
    requested: a.requested + b.requested,
    paid: a.paid + b.paid,
    released: a.released + b.released,
    deposited: a.deposited + b.deposited,
    fees: a.fees + b.fees,
  };
}
