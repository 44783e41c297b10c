import { formatAmount } from "../../core/amount.ts";
import { assert } from "../../core/errors.ts";
import { withOnline } from "../../home/online.ts";
import { findCoin, unclaimedCoins } from "../../store/coins.ts";
import type { Run } from "../../terminal/command.ts";
import { drawTable } from "../../terminal/table.ts";

/** Coins that others have paid to receive addresses of nobody's: the wallet's own, and those that a restore passed over. */
export const run: Run = async (call) =>
  withOnline(call, ({ store }) => {
    const coins = unclaimedCoins(store).map((coin) => {
      const found = findCoin(store, coin);
      assert(found !== undefined, "a coin that is listed is there");
      return { ...found, coin };
    });
    return {
      data: coins.map(({ coin, wallet, account, amount, height }) => ({
        coin,
        wallet,
        account,
        asset: amount.asset,
        units: amount.units.toString(),
        height,
      })),
      text: drawTable(
        [
          { head: "HEIGHT", align: "right" },
          { head: "AMOUNT", align: "right" },
          { head: "WALLET" },
          { head: "COIN" },
        ],
        coins.map(({ height, amount, wallet, coin }) => [String(height), formatAmount(amount), wallet, coin]),
        call.io.stdout,
      ),
      next:
        coins.length === 0
          ? undefined
          : "custody deposit credit COIN --customer REF --out warrant.json   (whoever knows to whom the address was given)",
    };
  });
