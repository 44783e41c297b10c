import type { StellarDescriptor } from "./descriptor.ts";
import type { Transaction } from "./xdr/transaction.ts";

/** A decoded attempt: what is signed, for which account. */
export type StellarAttempt = {
  readonly transaction: Transaction;
  readonly account: StellarDescriptor;
  /** What is signed: 32 bytes, the transaction's name. */
  readonly hash: Uint8Array;
};
