import type { ChainId } from "../../core/chain.ts";
import type { AccountDescriptor } from "./account-descriptor.ts";
import type { SafeTx } from "./safe.ts";
import type { SafeDescriptor } from "./safe-descriptor.ts";
import type { EvmTransaction } from "./transaction.ts";

/** A decoded attempt of an account: what is signed, by which key. */
export type AccountAttempt = {
  readonly kind: "account";
  readonly transaction: EvmTransaction;
  readonly account: AccountDescriptor;
  /** What is signed: 32 bytes. */
  readonly hash: Uint8Array;
};

/** A decoded attempt of a Safe: what its owners sign. */
export type SafeAttempt = {
  readonly kind: "safe";
  readonly transaction: SafeTx;
  readonly safe: SafeDescriptor;
  /** What is signed: 32 bytes, the Safe's own hash of the transaction. */
  readonly hash: Uint8Array;
};

/** A text that an account's key signs: nothing is sent. */
export type MessageAttempt = {
  readonly kind: "message";
  readonly message: string;
  readonly chain: ChainId;
  readonly account: AccountDescriptor;
  /** What is signed: 32 bytes, the digest of EIP-712. */
  readonly hash: Uint8Array;
};

export type EvmAttempt = AccountAttempt | SafeAttempt | MessageAttempt;
