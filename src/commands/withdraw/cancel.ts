import { parseId } from "../../core/identifier.ts";
import type { Run } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { cancelWithdrawal } from "../../withdrawals/decide.ts";
import { change, requireSession, withOnline } from "../../home/online.ts";
import { PORTS } from "../../home/ports.ts";
import { describe, drawWithdrawal } from "./draw.ts";

export const run: Run = async (call) =>
  withOnline(call, (online) => {
    requireSession(online);
    const id = parseId(call.args[0] ?? "", "id");
    const cancelled = change(online, (tx) => cancelWithdrawal(PORTS, tx, PORTS.getWithdrawal(tx, id)));
    return {
      data: describe(cancelled),
      text: drawFacts(drawWithdrawal(cancelled)),
      next: "custody withdraw queue",
    };
  });
