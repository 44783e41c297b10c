import { formatAmount } from "../../core/amount.ts";
import { CREDIT_PORTS } from "../../home/chain-ports.ts";
import { distrust, requirePolicy, withOnline } from "../../home/online.ts";
import { requiredFlag, type Run } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { creditCoin } from "../../withdrawals/settling/credit.ts";
import { requireCustomer } from "../customer/find.ts";
import { readUnclaimed } from "../unclaimed.ts";
import { byWarrant } from "../warrants.ts";

/** Two admins say whose a coin is that came to an address which nobody here was given. The address stays nobody's. */
export const run: Run = (call) =>
  withOnline(call, async (online) => {
    const policy = requirePolicy(online);
    // A copy that was put back may not know that the address is somebody's, nor that the coin was credited.
    const doubt = distrust(online);
    if (doubt !== undefined) throw doubt;
    const coin = call.args[0] ?? "";
    const ref = requiredFlag(call.flags, "customer");
    const { id: customer } = requireCustomer(online.store, ref);
    // Refused before two people are asked for it.
    const { account, amount } = readUnclaimed(online, policy, online.store, coin);
    const [asset, units] = [amount.asset, amount.units.toString()];
    const act = { do: "credit", coin, account, customer, asset, units } as const;
    const result = await byWarrant(online, policy, act, (tx, { digest: warrant }) =>
      creditCoin(CREDIT_PORTS, tx, readUnclaimed(online, policy, tx, coin), { customer, warrant }),
    );
    return {
      data: {
        coin,
        account,
        customer,
        asset,
        units,
        credited: !result.drafted,
        ...(result.drafted ? {} : { warrant: result.warrant.digest }),
      },
      text: drawFacts([
        ["coin", coin],
        ["at address", account],
        ["amount", formatAmount(amount)],
        [result.drafted ? "perhaps of" : "credited to", ref],
      ]),
      next: result.drafted ? result.next : "custody ledger reconcile",
    };
  });
