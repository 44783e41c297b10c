/** The queue by state: how many, how long the oldest has stood there, what they wait for; and what has waited too long. */
import { counted } from "../../core/count.ts";
import { seconds, type Instant } from "../../core/instant.ts";
import { WITHDRAWAL_EDGES, type WithdrawalState } from "../../core/states/edges.ts";
import { standingBefore, stateFigures } from "../../store/figures.ts";
import type { Reader } from "../../store/statement.ts";
import { drawSpan } from "../../terminal/span.ts";
import { overdueSince, WAITING_FOR } from "../../withdrawals/waiting.ts";

const STATES = Object.keys(WITHDRAWAL_EDGES) as readonly WithdrawalState[];

/** Withdrawals of one state that are named one by one. */
const NAMED_MAX = 5;

type Described = {
  readonly state: WithdrawalState;
  readonly count: number;
  /** Of a state that is left again: how long the oldest has stood there, in seconds, and what comes next. */
  readonly oldest?: { readonly since: Instant; readonly seconds: number; readonly waitsFor: string };
};

/** States with withdrawals in them, in the order of a withdrawal's life. */
export function describeStates(reader: Reader, now: Instant): readonly Described[] {
  const figures = new Map(stateFigures(reader).map((figure) => [figure.state, figure]));
  return STATES.flatMap((state) => {
    const figure = figures.get(state);
    if (figure === undefined) return [];
    const { count, since } = figure;
    const waiting = WAITING_FOR[state];
    if (waiting === undefined) return [{ state, count }];
    return [
      { state, count, oldest: { since, seconds: seconds(now) - seconds(since), waitsFor: waiting.on } },
    ];
  });
}

export function drawStates(states: readonly Described[]): readonly (readonly [string, string])[] {
  return states.map(({ state, count, oldest }) => {
    const many = counted(count, "withdrawal");
    if (oldest === undefined) return [state, many];
    const age = `${count === 1 ? "for" : "the oldest for"} ${drawSpan(oldest.seconds)}`;
    return [state, `${many}, ${age}; next: ${oldest.waitsFor}`];
  });
}

/** Withdrawals that have stood in their state for longer than that should take, the states in order. */
export function describeOverdue(reader: Reader, now: Instant) {
  return STATES.flatMap((state) => {
    const before = overdueSince(state, now);
    return before === undefined ? [] : standingBefore(reader, state, before, NAMED_MAX);
  }).map(({ id, state, since, plan }) => ({
    withdrawal: id,
    state,
    since,
    seconds: seconds(now) - seconds(since),
    ...(plan === undefined ? {} : { plan }),
    hint: WAITING_FOR[state]?.next({ id, plan }) ?? `custody withdraw show ${id}`,
  }));
}

export function drawOverdue(
  overdue: ReturnType<typeof describeOverdue>,
): readonly (readonly [string, string])[] {
  return overdue.flatMap(({ withdrawal, state, seconds: age, hint }) => [
    ["stuck", `withdrawal ${withdrawal} is ${state} for ${drawSpan(age)}`] as const,
    ["", hint] as const,
  ]);
}
