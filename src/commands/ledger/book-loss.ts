import { formatAmount } from "../../core/amount.ts";
import { parseDigest } from "../../core/digest.ts";
import { parseName } from "../../core/identifier.ts";
import { WARRANT_OTHER_ACT } from "../../core/policy/warrants.ts";
import { FOREIGN_PORTS } from "../../home/chain-ports.ts";
import { requirePolicy, withOnline } from "../../home/online.ts";
import { optionalFlag, type Run } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { bookLoss } from "../../withdrawals/following/foreign.ts";
import { describeTaken, readTaken } from "../foreign.ts";
import { byWarrant } from "../warrants.ts";

/** Two admins book what a transaction that is no attempt of ours took: the house's loss, for the rest of its payments. */
export const run: Run = (call) =>
  withOnline(call, async (online) => {
    const policy = requirePolicy(online);
    const transaction = parseDigest(call.args[0] ?? "", "transaction");
    const named = optionalFlag(call.flags, "wallet");
    const asked = { transaction, wallet: named === undefined ? undefined : parseName(named, "--wallet") };
    const taken = readTaken(online, policy, online.store, asked);
    const { wallet, asset, units } = taken;
    const act = { do: "book-loss", transaction, wallet, asset, units: units.toString() } as const;
    const facts = [
      ["transaction", transaction],
      ["from wallet", wallet],
      ["taken", formatAmount(taken)],
    ] as const;
    const result = await byWarrant(online, policy, act, (tx, warrant) => {
      const now = readTaken(online, policy, tx, asked);
      // A block that the watcher has read meanwhile may say otherwise.
      if (now.wallet !== wallet || now.units !== units) {
        throw WARRANT_OTHER_ACT(
          `what is taken is ${formatAmount(now)} now, and people have signed for ${formatAmount(taken)}`,
          {
            field: "warrant.act",
            hint: `custody ledger book-loss ${transaction} --wallet ${wallet} --out warrant.json`,
          },
        );
      }
      bookLoss(FOREIGN_PORTS, tx, now, warrant.digest);
    });
    if (result.drafted)
      return { data: { ...describeTaken(taken), booked: false }, text: drawFacts(facts), next: result.next };
    return {
      data: { ...describeTaken(taken), booked: true, warrant: result.warrant.digest },
      text: drawFacts([...facts, ["booked", "to expense:loss, but for the withdrawals that it has paid"]]),
      next: "custody ledger reconcile",
    };
  });
