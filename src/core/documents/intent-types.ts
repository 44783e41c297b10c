/** Every kind of effect has its own policy rows; there is no other way to a signature (law 9). */
export const INTENT_TYPES = ["withdrawal", "transfer", "consolidate", "cancel", "attest"] as const;
export type IntentType = (typeof INTENT_TYPES)[number];

/** Those that are no customer's: they move our own coins alone, or nothing (`attest`). */
export const MOVEMENT_TYPES = [
  "transfer",
  "consolidate",
  "cancel",
  "attest",
] as const satisfies readonly IntentType[];
export type MovementType = (typeof MOVEMENT_TYPES)[number];
