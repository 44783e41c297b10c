/** Accounts that people know: addresses of ours that were given out, and destinations that somebody has signed. */
import type { AccountId } from "../core/account.ts";
import { all, type Reader } from "./statement.ts";

/**
 * Those that end in the same four characters as `account`, itself among them. Four characters are twenty bits: of a
 * million accounts, one or two.
 */
export function accountsEndingAlike(reader: Reader, account: AccountId): readonly AccountId[] {
  return all<{ account: AccountId }>(reader, ENDING_ALIKE, account, account).map((row) => row.account);
}

const ENDING_ALIKE =
  "SELECT account FROM address WHERE substr(account, -4) = substr(?, -4)" +
  " UNION SELECT account FROM beneficiary WHERE substr(account, -4) = substr(?, -4)";
