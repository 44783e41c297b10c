import { verifyLedger } from "../../store/integrity.ts";
import type { Run } from "../../terminal/command.ts";
import { withOnline } from "../../home/online.ts";

export const run: Run = async (call) =>
  withOnline(call, ({ store }) => {
    const { postings, accounts, assets } = verifyLedger(store);
    return {
      data: { postings, accounts, assets },
      text: `ledger verified: ${postings} postings balance, ${accounts} balances in ${assets} assets are what the entries say`,
    };
  });
