/** An attempt that a block holds for good without its effect (F18): it pays nobody, and nothing that competes with it can. */
import type { AttemptRow } from "./rows.ts";

export function failedForGood({ state, effect }: Pick<AttemptRow, "state" | "effect">): boolean {
  return state === "FINAL" && effect?.failed === true;
}
