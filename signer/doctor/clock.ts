import { seconds, type Instant } from "../../src/core/instant.ts";
import type { Check } from "./check.ts";

/** What a right clock cannot be behind or past. */
export type ClockFacts = {
  readonly clock: Instant;
  readonly journalTime: Instant;
  /** When people signed the build that is pinned. */
  readonly buildSigned: Instant | undefined;
  /** The pinned policy's end and tolerance; undefined before one is pinned. */
  readonly policy: { readonly expires: Instant; readonly clockToleranceSeconds: number } | undefined;
};

/** A machine without a network has only its own clock, and a flat battery sets it back by years. */
export function clockCheck({ clock, journalTime, buildSigned, policy }: ClockFacts): Check {
  const name = "clock";
  const tolerance = policy?.clockToleranceSeconds ?? 0;
  const behind = (time: Instant) => seconds(time) - seconds(clock) > tolerance;
  const odd = (why: string): Check => ({ name, result: "warning", says: `the clock says ${clock}: ${why}` });
  if (behind(journalTime))
    return odd(`the journal is at ${journalTime} already, so nothing is signed; set it`);
  if (buildSigned !== undefined && behind(buildSigned))
    return odd(`the program that runs was signed at ${buildSigned}; set it`);
  if (policy !== undefined && clock > policy.expires)
    return odd(`the pinned policy ended at ${policy.expires}; pin the next one, or set the clock back`);
  return { name, result: "ok", says: `${clock}, not behind the journal` };
}
