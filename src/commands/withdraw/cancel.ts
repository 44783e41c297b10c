import { parseId } from "../../core/identifier.ts";
import type { Run } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { cancelWithdrawal } from "../../withdrawals/deciding/decide.ts";
import { change, requirePolicy, requireSession, withOnline } from "../../home/online.ts";
import { PORTS } from "../../home/ports.ts";
import { describe, drawWithdrawal } from "./draw.ts";

export const run: Run = async (call) =>
  withOnline(call, (online) => {
    requireSession(online);
    const id = parseId(call.args[0] ?? "", "id");
    const cancelled = change(online, (tx) =>
      cancelWithdrawal(PORTS, tx, PORTS.getWithdrawal(tx, id), { policy: requirePolicy(online) }),
    );
    return {
      data: describe(cancelled),
      text: drawFacts(drawWithdrawal(cancelled)),
      warnings:
        cancelled.state === "REVOKING"
          ? [
              "a quorum has approved it, or may have in rows that are lost here: its hold stays until enough signers have voided it",
            ]
          : [],
      next:
        cancelled.state === "REVOKING"
          ? `custody withdraw bundle ${id} --out bundle.json   (then at each signer: custody-signer void)`
          : "custody withdraw queue",
    };
  });
