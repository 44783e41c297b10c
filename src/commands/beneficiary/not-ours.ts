import type { AccountId } from "../../core/account.ts";
import type { Reader } from "../../store/statement.ts";
import { findAddress } from "../../store/wallets.ts";
import { DESTINATION_IS_OURS } from "../../withdrawals/intake/request.ts";

/** What is paid to ourselves leaves nobody's balance rightly. @throws DESTINATION_IS_OURS */
export function assertNotOurs(reader: Reader, account: AccountId, field: string): void {
  if (findAddress(reader, account) === undefined) return;
  throw DESTINATION_IS_OURS("the destination is an address of our own", {
    field,
    hint: "give the customer's own address",
  });
}
