/**
 * A sliding window cut into pieces whose sums are kept, and edges whose rows are added one by one: exact to the second,
 * and a bounded number of reads however many payments lie in it.
 */
import { addSeconds, instantOf, seconds, type Instant } from "../../instant.ts";
import { WINDOW_SECONDS, type OnlineWindow, type Scope } from "./section.ts";

/** Seconds of a span whose sum is kept. Each longer one holds a whole number of the next. */
export type Span = 86_400 | 3600 | 60;

/**
 * Spans by scope, the longest first. A tier and a chain see every payment, a million a month; of one customer or
 * destination days and hours are enough, and each request writes fewer sums.
 */
export const SPANS: Readonly<Record<Scope, readonly Span[]>> = {
  customer: [86_400, 3600],
  destination: [86_400, 3600],
  tier: [86_400, 3600, 60],
  network: [86_400, 3600, 60],
};

/** From `from` on, before `to`; without `to` there is no end. `span`: as kept sums of that length; 0: as single rows. */
export type Piece = {
  readonly span: Span | 0;
  readonly from: Instant;
  readonly to: Instant | undefined;
};

/** The first second that counts at `now`: what is exactly a window old counts no more. */
export function windowFrom(window: OnlineWindow, now: Instant): Instant {
  const from = seconds(now) - WINDOW_SECONDS[window] + 1;
  return from < 0 ? instantOf(0) : instantOf(from);
}

/** When the span that holds `at` began. */
export function spanStart(span: Span, at: Instant): Instant {
  const second = seconds(at);
  return instantOf(second - (second % span));
}

/**
 * Pieces that hold each second from `from` on, before `to`, exactly once.
 * @param spans the longest first
 */
export function piecesOf(from: Instant, to: Instant | undefined, spans: readonly Span[]): readonly Piece[] {
  if (to !== undefined && from >= to) return [];
  const [span, ...finer] = spans;
  if (span === undefined) return [{ span: 0, from, to }];
  const begin = spanStart(span, from);
  const first = begin === from ? from : addSeconds(begin, span);
  const last = to === undefined ? undefined : spanStart(span, to);
  if (last !== undefined && first >= last) return piecesOf(from, to, finer);
  return [
    ...piecesOf(from, first, finer),
    { span, from: first, to: last },
    ...(to === undefined || last === undefined ? [] : piecesOf(last, to, finer)),
  ];
}
