/** What an officer should wonder at, though no rule forbids it. */
import type { Effect } from "../../src/chains/adapter.ts";
import type { PolicyWallet } from "../../src/core/policy/policy.ts";

/**
 * Law 10 lets change follow the inputs; an input far up, which anybody can plant, is for the officer to wonder at (B7).
 * @param highest change index that this signer has signed for, -1 for none
 */
export function farChange(
  effects: readonly Effect[],
  { indexGap }: PolicyWallet,
  highest: number,
): readonly string[] {
  return effects.flatMap((effect) =>
    effect.type === "change" && effect.index > highest + indexGap
      ? [`change goes to index ${effect.index}; the highest that this signer has signed for is ${highest}`]
      : [],
  );
}

/**
 * Each warning once, with the attempts that it is about unless it is about all of them.
 * @param attempts the warnings of each; with a cancel rung that one's last
 */
export function mergedWarnings(attempts: readonly (readonly string[])[], hasCancel: boolean): string[] {
  const nameOf = (place: number) =>
    hasCancel && place === attempts.length - 1 ? "cancel" : `rung ${place + 1}`;
  return [...new Set(attempts.flat())]
    .map((warning) => {
      const about = attempts.flatMap((warnings, place) => (warnings.includes(warning) ? [place] : []));
      return about.length === attempts.length ? warning : `${about.map(nameOf).join(", ")}: ${warning}`;
    })
    .slice(0, 64);
}
