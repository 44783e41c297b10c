import { counted } from "../../core/count.ts";
import { canonicalText } from "../../core/canonical.ts";
import { utf8 } from "../../core/hex.ts";
import { LIMITS } from "../../core/limits.ts";
import { auditHead, listAuditRows } from "../../store/audit.ts";
import type { AuditRow } from "../../store/audit-row.ts";
import { requiredFlag, type Run } from "../../terminal/command.ts";
import { writeOutput } from "../../terminal/files.ts";
import { withOnline } from "../../home/online.ts";

/** Each line is the canonical JSON whose SHA-256(0x00 ‖ line) is the row's leaf: an auditor needs nothing else. */
export const run: Run = async (call) =>
  withOnline(call, ({ store }) => {
    const head = auditHead(store);
    const lines: string[] = [];
    for (let page: readonly AuditRow[] = [], after = 0; ; after = page[page.length - 1]?.seq ?? after) {
      page = listAuditRows(store, {}, { limit: LIMITS.pageRowsMax, after });
      if (page.length === 0) break;
      lines.push(...page.map((row) => canonicalText(row)));
    }
    const out = requiredFlag(call.flags, "out");
    writeOutput(call.io, out, utf8(lines.map((line) => `${line}\n`).join("")), {
      force: call.flags["force"] === true,
    });
    return {
      data: { file: out, rows: lines.length, root: head?.root ?? "" },
      text: out === "-" ? "" : `${out}: ${counted(lines.length, "row")} under root ${head?.root ?? "none"}`,
    };
  });
