/** Signed bytes of an attempt, read. */
import { parseTransaction, type Transaction } from "../../../../src/chains/bitcoin/transaction.ts";
import { toHex } from "../../../../src/core/hex.ts";

const parsed = new Map<string, Transaction>();

/** Read once: invariants look at all attempts after each step. */
export function transactionOf(bytes: Uint8Array): Transaction {
  const name = toHex(bytes);
  const known = parsed.get(name) ?? parseTransaction(new Uint8Array(bytes));
  if (parsed.size > 10_000) parsed.clear();
  parsed.set(name, known);
  return known;
}
