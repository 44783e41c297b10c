import type { Digest } from "../../core/digest.ts";
import { makerOf, outpointOf, outpointText } from "./outpoint.ts";
import { previousIds } from "./plan-attempts.ts";
import { parseTransaction } from "./transaction.ts";

/**
 * Places of the previous transactions that one of `conflictKeys` is an output of.
 * @param previous without witnesses
 */
export function spentPrevious(
  previous: readonly Uint8Array[],
  conflictKeys: readonly string[],
): readonly number[] {
  const spent = new Set(conflictKeys.map(makerOf));
  return previousIds(previous).flatMap((id, place) => (spent.has(id) ? [place] : []));
}

/**
 * The first of `conflictKeys` that can never exist, because `killer` has spent what the transaction that would make it
 * spends as well. What `killer` itself makes exists.
 * @param previous without witnesses, so that their ids prove what they spend
 * @param killer a transaction that is final, with all the conflict keys that it spends
 */
export function neverMade(
  previous: readonly Uint8Array[],
  conflictKeys: readonly string[],
  killer: { readonly transaction: string; readonly spends: readonly string[] },
): string | undefined {
  const spent = new Set(
    killer.spends.flatMap((key) => {
      const outpoint = outpointOf(key);
      return outpoint === undefined ? [] : [outpointText(outpoint)];
    }),
  );
  const ids = previousIds(previous);
  const lost = new Set<string | undefined>(
    ids.filter((id, place) => id !== killer.transaction && spendsOneOf(previous[place] as Uint8Array, spent)),
  );
  return conflictKeys.find((key) => lost.has(makerOf(key)));
}

const NOTHING = "0".repeat(64) as Digest;

// Every coinbase spends the same nothing: none takes it from another.
function spendsOneOf(bytes: Uint8Array, points: ReadonlySet<string>): boolean {
  const { inputs } = parseTransaction(bytes, "previous");
  return inputs.some((input) => input.txid !== NOTHING && points.has(outpointText(input)));
}
