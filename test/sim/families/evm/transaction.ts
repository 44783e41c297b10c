/** A transaction as the chain in memory knows it: signed bytes, read, and whose they are. */
import { recoverAddress } from "../../../../src/chains/evm/signature.ts";
import type { Signature } from "../../../../src/chains/evm/signature.ts";
import type { Address } from "../../../../src/chains/evm/address.ts";
import {
  parseSigned,
  signingHash,
  transactionHash,
  type EvmTransaction,
} from "../../../../src/chains/evm/transaction.ts";
import { assert } from "../../../../src/core/errors.ts";
import { toHex } from "../../../../src/core/hex.ts";
import { ANVIL } from "../../../factory/evm-account.ts";

export type Sent = {
  /** Hash of the signed bytes, as the chain names it. */
  readonly id: string;
  /** What was signed, as plans name it. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly transaction: EvmTransaction;
  readonly signature: Signature;
  readonly from: Address;
  /** Brings money from outside: nobody looks where it comes from. */
  readonly funding: boolean;
};

const known = new Map<string, Sent>();

/** Read once: invariants look at all attempts after each step. */
export function sentOf(bytes: Uint8Array): Sent {
  const id = toHex(transactionHash(bytes));
  const sent = known.get(id) ?? read(bytes, id);
  if (known.size > 10_000) known.clear();
  known.set(id, sent);
  return sent;
}

function read(bytes: Uint8Array, id: string): Sent {
  const { transaction, signature } = parseSigned(new Uint8Array(bytes), ANVIL);
  const hash = signingHash(transaction);
  const from = recoverAddress(hash, signature);
  assert(from !== undefined, "a signature has a signer");
  return {
    id,
    name: toHex(hash),
    bytes: new Uint8Array(bytes),
    transaction,
    signature,
    from,
    funding: false,
  };
}

/** The most that a transaction pays for each gas, and what of it goes to whoever mines it. Wei. */
export function feesOf(transaction: EvmTransaction): { readonly max: bigint; readonly priority: bigint } {
  if (transaction.type === 2)
    return { max: transaction.maxFeePerGas, priority: transaction.maxPriorityFeePerGas };
  return { max: transaction.gasPrice, priority: transaction.gasPrice };
}
