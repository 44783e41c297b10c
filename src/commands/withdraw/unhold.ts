import type { WarrantDocument } from "../../core/documents/warrant.ts";
import { parseId } from "../../core/identifier.ts";
import type { Tx } from "../../store/transaction.ts";
import { getWithdrawal } from "../../store/withdrawals.ts";
import { optionalFlag, type Outcome, type Run } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import type { Advanced } from "../../withdrawals/deciding/advance.ts";
import { heldFor, unholdWithdrawal } from "../../withdrawals/stopping/hold.ts";
import type { WithdrawalRow } from "../../withdrawals/rows.ts";
import { change, requirePolicy, requireSession, withOnline } from "../../home/online.ts";
import { PORTS } from "../../home/ports.ts";
import { byWarrant } from "../warrants.ts";
import { describe, drawWithdrawal } from "./draw.ts";

/**
 * Screens again what is on hold. It never goes on by somebody's word alone: what still speaks against it holds it. What
 * somebody else has stopped takes that person, or a warrant of two of compliance (`--out`, then `--warrant`).
 */
export const run: Run = async (call) =>
  withOnline(call, async (online) => {
    const { operator } = requireSession(online);
    const policy = requirePolicy(online);
    const id = parseId(call.args[0] ?? "", "id");
    const held = getWithdrawal(online.store, id);
    // Named in the warrant: after another hold people look at that one.
    const allowed = { do: "unhold", withdrawal: id, code: heldFor(held) } as const;
    const lift = (tx: Tx, warrant?: WarrantDocument) => {
      const about = { policy, now: call.io.now(), by: operator, warrant: warrant?.digest };
      return unholdWithdrawal(PORTS, tx, PORTS.getWithdrawal(tx, id), about);
    };
    const isOwn = (["warrant", "out"] as const).every((flag) => optionalFlag(call.flags, flag) === undefined);
    if (isOwn) return outcomeOf(change(online, (tx) => lift(tx)));
    const result = await byWarrant(online, policy, allowed, lift);
    if (result.drafted)
      return { data: describe(held), text: drawFacts(drawWithdrawal(held)), next: result.next };
    return outcomeOf(result.done);
  });

function outcomeOf({ withdrawal, verdict }: Advanced): Outcome {
  const why = verdict === undefined || verdict.allowed ? undefined : `${verdict.rule}: ${verdict.why}`;
  return {
    data: { ...describe(withdrawal), ...(why === undefined ? {} : { why }) },
    text: drawFacts([
      ...drawWithdrawal(withdrawal),
      ...(why === undefined ? [] : [["waits for", why] as const]),
    ]),
    next: nextOf(withdrawal),
  };
}

function nextOf({ id, state }: WithdrawalRow): string {
  switch (state) {
    case "PENDING_APPROVAL":
      return `custody withdraw bundle ${id} --out bundle.json   (then: custody desk review bundle.json)`;
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
