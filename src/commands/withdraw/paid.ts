import { parseDigest } from "../../core/digest.ts";
import { parseId } from "../../core/identifier.ts";
import { FOREIGN_PORTS, FOREIGN_READS } from "../../home/chain-ports.ts";
import { PORTS } from "../../home/ports.ts";
import { requirePolicy, withOnline } from "../../home/online.ts";
import { getWithdrawal } from "../../store/withdrawals.ts";
import { requiredFlag, type Run } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { paymentFor, settleByForeign } from "../../withdrawals/following/foreign.ts";
import { readTaken } from "../foreign.ts";
import { byWarrant } from "../warrants.ts";
import { describe, drawWithdrawal } from "./draw.ts";

/** Two admins say that a transaction which is no attempt of ours has paid the withdrawal: it is COMPLETED. */
export const run: Run = (call) =>
  withOnline(call, async (online) => {
    const policy = requirePolicy(online);
    const id = parseId(call.args[0] ?? "", "id");
    const transaction = parseDigest(requiredFlag(call.flags, "by"), "--by");
    const withdrawal = getWithdrawal(online.store, id);
    const { account, amount } = withdrawal;
    const asked = { transaction };
    // Refused before two people are asked for it.
    paymentFor(FOREIGN_READS, online.store, readTaken(online, policy, online.store, asked), withdrawal);
    const [asset, units] = [amount.asset, amount.units.toString()];
    const act = { do: "paid", withdrawal: id, transaction, account, asset, units } as const;
    const result = await byWarrant(online, policy, act, (tx, warrant) => {
      const taken = readTaken(online, policy, tx, asked);
      const said = { taken, warrant: warrant.digest };
      return settleByForeign(FOREIGN_PORTS, tx, PORTS.getWithdrawal(tx, id), said);
    });
    const after = result.drafted ? withdrawal : result.done;
    return {
      data: {
        ...describe(after),
        by: transaction,
        ...(result.drafted ? {} : { warrant: result.warrant.digest }),
      },
      text: drawFacts([
        ...drawWithdrawal(after),
        [result.drafted ? "perhaps paid by" : "paid by", transaction],
      ]),
      next: result.drafted ? result.next : "custody ledger reconcile",
    };
  });
