import { counted } from "../../core/count.ts";
import { verifyAudit } from "../../store/audit.ts";
import type { Run } from "../../terminal/command.ts";
import { drawFacts, grouped } from "../../terminal/table.ts";
import { withOnline } from "../../home/online.ts";

export const run: Run = async (call) =>
  withOnline(call, ({ store }) => {
    const { rows, heads, root } = verifyAudit(store);
    return {
      data: { rows, heads, root },
      text: drawFacts([
        ["audit tree", `verified: ${counted(rows, "row")}, ${counted(heads, "root")}`],
        ["root", grouped(root)],
      ]),
    };
  });
