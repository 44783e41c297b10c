import { counted } from "../../core/count.ts";
import { resolve } from "node:path";
import { backupStore } from "../../store/backup.ts";
import { requiredFlag, type Run } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { withOnline } from "../../home/online.ts";

export const run: Run = async (call) =>
  withOnline(call, async ({ store }) => {
    const out = resolve(call.io.cwd, requiredFlag(call.flags, "out"));
    const { rows, root } = await backupStore(store, out);
    return {
      data: { file: out, rows, root },
      text: drawFacts([
        ["backup", `${out}, verified`],
        ["audit root", `${root} over ${counted(rows, "row")}: write it down apart from the file`],
      ]),
    };
  });
