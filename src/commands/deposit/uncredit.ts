import { formatAmount } from "../../core/amount.ts";
import { assert } from "../../core/errors.ts";
import { DEPOSIT_PORTS, DEPOSIT_READS } from "../../home/chain-ports.ts";
import { requirePolicy, withOnline } from "../../home/online.ts";
import { getDeposit } from "../../store/deposits.ts";
import { findAddress } from "../../store/wallets.ts";
import type { Run } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { assertGone, shortOf, takeBack } from "../../withdrawals/settling/uncredit.ts";
import { byWarrant } from "../warrants.ts";

/** Two admins take a deposit that has left the chain out of the books: what its customer has spent of it is owed to us. */
export const run: Run = (call) =>
  withOnline(call, async (online) => {
    const policy = requirePolicy(online);
    const coin = call.args[0] ?? "";
    const deposit = getDeposit(online.store, coin);
    assertGone(deposit);
    const { customer, amount, account } = deposit;
    const short = { ...amount, units: shortOf(DEPOSIT_READS, online.store, deposit) };
    const wallet = findAddress(online.store, account)?.wallet;
    assert(wallet !== undefined, "a deposit is to an address that was given out");
    const [asset, units] = [amount.asset, amount.units.toString()];
    const act = { do: "uncredit", coin, customer, asset, units } as const;
    const result = await byWarrant(online, policy, act, (tx) =>
      takeBack(DEPOSIT_PORTS, tx, getDeposit(tx, coin), wallet),
    );
    const state = result.drafted ? deposit.state : result.done.state;
    return {
      data: {
        coin,
        customer,
        asset,
        units,
        state,
        shortUnits: short.units.toString(),
        ...(result.drafted ? {} : { warrant: result.warrant.digest }),
      },
      text: drawFacts([
        ["deposit", coin],
        ["state", state],
        ["amount", formatAmount(amount)],
        [result.drafted ? "spent of it" : "owed to us", formatAmount(short)],
      ]),
      next: result.drafted ? result.next : "custody ledger reconcile",
    };
  });
