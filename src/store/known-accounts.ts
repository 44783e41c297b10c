/** Accounts that people know: addresses of ours that were given out, and destinations that somebody has signed. */
import type { AccountId } from "../core/account.ts";
import { all, type Reader } from "./statement.ts";

/**
 * Those whose last four characters are `account`'s but for capitals, itself among them. Which of them look alike is for
 * the chain's codec to say: on some chains capitals tell addresses apart, on others they are checksum. Of a million
 * accounts a score at most: four hexadecimal digits are 16 bits.
 */
export function accountsEndingAlike(reader: Reader, account: AccountId): readonly AccountId[] {
  return all<{ account: AccountId }>(reader, ENDING_ALIKE, account, account).map((row) => row.account);
}

const ENDING_ALIKE =
  "SELECT account FROM address WHERE lower(substr(account, -4)) = lower(substr(?, -4))" +
  " UNION SELECT account FROM beneficiary WHERE lower(substr(account, -4)) = lower(substr(?, -4))";
