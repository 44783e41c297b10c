import { formatAmount } from "../../core/amount.ts";
import { depositsOf } from "../../store/deposits.ts";
import { requiredFlag, type Run } from "../../terminal/command.ts";
import { drawTable } from "../../terminal/table.ts";
import { requireCustomer } from "../customer/find.ts";
import { withOnline } from "../../home/online.ts";

export const run: Run = async (call) =>
  withOnline(call, ({ store }) => {
    const customer = requireCustomer(store, requiredFlag(call.flags, "customer"));
    const deposits = depositsOf(store, customer.id);
    return {
      data: deposits.map(({ coin, account, amount, blockHash, height, state }) => ({
        state,
        coin,
        account,
        asset: amount.asset,
        units: amount.units.toString(),
        blockHash,
        height,
      })),
      text: drawTable(
        [
          { head: "HEIGHT", align: "right" },
          { head: "AMOUNT", align: "right" },
          { head: "STATE" },
          { head: "COIN" },
        ],
        deposits.map(({ height, amount, coin, state }) => [
          String(height),
          formatAmount(amount),
          state,
          coin,
        ]),
        call.io.stdout,
      ),
    };
  });
