import { parseId } from "../../core/identifier.ts";
import type { Run } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { endMovement } from "../../treasury/decide.ts";
import { change, requirePolicy, requireSession, withOnline } from "../../home/online.ts";
import { PORTS } from "../../home/ports.ts";
import { describe, drawMovement } from "./draw.ts";

export const run: Run = async (call) =>
  withOnline(call, (online) => {
    requireSession(online);
    const id = parseId(call.args[0] ?? "", "id");
    const ended = change(online, (tx) =>
      endMovement(PORTS, tx, PORTS.getMovement(tx, id), {
        end: "CANCELLED",
        reason: "cancelled by the operator",
        policy: requirePolicy(online).body,
      }),
    );
    return { data: describe(ended), text: drawFacts(drawMovement(ended)), next: `custody intent show ${id}` };
  });
