/** What a plan uses up, in words: coins, or a number in a row, such as an account's nonce. */
import { kindInKey } from "../../core/conflict-key.ts";
import { counted } from "../../core/count.ts";
import type { PlanReview } from "../../core/documents/review.ts";

type Named = Pick<PlanReview, "inputs">;

/** Coins are what bitcoin spends; elsewhere the key itself says what it is. */
export function usesCoins({ inputs }: Named): boolean {
  return inputs.every(({ conflictKey }) => kindInKey(conflictKey) === "outpoint");
}

/** `spends 2 coins`, `uses 1 nonce`. @param shown of a message, which takes none of them */
export function usesInWords(plan: Named, count: number, shown: boolean): string {
  if (usesCoins(plan)) return `${shown ? "shows" : "spends"} ${counted(count, "coin")}`;
  return `uses ${counted(count, "nonce")}`;
}

/** What an attempt is called before it is signed: a transaction's id, or the hash that is signed. */
export function nameLabel(plan: Named): string {
  return usesCoins(plan) ? "TXID" : "HASH";
}
