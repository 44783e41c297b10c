import { parseId, parseName } from "../../core/identifier.ts";
import type { PolicyDocument } from "../../core/policy/policy.ts";
import type { WarrantDocument } from "../../core/documents/warrant.ts";
import { getWithdrawal } from "../../store/withdrawals.ts";
import { optionalFlag, requiredFlag, type Call, type Outcome, type Run } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { blockWithdrawal, unblockWithdrawal } from "../../withdrawals/stopping/hold.ts";
import type { WithdrawalRow } from "../../withdrawals/ports.ts";
import { change, requirePolicy, requireSession, withOnline } from "../../home/online.ts";
import { PORTS } from "../../home/ports.ts";
import type { Tx } from "../../store/transaction.ts";
import { draftWarrant, readWarrant, useWarrant } from "../warrants.ts";
import { describe, drawWithdrawal } from "./draw.ts";

/** Two of compliance have confirmed a hit: what the withdrawal holds is frozen. */
export const run: Run = (call) =>
  warranted(call, "block", (tx, withdrawal, warrant) =>
    blockWithdrawal(PORTS, tx, withdrawal, { code: warrant.body.act.code, warrant: warrant.digest }),
  );

/** Two of compliance have looked again: it is where it would be without the hit, on hold and to be screened as a rule. */
export const runUnblock: Run = (call) =>
  warranted(call, "unblock", (tx, withdrawal, warrant, { body: policy }) =>
    unblockWithdrawal(PORTS, tx, withdrawal, { code: warrant.body.act.code, policy }),
  );

type Freezing = WarrantDocument & { readonly body: { readonly act: { readonly do: "block" | "unblock" } } };

// `--out` drafts the warrant for two persons to sign, `--warrant` takes it back and does what it allows.
function warranted(
  call: Call,
  act: "block" | "unblock",
  work: (tx: Tx, withdrawal: WithdrawalRow, warrant: Freezing, policy: PolicyDocument) => WithdrawalRow,
): Promise<Outcome> {
  return withOnline(call, async (online) => {
    requireSession(online);
    const policy = requirePolicy(online);
    const id = parseId(call.args[0] ?? "", "id");
    const code = parseName(requiredFlag(call.flags, "code"), "--code");
    const withdrawal = getWithdrawal(online.store, id);
    const allowed = { do: act, withdrawal: id, code } as const;
    if (optionalFlag(call.flags, "warrant") === undefined) {
      const next = await draftWarrant(call, policy, allowed);
      return { data: describe(withdrawal), text: drawFacts(drawWithdrawal(withdrawal)), next };
    }
    const warrant = await readWarrant(call, policy, allowed);
    const after = change(online, (tx) => {
      useWarrant(tx, warrant);
      return work(tx, PORTS.getWithdrawal(tx, id), warrant as Freezing, policy);
    });
    return {
      data: { ...describe(after), warrant: warrant.digest },
      text: drawFacts(drawWithdrawal(after)),
      next: after.state === "ON_HOLD" ? `custody withdraw unhold ${id}` : `custody withdraw show ${id}`,
    };
  });
}
