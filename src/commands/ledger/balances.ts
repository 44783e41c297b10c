import { formatDecimal } from "../../core/amount.ts";
import { assetFacts } from "../../core/asset.ts";
import { LIMITS } from "../../core/limits.ts";
import { listBalances } from "../../store/postings.ts";
import { optionalFlag, type Run } from "../../terminal/command.ts";
import { drawTable } from "../../terminal/table.ts";
import { withOnline } from "../../home/online.ts";

export const run: Run = async (call) =>
  withOnline(call, ({ store }) => {
    const balances = listBalances(
      store,
      { prefix: optionalFlag(call.flags, "account") },
      { limit: LIMITS.pageRowsMax },
    );
    return {
      data: balances.map(({ account, asset, units }) => ({ account, asset, units: units.toString() })),
      text: drawTable(
        [{ head: "ACCOUNT" }, { head: "BALANCE", align: "right" }, { head: "ASSET" }],
        balances.map(({ account, asset, units }) => [
          account,
          formatDecimal({ asset, units }),
          assetFacts(asset).symbol,
        ]),
        call.io.stdout,
      ),
    };
  });
