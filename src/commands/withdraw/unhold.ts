import { parseId } from "../../core/identifier.ts";
import type { WithdrawalRow } from "../../withdrawals/ports.ts";
import type { Run } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { unholdWithdrawal } from "../../withdrawals/hold.ts";
import { change, requirePolicy, requireSession, withOnline } from "../../home/online.ts";
import { PORTS } from "../../home/ports.ts";
import { describe, drawWithdrawal } from "./draw.ts";

/** Screens again what is on hold. It never goes on by somebody's word alone: what still speaks against it holds it. */
export const run: Run = async (call) =>
  withOnline(call, (online) => {
    requireSession(online);
    const policy = requirePolicy(online);
    const id = parseId(call.args[0] ?? "", "id");
    const { withdrawal, verdict } = change(online, (tx) =>
      unholdWithdrawal(PORTS, tx, PORTS.getWithdrawal(tx, id), { policy, now: call.io.now() }),
    );
    const why = verdict === undefined || verdict.allowed ? undefined : `${verdict.rule}: ${verdict.why}`;
    return {
      data: { ...describe(withdrawal), ...(why === undefined ? {} : { why }) },
      text: drawFacts([
        ...drawWithdrawal(withdrawal),
        ...(why === undefined ? [] : [["waits for", why] as const]),
      ]),
      next: nextOf(withdrawal),
    };
  });

function nextOf({ id, state }: WithdrawalRow): string {
  switch (state) {
    case "PENDING_APPROVAL":
      return `custody withdraw bundle ${id} --out review.json   (then: custody desk review review.json)`;
    case "READY":
      return "custody withdraw build --wallet NAME";
    case "EXPIRED":
      return `custody withdraw supersede ${id}`;
    case "ON_HOLD":
      return `custody policy explain ${id}`;
    default:
      return `custody withdraw show ${id}`;
  }
}
