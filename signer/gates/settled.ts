import { familyOf, type SettledIntent } from "../../src/core/documents/family.ts";
import type { JudgedIntent } from "../../src/chains/review.ts";

/** What a receipt, and with it the journal, remembers of a plan's intents. What stays in a wallet uses up no limit. */
export function settledIntents(intents: readonly JudgedIntent[]): SettledIntent[] {
  return intents.map(({ intent: { body, digest }, row }) => ({
    family: familyOf(body),
    intent: digest,
    generation: body.generation,
    row: row.name,
    units: body.type === "withdrawal" || body.type === "transfer" ? body.units : "0",
  }));
}
