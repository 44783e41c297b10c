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
  const wellFormed = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$/.test(text);
  if (!wellFormed || Number.isNaN(Date.parse(text)) || instantOf(seconds(text as Instant)) !== text) {
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
  const at = new Date(Math.floor(secondsSinceEpoch) * 1000);
  assert(at.getUTCFullYear() >= 1970 && at.getUTCFullYear() <= 9999, "instant out of range");
  return `${at.toISOString().slice(0, 19)}Z` as Instant;
}

export function addSeconds(instant: Instant, count: number): Instant {
  return instantOf(seconds(instant) + count);
}

/** The later of the two. */
export function later(a: Instant, b: Instant): Instant {
  return a > b ? a : b;
}

/** The earlier of the two. */
export function earlier(a: Instant, b: Instant): Instant {
  return a < b ? a : b;
}
