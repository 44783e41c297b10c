/**
 * What a database that was set back cannot know (F9): rows that came after the backup are gone, and with them approvals,
 * requests that signers hold, addresses given out. The text is used by a trigger as well, so that both ask the same.
 */
import type { QuarantineTable } from "./watch-schema.ts";

/** Causes of a quarantine for which rows may be missing here that once were. */
export const LOSSES = [
  "restored",
  "set-back",
  "witness-missing",
  "signer-ahead",
] as const satisfies readonly QuarantineTable["cause"][];

const CAUSES = `(${LOSSES.map((cause) => `'${cause}'`).join(", ")})`;

/** Whether rows may be missing, and nobody has looked yet. */
export const LOSS_IS_OPEN = `EXISTS (SELECT 1 FROM quarantine WHERE ended IS NULL AND cause IN ${CAUSES})`;

/** The place in the audit log of a version's row. @param id an expression, as below */
export const placeOf = (entity: string, id: string, version: 1 | 2) =>
  `(SELECT seq FROM audit_row WHERE entity = '${entity}' AND entity_id = ${id} AND version = ${version})`;

/**
 * Whether rows about something may be missing here for ever: it had begun before such a quarantine ended. By places in the
 * audit log, for a clock can be set back; what has no place there began before everything.
 * @param id an expression: a parameter, or a column of a trigger
 */
export function mayLackRowsSql(entity: "withdrawal" | "movement", id: string): string {
  return (
    `EXISTS (SELECT 1 FROM quarantine AS q WHERE q.cause IN ${CAUSES} AND (q.ended IS NULL OR` +
    ` ${placeOf("quarantine", "q.id", 2)} > coalesce(${placeOf(entity, id, 1)}, 0)))`
  );
}
