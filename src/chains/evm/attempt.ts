import type { AccountDescriptor } from "./account-descriptor.ts";
import type { EvmTransaction } from "./transaction.ts";

/** A decoded attempt of an account: what is signed, by which key. */
export type EvmAttempt = {
  readonly transaction: EvmTransaction;
  readonly account: AccountDescriptor;
  /** What is signed: 32 bytes. */
  readonly hash: Uint8Array;
};
