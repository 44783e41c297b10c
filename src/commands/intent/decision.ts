/** Decisions about intents of our own and voids of them, as `withdraw import` meets them. */
import { MOVEMENT_ENDED } from "../../core/states/movement.ts";
import type { ApprovalDocument } from "../../core/documents/approval.ts";
import type { ClearanceDocument } from "../../core/documents/clearance.ts";
import type { VoidDocument } from "../../core/documents/void.ts";
import { declareError } from "../../core/errors.ts";
import type { Digest } from "../../core/digest.ts";
import { findMovement, findMovementByIntent } from "../../store/treasury.ts";
import type { Outcome } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { importMovementVoid } from "../../treasury/close.ts";
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
        ({ movement }) =>
          `${movement.id}: its plan has left this machine and may still be signed and sent, until enough signers have voided it`,
      ),
    next: last === undefined ? undefined : nextFor(last),
  };
}

/**
 * Imports a signer's void of the family of an intent of our own.
 * @returns undefined where it closes a withdrawal's
 * @throws VOID_UNFOUNDED, VOID_UNSIGNED
 */
export function importMovementClosed(online: Online, document: VoidDocument): Outcome | undefined {
  const { family, signer } = document.body;
  if (findMovement(online.store, family.intent) === undefined) return undefined;
  const policy = requirePolicy(online);
  const { movement, open } = change(online, (tx) =>
    importMovementVoid(PORTS, tx, PORTS.getMovement(tx, family.intent), document, { policy }),
  );
  const wanted = movement.state !== "REVOKING" && !MOVEMENT_ENDED.has(movement.state);
  return {
    data: { void: document.digest, signer, ...(open === undefined ? {} : { open }), ...describe(movement) },
    text: drawFacts([
      ["void", `by signer ${signer}`],
      ...(open === undefined ? [] : [["still open", open] as const]),
      ...drawMovement(movement),
    ]),
    warnings: wanted
      ? [`intent ${movement.id} is not being revoked, and this signer will never sign it any more`]
      : [],
    next: nextFor(movement),
  };
}
