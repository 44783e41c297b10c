import type { Digest } from "../../core/digest.ts";
import { parseId, parseName, type Name } from "../../core/identifier.ts";
import type { Policy } from "../../core/policy/policy.ts";
import { getWithdrawal } from "../../store/withdrawals.ts";
import { requiredFlag, type Call, type Outcome, type Run } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { blockWithdrawal, unblockWithdrawal } from "../../withdrawals/stopping/hold.ts";
import type { WithdrawalRow } from "../../withdrawals/rows.ts";
import { requirePolicy, withOnline } from "../../home/online.ts";
import { PORTS } from "../../home/ports.ts";
import type { Tx } from "../../store/transaction.ts";
import { byWarrant } from "../warrants.ts";
import { describe, drawWithdrawal } from "./draw.ts";

/** Two of compliance have confirmed a hit: what the withdrawal holds is frozen. */
export const run: Run = (call) =>
  warranted(call, "block", (tx, withdrawal, by) => blockWithdrawal(PORTS, tx, withdrawal, by));

/** Two of compliance have looked again: it is where it would be without the hit, on hold and to be screened as a rule. */
export const runUnblock: Run = (call) =>
  warranted(call, "unblock", (tx, withdrawal, by) => unblockWithdrawal(PORTS, tx, withdrawal, by));

type Freezing = { readonly code: Name; readonly warrant: Digest; readonly policy: Policy };

// `--out` drafts the warrant for two persons to sign, `--warrant` takes it back and does what it allows.
function warranted(
  call: Call,
  act: "block" | "unblock",
  work: (tx: Tx, withdrawal: WithdrawalRow, by: Freezing) => WithdrawalRow,
): Promise<Outcome> {
  return withOnline(call, async (online) => {
    const policy = requirePolicy(online);
    const id = parseId(call.args[0] ?? "", "id");
    const code = parseName(requiredFlag(call.flags, "code"), "--code");
    const withdrawal = getWithdrawal(online.store, id);
    const allowed = { do: act, withdrawal: id, code } as const;
    const result = await byWarrant(online, policy, allowed, (tx, { digest: warrant }) =>
      work(tx, PORTS.getWithdrawal(tx, id), { code, warrant, policy: policy.body }),
    );
    if (result.drafted)
      return { data: describe(withdrawal), text: drawFacts(drawWithdrawal(withdrawal)), next: result.next };
    const { done: after, warrant } = result;
    return {
      data: { ...describe(after), warrant: warrant.digest },
      text: drawFacts(drawWithdrawal(after)),
      next: after.state === "ON_HOLD" ? `custody withdraw unhold ${id}` : `custody withdraw show ${id}`,
    };
  });
}
