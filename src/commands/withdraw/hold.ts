import { parseId, parseName } from "../../core/identifier.ts";
import { getWithdrawal } from "../../store/withdrawals.ts";
import { requiredFlag, type Run } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { holdWithdrawal } from "../../withdrawals/stopping/hold.ts";
import { change, requireSession, withOnline } from "../../home/online.ts";
import { PORTS } from "../../home/ports.ts";
import { describe, drawWithdrawal } from "./draw.ts";

export const run: Run = async (call) =>
  withOnline(call, (online) => {
    const { operator } = requireSession(online);
    const id = parseId(call.args[0] ?? "", "id");
    const code = parseName(requiredFlag(call.flags, "code"), "--code");
    const { state, plan } = getWithdrawal(online.store, id);
    const before = state === "PLANNED" ? plan : undefined;
    const held = change(online, (tx) =>
      holdWithdrawal(PORTS, tx, PORTS.getWithdrawal(tx, id), code, operator),
    );
    return {
      data: { ...describe(held), ...(before === undefined ? {} : { droppedPlan: before }) },
      text: drawFacts(drawWithdrawal(held)),
      warnings: [
        ...(before === undefined
          ? []
          : [`plan ${before} was not exported and is dropped: its other withdrawals are ready again`]),
        `${operator} alone lifts it, or two of compliance by a warrant`,
        "this host alone knows it: what a signer has in hand already is not called back by it",
      ],
      next: `custody withdraw unhold ${id}   (or, confirmed by two of compliance: custody withdraw block ${id} --code ${code} --out warrant.json)`,
    };
  });
