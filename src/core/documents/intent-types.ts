/** Every kind of effect has its own policy rows; there is no other way to a signature (law 9). */
export const INTENT_TYPES = ["withdrawal", "transfer", "consolidate", "cancel", "attest", "control"] as const;
export type IntentType = (typeof INTENT_TYPES)[number];

/** Those that are no customer's: they move our own coins alone, or nothing (`attest`, `control`). */
export const MOVEMENT_TYPES = [
  "transfer",
  "consolidate",
  "cancel",
  "attest",
  "control",
] as const satisfies readonly IntentType[];
export type MovementType = (typeof MOVEMENT_TYPES)[number];

/** Of these nothing moves: an intent has 0 units, so only a row's band that begins at 0 holds it. */
export const MOVES_NOTHING: ReadonlySet<IntentType> = new Set(["cancel", "attest", "control"]);
