import type { Digest } from "../../core/digest.ts";
import type { Transaction } from "./transaction.ts";
import type { Branch } from "./descriptor.ts";

/** An input whose amount, script and key we have proven ourselves. */
export type OwnedInput = {
  readonly units: bigint;
  readonly script: Uint8Array;
  /** Compressed, derived from the wallet's descriptor and not taken from the PSBT. */
  readonly publicKey: Uint8Array;
  readonly keyPath: readonly number[];
  readonly path: string;
  readonly branch: Branch;
  readonly index: number;
};

/** A decoded transaction of a P2WPKH wallet; the `Tx` of our codec. Only `decode` makes one. */
export type BitcoinAttempt = {
  readonly id: Digest;
  readonly unsigned: Transaction;
  readonly inputs: readonly OwnedInput[];
};
