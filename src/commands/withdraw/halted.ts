/** Whether a halt, or a flag of this host, stops one withdrawal where it stands. */
import { splitAccount } from "../../core/account.ts";
import type { Name } from "../../core/identifier.ts";
import { SENDING } from "../../core/states/stages.ts";
import type { WithdrawalState } from "../../core/states/withdrawal-states.ts";
import { ENDED, IN_BLOCK } from "../../core/states/withdrawal.ts";
import type { Online } from "../../home/online.ts";
import { READS } from "../../home/ports.ts";
import type { Withdrawal } from "../../store/withdrawals.ts";
import { whyHalted } from "../../withdrawals/stopping/halt.ts";

/** From here nothing more is built, exported or sent first: what is out already is followed, halted or not. */
const OUT: ReadonlySet<WithdrawalState> = new Set([...SENDING, ...IN_BLOCK, ...ENDED]);

/** @param wallet of its last plan, where it has one: before that a halt of one wallet may leave it another */
export function haltedOver(
  { store }: Online,
  { state, account }: Pick<Withdrawal, "state" | "account">,
  wallet: Name | undefined,
): string | undefined {
  return OUT.has(state) ? undefined : whyHalted(READS, store, { wallet, chain: splitAccount(account).chain });
}
