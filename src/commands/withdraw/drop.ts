import { parseId } from "../../core/identifier.ts";
import type { Run } from "../../terminal/command.ts";
import { dropPlan } from "../../withdrawals/crossing/export.ts";
import { change, requireSession, withOnline } from "../../home/online.ts";
import { PORTS } from "../../home/ports.ts";

export const run: Run = async (call) =>
  withOnline(call, (online) => {
    requireSession(online);
    const plan = change(online, (tx) =>
      dropPlan(PORTS, tx, PORTS.getPlan(tx, parseId(call.args[0] ?? "", "plan"))),
    );
    return {
      data: { plan: plan.id, state: plan.state },
      text: `plan ${plan.id} dropped; its withdrawals are ready again`,
      next: "custody withdraw queue --state READY",
    };
  });
