import { formatAmount } from "../../core/amount.ts";
import { counted } from "../../core/count.ts";
import { verifyLedger } from "../../store/integrity.ts";
import { verifyLimits } from "../../store/limit-recount.ts";
import { describeTaken } from "../foreign.ts";
import { unbookedLosses } from "../../store/foreign.ts";
import type { Run } from "../../terminal/command.ts";
import { withOnline } from "../../home/online.ts";

export const run: Run = async (call) =>
  withOnline(call, ({ store }) => {
    const { postings, accounts, assets } = verifyLedger(store);
    const limited = verifyLimits(store);
    const unbooked = unbookedLosses(store);
    return {
      data: { postings, accounts, assets, limited, unbooked: unbooked.map(describeTaken) },
      // The books are in order, and say more than there is.
      warnings: unbooked.map(
        (taken) =>
          `wallet ${taken.wallet} holds ${formatAmount(taken)} less than its account says, by transaction ${taken.transaction}: custody ledger book-loss ${taken.transaction} --wallet ${taken.wallet} --out warrant.json`,
      ),
      text: `ledger verified: ${counted(postings, "posting")} in balance; ${counted(accounts, "account")} in ${counted(assets, "asset")} as the entries say; online limits count ${counted(limited, "withdrawal")}`,
    };
  });
