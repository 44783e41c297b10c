import { counted } from "../../core/count.ts";
import { verifyLedger } from "../../store/integrity.ts";
import { verifyLimits } from "../../store/limit-recount.ts";
import type { Run } from "../../terminal/command.ts";
import { withOnline } from "../../home/online.ts";

export const run: Run = async (call) =>
  withOnline(call, ({ store }) => {
    const { postings, accounts, assets } = verifyLedger(store);
    const limited = verifyLimits(store);
    return {
      data: { postings, accounts, assets, limited },
      text: `ledger verified: ${counted(postings, "posting")} in balance; ${counted(accounts, "account")} in ${counted(assets, "asset")} as the entries say; online limits count ${counted(limited, "withdrawal")}`,
    };
  });
