import { rungName, rungNumber, rungOf } from "../../chains/attempts.ts";
import { formatAmount } from "../../core/amount.ts";
import { nativeAsset } from "../../core/asset.ts";
import { declareError } from "../../core/errors.ts";
import { parseId } from "../../core/identifier.ts";
import { getPlan } from "../../store/plans.ts";
import { optionalFlag, switchedOn, type Call, type Run } from "../../terminal/command.ts";
import { retype } from "../../terminal/prompt.ts";
import { drawFacts } from "../../terminal/table.ts";
import { checkWords } from "../../core/words.ts";
import { bumpPlan, nextAttempt } from "../../withdrawals/following/bump.ts";
import { planDocumentOf } from "../../withdrawals/planning/plan-bytes.ts";
import type { AttemptRow, PlanRow } from "../../withdrawals/rows.ts";
import { change, requireSession, withOnline } from "../../home/online.ts";
import { PORTS, READS } from "../../home/ports.ts";

export const CANCEL_UNCONFIRMED = declareError(
  "CANCEL_UNCONFIRMED",
  "denied",
  "The id given for confirmation is not that of the plan's cancel rung.",
);

/** Marks a signed plan's next rung, or its cancel rung, as wanted. The watcher sends it. */
export const run: Run = async (call) =>
  withOnline(call, async (online) => {
    requireSession(online);
    const id = parseId(call.args[0] ?? "", "plan");
    const cancel = switchedOn(call.flags, "cancel");
    if (cancel) {
      const [plan, attempt] = change(online, (tx) => {
        const found = PORTS.getPlan(tx, id);
        return [found, nextAttempt(PORTS, tx, found, { cancel })] as const;
      });
      await confirmCancel(call, plan, attempt);
    }
    const wanted = change(online, (tx) => bumpPlan(PORTS, tx, PORTS.getPlan(tx, id), { cancel }));
    const { chain } = planDocumentOf(READS, online.store, getPlan(online.store, id)).body;
    const fee = formatAmount({ asset: nativeAsset(chain), units: wanted.feeUnits });
    const rung = rungOf(wanted);
    return {
      data: {
        plan: id,
        rung: rungNumber(rung),
        transaction: wanted.txid,
        feeUnits: wanted.feeUnits.toString(),
      },
      text: drawFacts([
        ["wanted", rung === "cancel" ? "the cancel rung: it pays only our own wallet" : rungName(rung)],
        ["transaction", wanted.txid],
        ["fee", fee],
      ]),
      warnings: cancel
        ? ["what was sent before may still win; the withdrawals keep their holds either way"]
        : [],
      next: "custody-watcher once",
    };
  });

// Severe: it ends what people have approved. They retype its check words, or a script gives the transaction's full id.
async function confirmCancel(call: Call, plan: PlanRow, attempt: AttemptRow): Promise<void> {
  const given = optionalFlag(call.flags, "confirm");
  if (given === undefined) {
    const words = checkWords(attempt.txid);
    call.io.stderr.write(`cancels plan ${plan.id}: it will pay nobody\n`);
    return retype(call.io, `Retype ${words} to cancel:`, words, "--confirm");
  }
  if (given === attempt.txid) return;
  throw CANCEL_UNCONFIRMED(`--confirm ${given} is not the cancel rung's transaction ${attempt.txid}`, {
    field: "--confirm",
    hint: `custody withdraw show ID   (lists it); --confirm ${attempt.txid}`,
  });
}
