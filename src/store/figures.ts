/** Figures about the queue and the books, for people who look at many rows at once. Money is summed in code, never in SQL. */
import type { AssetId } from "../core/asset.ts";
import { networkFeeAccount, type PostingReason } from "../core/ledger.ts";
import type { Instant } from "../core/instant.ts";
import type { WithdrawalState } from "../core/states/edges.ts";
import type { Id } from "../core/identifier.ts";
import { all, each, get, type Reader } from "./statement.ts";

/** One state of the queue: how many stand in it, and since when the one that has stood there longest. */
export type StateFigure = {
  readonly state: WithdrawalState;
  readonly count: number;
  readonly since: Instant;
};

/** Every state in which a withdrawal stands. */
export function stateFigures(reader: Reader): readonly StateFigure[] {
  const counted = all<{ state: WithdrawalState; count: number }>(
    reader,
    "SELECT state, count(*) AS count FROM withdrawal GROUP BY state",
  );
  return counted.map(({ state, count }) => {
    const sql = "SELECT updated FROM withdrawal WHERE state = ? ORDER BY updated LIMIT 1";
    return { state, count, since: get<{ updated: Instant }>(reader, sql, state)?.updated as Instant };
  });
}

/** A withdrawal that has stood in its state since `since`. */
export type Standing = {
  readonly id: Id;
  readonly state: WithdrawalState;
  readonly since: Instant;
  readonly plan: Id | undefined;
};

/** Withdrawals that entered `state` before `before` and are there still, those that wait longest first. */
export function standingBefore(
  reader: Reader,
  state: WithdrawalState,
  before: Instant,
  count: number,
): readonly Standing[] {
  const sql =
    "SELECT w.id, w.updated, (SELECT i.plan FROM plan_intent AS i JOIN plan ON plan.id = i.plan" +
    " WHERE i.withdrawal = w.id AND plan.state <> 'DROPPED' ORDER BY plan.seq DESC LIMIT 1) AS plan" +
    " FROM withdrawal AS w WHERE w.state = ? AND w.updated < ? ORDER BY w.updated LIMIT ?";
  type Row = { id: Id; updated: Instant; plan: Id | null };
  return all<Row>(reader, sql, state, before, count).map(({ id, updated, plan }) => ({
    id,
    state,
    since: updated,
    plan: plan ?? undefined,
  }));
}

/** What was booked on one day (UTC) in one asset, in base units. Nets: what was taken back is taken off. */
export type DayFigure = {
  readonly day: string;
  readonly asset: AssetId;
  readonly deposited: bigint;
  readonly requested: bigint;
  readonly requests: number;
  readonly released: bigint;
  readonly paid: bigint;
  readonly payments: number;
  readonly fees: bigint;
};

type Line = {
  readonly day: string;
  readonly reason: PostingReason;
  readonly account: string;
  readonly asset: AssetId;
  readonly side: "debit" | "credit";
  readonly units: string;
};

/** Each day and asset of which something was booked from `start` up to, not including, `end`; the oldest first. */
export function dayFigures(reader: Reader, start: Instant, end: Instant): readonly DayFigure[] {
  const sql =
    "SELECT substr(p.at, 1, 10) AS day, p.reason, e.account, e.asset, e.side, e.units FROM posting AS p" +
    " JOIN entry AS e ON e.posting = p.seq WHERE p.at >= ? AND p.at < ? ORDER BY p.at, p.seq, e.line";
  const figures = new Map<string, DayFigure>();
  for (const line of each<Line>(reader, sql, start, end)) {
    const key = `${line.day} ${line.asset}`;
    figures.set(key, added(figures.get(key) ?? nothing(line), line));
  }
  return [...figures.values()];
}

function nothing({ day, asset }: Pick<Line, "day" | "asset">): DayFigure {
  const none = { deposited: 0n, requested: 0n, released: 0n, paid: 0n, fees: 0n };
  return { day, asset, ...none, requests: 0, payments: 0 };
}

// One entry of a posting says its amount: the customer's, the transit's; beside it the network's fee.
function added(figure: DayFigure, { reason, account, side, units: text }: Line): DayFigure {
  const units = BigInt(text);
  if (account === networkFeeAccount)
    return { ...figure, fees: figure.fees + (side === "debit" ? units : -units) };
  const customers = account.startsWith("customer:") && account.endsWith(":available");
  if (reason === "deposit" && customers) return { ...figure, deposited: figure.deposited + units };
  if (reason === "hold" && customers)
    return { ...figure, requested: figure.requested + units, requests: figure.requests + 1 };
  if (reason === "release" && customers) return { ...figure, released: figure.released + units };
  if (!account.startsWith("transit:")) return figure;
  if (reason === "settle") return { ...figure, paid: figure.paid + units, payments: figure.payments + 1 };
  if (reason === "unsettle") return { ...figure, paid: figure.paid - units, payments: figure.payments - 1 };
  return figure;
}
