import { previousIds } from "./plan-attempts.ts";

/**
 * Places of the previous transactions that one of `conflictKeys` is an output of.
 * @param previous without witnesses
 */
export function spentPrevious(
  previous: readonly Uint8Array[],
  conflictKeys: readonly string[],
): readonly number[] {
  const spent = new Set(conflictKeys.map((key) => key.split(":").at(-2)));
  return previousIds(previous).flatMap((id, place) => (spent.has(id) ? [place] : []));
}
