/** Change of our own that no block holds yet: it can be spent, and whoever spends it pays for what it stands on. */
import type { DecodedAttempt } from "../adapter.ts";
import { toHex } from "../../core/hex.ts";
import { LIMITS } from "../../core/limits.ts";
import type { BitcoinAttempt } from "./attempt.ts";
import type { BitcoinSnapshot, UnconfirmedCoin } from "./snapshot.ts";
import { parseTransaction, strippedBytes } from "./transaction.ts";

/** An attempt of ours that a node holds in its memory pool, with the bytes that were sent. */
export type WaitingAttempt = {
  readonly attempt: DecodedAttempt<BitcoinAttempt>;
  readonly bytes: Uint8Array;
};

/**
 * The change coins of attempts that wait for a block, with what must be mined with each: the attempt itself and those of
 * ours that it spends from. Everything is read from our own stored bytes; a node only said that it holds them.
 */
export function waitingChange(
  waiting: readonly WaitingAttempt[],
): Pick<BitcoinSnapshot, "unconfirmed" | "parents"> {
  const byId = new Map(waiting.map((each) => [each.attempt.transaction as string, each]));
  const unconfirmed = waiting.flatMap(({ attempt }): readonly UnconfirmedCoin[] => {
    const vout = attempt.effects.findIndex(({ type }) => type === "change");
    const change = attempt.effects[vout];
    if (change?.type !== "change") return [];
    const stands = standsOn(attempt, byId);
    if (stands === undefined) return [];
    const { index, units } = change;
    const coin = { txid: attempt.transaction, vout, units: units.toString(), branch: 1, index };
    return [
      {
        ...coin,
        ancestors: {
          count: stands.length,
          virtualSize: stands.reduce((total, { fee }) => total + fee.virtualSize, 0),
          feeUnits: stands.reduce((total, { fee }) => total + fee.units, 0n).toString(),
        },
      },
    ];
  });
  const spendable = new Set(unconfirmed.map(({ txid }) => txid));
  const parents = waiting
    .filter(({ attempt }) => spendable.has(attempt.transaction))
    .map(({ bytes }) => toHex(strippedBytes(parseTransaction(bytes))));
  return { unconfirmed, parents };
}

// The attempt and all of ours below it; undefined where the chain is longer than nodes shall be asked to keep.
function standsOn(
  attempt: WaitingAttempt["attempt"],
  byId: ReadonlyMap<string, WaitingAttempt>,
): readonly WaitingAttempt["attempt"][] | undefined {
  const found = new Map([[attempt.transaction, attempt]]);
  for (const each of found.values()) {
    for (const { txid } of each.tx.unsigned.inputs) {
      const below = byId.get(txid)?.attempt;
      if (below !== undefined) found.set(below.transaction, below);
    }
    if (found.size >= LIMITS.unconfirmedChainMax) return undefined;
  }
  return [...found.values()];
}
