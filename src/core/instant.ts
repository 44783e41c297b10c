import type { Brand } from "./brand.ts";
import { assert, declareError } from "./errors.ts";

/** A moment in UTC to the second, as RFC 3339 text of exactly 20 ASCII characters: `2026-11-22T08:00:00Z`. */
export type Instant = Brand<string, "Instant">;

export const INSTANT_MALFORMED = declareError(
  "INSTANT_MALFORMED",
  "invalid",
  "A time is not RFC 3339 UTC in whole seconds (2026-11-22T08:00:00Z).",
);

/**
 * Parses an instant. Leap seconds, offsets and fractions are refused, so that text order is time order.
 * @throws INSTANT_MALFORMED
 */
export function parseInstant(text: string, field = "time"): Instant {
  // From 1970, as instantOf has it. The pattern leaves 30 February, which Date.parse reads as 2 March.
  const wellFormed = /^(?:19[7-9]|[2-9][0-9]{2})[0-9]-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$/.test(
    text,
  );
  if (!wellFormed || Number.isNaN(Date.parse(text)) || textOf(seconds(text as Instant)) !== text) {
    throw INSTANT_MALFORMED(`${field} is not a UTC time in whole seconds: write it as 2026-11-22T08:00:00Z`, {
      field,
    });
  }
  return text as Instant;
}

/** Seconds since 1970-01-01T00:00:00Z. */
export function seconds(instant: Instant): number {
  return Date.parse(instant) / 1000;
}

/** The instant `secondsSinceEpoch` after 1970-01-01T00:00:00Z. Fractions are cut off. */
export function instantOf(secondsSinceEpoch: number): Instant {
  const year = new Date(secondsSinceEpoch * 1000).getUTCFullYear();
  assert(year >= 1970 && year <= 9999, "instant out of range");
  return textOf(Math.floor(secondsSinceEpoch)) as Instant;
}

/**
 * The instant `count` seconds after `instant`, and the last one there is where that lies behind it: a person can sign with
 * a time of the year 9999, which is to be refused as a time ahead of the clock, not to end the program that adds to it.
 */
export function addSeconds(instant: Instant, count: number): Instant {
  return instantOf(Math.min(seconds(instant) + count, seconds(LAST)));
}

const LAST = "9999-12-31T23:59:59Z" as Instant;

/** The later of the two. */
export function later(a: Instant, b: Instant): Instant {
  return a > b ? a : b;
}

/** The earlier of the two. */
export function earlier(a: Instant, b: Instant): Instant {
  return a < b ? a : b;
}

function textOf(second: number): string {
  return new Date(second * 1000).toISOString().replace(".000Z", "Z");
}
