/** The account that is attacked elsewhere, with a hundred times the money: fees are a smaller share of it. */
import { ACCOUNT as ATTACKED } from "../../../attack/bench/grounds/account.ts";
import type { Ground } from "../../../attack/bench/grounds/ground.ts";

const WEI_FOR_SATOSHI = 10n ** 12n;

export const ACCOUNT: Ground = {
  ...ATTACKED,
  unitsOf: (satoshi) => (BigInt(satoshi) * WEI_FOR_SATOSHI).toString(),
};
