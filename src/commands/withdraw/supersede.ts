import { parseId } from "../../core/identifier.ts";
import type { Run } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { supersedeWithdrawal } from "../../withdrawals/ending/supersede.ts";
import { change, requirePolicy, requireSession, withOnline } from "../../home/online.ts";
import { PORTS } from "../../home/ports.ts";
import { describe, drawWithdrawal } from "./draw.ts";

export const run: Run = async (call) =>
  withOnline(call, (online) => {
    requireSession(online);
    const policy = requirePolicy(online);
    const id = parseId(call.args[0] ?? "", "id");
    const { withdrawal, intent } = change(online, (tx, operation) =>
      supersedeWithdrawal(PORTS, tx, PORTS.getWithdrawal(tx, id), { policy, now: call.io.now(), operation }),
    );
    const { generation, supersedes, expires } = intent.body;
    return {
      data: { ...describe(withdrawal), intent: intent.digest, generation, supersedes, expires },
      text: drawFacts([
        ["generation", `${generation}, to be approved afresh by ${expires}; its amount stays held`],
        ["intent", intent.digest],
        ["supersedes", supersedes.join(", ")],
        ...drawWithdrawal(withdrawal),
      ]),
      next: `custody withdraw bundle ${id} --out bundle.json   (then: custody desk review bundle.json)`,
    };
  });
