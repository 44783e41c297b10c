/**
 * The attempts of one plan and their places: its rungs from the cheapest to the dearest, and behind the last one its
 * cancel rung, which pays our own wallet alone. Of a plan as it states them, as they are decoded, or as they are kept.
 */
import type { RungSignatures } from "../core/documents/receipt.ts";
import { assert } from "../core/errors.ts";
import type { AttemptState } from "../core/states/attempt.ts";

/** Which of a plan's attempts: the place of a rung, from 0, or the cancel rung. */
export type Rung = RungSignatures["rung"];

/** A plan's attempts as its document states them, or as they are decoded. */
export type Ladder<Attempt> = {
  readonly rungs: readonly Attempt[];
  readonly cancel?: Attempt | undefined;
};

/** The rungs, then the cancel rung: an attempt's index here is its place. */
export function allAttempts<Attempt>({ rungs, cancel }: Ladder<Attempt>): readonly Attempt[] {
  return cancel === undefined ? rungs : [...rungs, cancel];
}

/** Each attempt with which one it is, in the order of their places. */
export function placedAttempts<Attempt>(ladder: Ladder<Attempt>): readonly (readonly [Rung, Attempt])[] {
  return allAttempts(ladder).map((attempt, place) => [rungAt(ladder, place), attempt]);
}

/** Which attempt stands at `place`; what lies behind the rungs is the cancel rung. */
export function rungAt({ rungs }: Pick<Ladder<unknown>, "rungs">, place: number): Rung {
  return place === rungs.length ? "cancel" : place;
}

export function placeOf({ rungs }: Pick<Ladder<unknown>, "rungs">, rung: Rung): number {
  return rung === "cancel" ? rungs.length : rung;
}

export function attemptAt<Attempt>({ rungs, cancel }: Ladder<Attempt>, rung: Rung): Attempt | undefined {
  return rung === "cancel" ? cancel : rungs[rung];
}

/** Which of a plan's attempts is `transaction`; undefined for none. */
export function rungOfTransaction<Attempt extends { readonly transaction: string }>(
  ladder: Ladder<Attempt>,
  transaction: string,
): readonly [Rung, Attempt] | undefined {
  return placedAttempts(ladder).find(([, attempt]) => attempt.transaction === transaction);
}

/** What a plan may cost in base units: its dearest attempt's fee, by its own bytes. */
export function dearestFee(ladder: Ladder<{ readonly fee: { readonly units: bigint } }>): bigint {
  return allAttempts(ladder).reduce((dearest, { fee }) => (fee.units > dearest ? fee.units : dearest), 0n);
}

/** As people count: from 1. */
export function rungNumber(rung: Rung): Rung {
  return rung === "cancel" ? rung : rung + 1;
}

/** `rung 1`, or `cancel rung`. */
export function rungName(rung: Rung): string {
  return rung === "cancel" ? "cancel rung" : `rung ${rungNumber(rung)}`;
}

export type AttemptKind = "rung" | "cancel";

export const kindOf = (rung: Rung): AttemptKind => (rung === "cancel" ? "cancel" : "rung");

/** A signed attempt as it is kept: `rung` is its place. Lists of one plan's are in the order of their places. */
type Kept = {
  readonly kind: AttemptKind;
  readonly rung: number;
  readonly state: AttemptState;
  /** Since when it is asked for; undefined where nobody has asked. */
  readonly wanted?: string | undefined;
};

/** Which attempt a kept one is. */
export const rungOf = ({ kind, rung }: Pick<Kept, "kind" | "rung">): Rung =>
  kind === "cancel" ? kind : rung;

/** Those that do what the plan is for; the cancel rung undoes it. */
export function rungsOf<Attempt extends Pick<Kept, "kind">>(
  attempts: readonly Attempt[],
): readonly Attempt[] {
  return attempts.filter(({ kind }) => kind === "rung");
}

export function cancelOf<Attempt extends Pick<Kept, "kind">>(
  attempts: readonly Attempt[],
): Attempt | undefined {
  return attempts.find(({ kind }) => kind === "cancel");
}

/** Whether a block holds an attempt, as far as it was seen. */
export const isInBlock = ({ state }: Pick<Kept, "state">): boolean =>
  state === "CONFIRMING" || state === "FINAL";

/** Whether an attempt is on its way, or somebody wants it to be. */
export const isInPlay = ({ state, wanted }: Pick<Kept, "state" | "wanted">): boolean =>
  state !== "SIGNED" || wanted !== undefined;

/** Whether somebody wants the plan ended by its cancel rung, which is never taken back. */
export function isBeingEnded(attempts: readonly Omit<Kept, "rung">[]): boolean {
  const cancel = cancelOf(attempts);
  return cancel !== undefined && isInPlay(cancel);
}

/** Place among one plan's complete rungs of the dearest in play. The cheapest is sent without being asked for. */
export function currentPlace(rungs: readonly Omit<Kept, "rung">[]): number {
  assert(
    rungs.every(({ kind }) => kind === "rung"),
    "a ladder is climbed by its rungs",
  );
  return Math.max(0, rungs.findLastIndex(isInPlay));
}
