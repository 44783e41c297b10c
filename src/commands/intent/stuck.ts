/** Intents of our own that do not go on by themselves, for `custody status`. */
import type { MovementState } from "../../core/states/edges.ts";
import type { Reader } from "../../store/statement.ts";
import { listMovements } from "../../store/treasury.ts";

/** The outcome is unknown, nothing of it can settle, or nobody wants it and it is live all the same. */
const STUCK: readonly MovementState[] = ["UNCERTAIN", "EXPIRED", "REVOKING"];
const TOLD_MAX = 20;

export function describeStuck(reader: Reader) {
  return STUCK.flatMap((state) => listMovements(reader, { state }, { limit: TOLD_MAX })).map((movement) => ({
    intent: movement.id,
    type: movement.type,
    wallet: movement.wallet,
    state: movement.state,
    ...(movement.reason === undefined ? {} : { reason: movement.reason }),
    hint: `custody intent show ${movement.id}`,
  }));
}

export function drawStuck(stuck: ReturnType<typeof describeStuck>): readonly (readonly [string, string])[] {
  return stuck.flatMap(({ intent, type, wallet, state, reason, hint }) => [
    [
      "stuck",
      `${type} ${intent} of ${wallet} is ${state}${reason === undefined ? "" : ` (${reason})`}`,
    ] as const,
    ["", hint] as const,
  ]);
}
