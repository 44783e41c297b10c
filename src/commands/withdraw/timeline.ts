/** What has happened to one withdrawal, line by line, from the audit log. */
import { rungName } from "../../chains/attempts.ts";
import type { AuditRow } from "../../store/audit-row.ts";
import type { JsonObject } from "../../core/canonical.ts";
import type { Id } from "../../core/identifier.ts";
import { seconds, type Instant } from "../../core/instant.ts";
import type { WithdrawalState } from "../../core/states/edges.ts";
import type { Reader } from "../../store/statement.ts";
import { timelineOf } from "../../store/timeline.ts";
import { isOpen } from "../../withdrawals/waiting.ts";

export type Happening = {
  readonly at: Instant;
  /** Who has recorded it: an operator, or the watcher. */
  readonly actor: string;
  /** What it happened to: "withdrawal", "plan", "rung 2", "books". */
  readonly subject: string;
  readonly event: string;
  /** The state that it has led to; empty where the subject has none. */
  readonly state: string;
  readonly operation: Id;
};

export function happenings(reader: Reader, withdrawal: Id): readonly Happening[] {
  const rows = timelineOf(reader, withdrawal);
  const rungs = new Map(
    rows.flatMap(({ entity, entityId, after }) =>
      entity === "attempt" && after?.["rung"] !== undefined ? [[entityId, nameOf(after)] as const] : [],
    ),
  );
  return rows.map((row) => ({
    at: row.at,
    actor: row.actor,
    subject: subjectOf(row, rungs),
    event: row.event,
    state: stateIn(row.after),
    operation: row.operation,
  }));
}

/** A withdrawal's own states in their order: how long it stood in each, the last until `now`. One that is final takes no time. */
export function stays(
  all: readonly Happening[],
  now: Instant,
): readonly { readonly state: string; readonly from: Instant; readonly seconds: number }[] {
  const moves = all.filter(({ subject, state }) => subject === "withdrawal" && state !== "");
  return moves.flatMap(({ state, at }, place) => {
    const until = moves[place + 1]?.at ?? (isOpen(state as WithdrawalState) ? now : undefined);
    return until === undefined
      ? []
      : [{ state, from: at, seconds: Math.max(0, seconds(until) - seconds(at)) }];
  });
}

const SUBJECTS: Readonly<Record<string, string>> = { posting: "books" };

function subjectOf({ entity, entityId }: AuditRow, rungs: ReadonlyMap<string, string>): string {
  return rungs.get(entityId) ?? SUBJECTS[entity] ?? entity;
}

function nameOf({ rung, kind }: JsonObject): string {
  return rungName(kind === "cancel" ? kind : Number(rung));
}

function stateIn(after: JsonObject | undefined): string {
  const state = after?.["state"];
  return typeof state === "string" ? state : "";
}
