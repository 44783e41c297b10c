/** Everything that the audit log says about one withdrawal: itself, its books, what people decided, its plans and their bytes. */
import { LIMITS } from "../core/limits.ts";
import type { Id } from "../core/identifier.ts";
import { auditRowOf, type AuditRow } from "./audit-row.ts";
import { decisionSubjects, type Subject } from "./evidence.ts";
import { plansOfWithdrawal } from "./plans.ts";
import { postingId, postingsAbout } from "./postings.ts";
import type { AuditTable } from "./schema.ts";
import { all, type Reader } from "./statement.ts";

/** Audit rows about `withdrawal` in their order, at most `LIMITS.pageRowsMax` of them. */
export function timelineOf(reader: Reader, withdrawal: Id): readonly AuditRow[] {
  const sql = "SELECT * FROM audit_row WHERE entity = ? AND entity_id = ? ORDER BY version";
  return subjectsOf(reader, withdrawal)
    .flatMap(({ entity, id }) => all<AuditTable>(reader, sql, entity, id))
    .sort((a, b) => a.seq - b.seq)
    .slice(0, LIMITS.pageRowsMax)
    .map(auditRowOf);
}

function subjectsOf(reader: Reader, withdrawal: Id): readonly Subject[] {
  const plans = plansOfWithdrawal(reader, withdrawal).map(({ id }) => id);
  const ids = (sql: string) => plans.flatMap((plan) => all<{ id: string }>(reader, sql, plan));
  const of = (entity: string, rows: readonly { readonly id: string }[]) =>
    rows.map(({ id }) => ({ entity, id }));
  return [
    { entity: "withdrawal", id: withdrawal },
    ...of(
      "posting",
      postingsAbout(reader, withdrawal).map(({ subject, reason, turn }) => ({
        id: postingId(subject, reason, turn),
      })),
    ),
    ...of(
      "decision",
      decisionSubjects(reader, withdrawal).map((id) => ({ id })),
    ),
    ...of(
      "plan",
      plans.map((id) => ({ id })),
    ),
    ...of("request", ids("SELECT request AS id FROM request_plan WHERE plan = ?")),
    ...of(
      "receipt",
      ids(
        "SELECT receipt AS id FROM receipt WHERE request IN (SELECT request FROM request_plan WHERE plan = ?)",
      ),
    ),
    ...of("attempt", ids("SELECT id FROM attempt WHERE plan = ?")),
  ];
}
