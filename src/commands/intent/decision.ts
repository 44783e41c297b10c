/** Decisions about intents of our own, as `withdraw import` meets them. */
import type { ApprovalDocument } from "../../core/documents/approval.ts";
import type { ClearanceDocument } from "../../core/documents/clearance.ts";
import { declareError } from "../../core/errors.ts";
import type { Digest } from "../../core/digest.ts";
import { findMovementByIntent } from "../../store/treasury.ts";
import type { Outcome } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { decideMovement } from "../../treasury/decide.ts";
import { change, requirePolicy, type Online } from "../../home/online.ts";
import { PORTS } from "../../home/ports.ts";
import { describe, drawMovement, nextFor } from "./draw.ts";

export const DECISION_MIXED = declareError(
  "DECISION_MIXED",
  "invalid",
  "A decision is about customers' withdrawals and intents of our own together.",
);

/**
 * Imports what somebody says of `intents`, for those that are our own.
 * @returns undefined where none is: it is about withdrawals
 * @throws DECISION_MIXED, and the errors of `decideMovement`
 */
export function importAboutMovements(
  online: Online,
  document: ApprovalDocument | ClearanceDocument,
  intents: readonly Digest[],
): Outcome | undefined {
  const { decision } = document.body;
  const about = { policy: requirePolicy(online), now: online.call.io.now() };
  const movements = intents.flatMap((intent) => findMovementByIntent(online.store, intent) ?? []);
  if (movements.length === 0) return undefined;
  if (movements.length < intents.length) {
    throw DECISION_MIXED("one document clears intents of our own together with customers' withdrawals", {
      field: `${document.body.kind}.intents`,
      hint: "custody desk sign --as clear   (once for the withdrawals, once for the others)",
    });
  }
  const decided = change(online, (tx) =>
    movements.map((movement) => decideMovement(PORTS, tx, movement, document, about)),
  );
  const last = decided.at(-1)?.movement;
  return {
    data: decided.map(({ movement, why }) => ({
      decision,
      ...(why === undefined ? {} : { why }),
      ...describe(movement),
    })),
    text: decided
      .map(({ movement, why }) =>
        drawFacts([
          ["decision", why === undefined ? decision : `${decision} (${why})`],
          ...drawMovement(movement),
        ]),
      )
      .join("\n"),
    warnings: decided
      .filter(({ movement }) => movement.state === "REVOKING")
      .map(
        ({ movement }) => `${movement.id}: its plan has left this machine and may still be signed and sent`,
      ),
    next: last === undefined ? undefined : nextFor(last),
  };
}
