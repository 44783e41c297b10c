import { parseId } from "../../core/identifier.ts";
import { listAuditRows } from "../../store/audit.ts";
import { countFlag, optionalFlag, type Run } from "../../terminal/command.ts";
import { drawTable } from "../../terminal/table.ts";
import { withOnline } from "../../home/online.ts";
import { pageOf } from "../page.ts";

export const run: Run = async (call) =>
  withOnline(call, ({ store }) => {
    const operation = optionalFlag(call.flags, "operation");
    const after = countFlag(call.flags, "from", { min: 0, max: Number.MAX_SAFE_INTEGER, otherwise: 0 });
    const filter = { operation: operation === undefined ? undefined : parseId(operation, "--operation") };
    const found = listAuditRows(store, filter, { limit: pageOf(call.flags).limit, after });
    const last = found[found.length - 1];
    return {
      data: found,
      text: drawTable(
        [
          { head: "ROW", align: "right" },
          { head: "TIME" },
          { head: "ACTOR" },
          { head: "EVENT" },
          { head: "SUBJECT" },
          { head: "OPERATION" },
        ],
        found.map(({ seq, at, actor, entity, entityId, event, operation: by }) => [
          String(seq),
          at,
          actor,
          event,
          `${entity} ${entityId}`,
          by,
        ]),
        call.io.stdout,
      ),
      next: last === undefined ? undefined : `custody audit show --from ${last.seq}`,
    };
  });
