import type { Digest } from "../../core/digest.ts";
import type { Descriptor, WalletKey } from "./descriptor.ts";
import type { Transaction } from "./transaction.ts";

/** An input whose amount (satoshis), script and keys we have proven ourselves; no key is taken from the PSBT. */
export type OwnedInput = WalletKey & { readonly units: bigint };

/** A decoded transaction of one wallet; the `Tx` of our codec. Only `decode` and `decodePlan` make one. */
export type BitcoinAttempt = {
  readonly id: Digest;
  readonly unsigned: Transaction;
  readonly descriptor: Descriptor;
  readonly inputs: readonly OwnedInput[];
  /** Of the virtual transaction that signs a message (BIP-322), which nothing ever sends. */
  readonly message?: string;
};
