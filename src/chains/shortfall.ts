import type { Shortfall } from "./chain-node.ts";
import { formatShort } from "../core/amount.ts";
import { splitAccount } from "../core/account.ts";

/** `0x… got 24.75 USDC of the 25 USDC that were sent`. */
export function shortfallText({ account, sent, arrived }: Shortfall): string {
  const got = formatShort({ asset: sent.asset, units: arrived });
  return `${splitAccount(account).address} got ${got} of the ${formatShort(sent)} that were sent`;
}
