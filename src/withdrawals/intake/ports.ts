/** What taking a request in needs of a store, beside what all do. `Tx` is a write transaction, opaque here. */
import type { AccountId } from "../../core/account.ts";
import type { Digest } from "../../core/digest.ts";
import type { BeneficiaryDocument } from "../../core/documents/beneficiary.ts";
import type { Id } from "../../core/identifier.ts";
import type { Instant } from "../../core/instant.ts";
import type { CustomerRow, LimitUseRow, WithdrawalRow } from "../rows.ts";

type NewWithdrawal = Pick<
  WithdrawalRow,
  "id" | "customer" | "amount" | "account" | "beneficiary" | "clientKey" | "bodyHash"
> & {
  readonly intent?: Digest | undefined;
  readonly expires?: Instant | undefined;
};

export type IntakePorts<Tx> = {
  findCustomerByRef(tx: Tx, ref: string): CustomerRow | undefined;
  /** Accounts that are known here, ours and signed destinations, and end in the same four characters; the account itself too. */
  accountsEndingAlike(tx: Tx, account: AccountId): readonly AccountId[];
  insertWithdrawal(
    tx: Tx,
    withdrawal: NewWithdrawal,
  ): { readonly withdrawal: WithdrawalRow; readonly created: boolean };
  findWithdrawalByKey(tx: Tx, clientKey: string): WithdrawalRow | undefined;
  findBeneficiaries(tx: Tx, customer: Id, account: AccountId): readonly BeneficiaryDocument[];
  insertLimitUse(tx: Tx, use: LimitUseRow): void;
};
