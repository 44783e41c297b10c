/** Handing transactions to one bitcoind, and what its answers mean. */
import * as z from "zod";
import type { BroadcastOutcome } from "../../chains/chain-node.ts";
import { parseTransaction, transactionId } from "../../chains/bitcoin/transaction.ts";
import type { Digest } from "../../core/digest.ts";
import type { CustodyError } from "../../core/errors.ts";
import { digestField } from "../../core/fields.ts";
import { toHex } from "../../core/hex.ts";
import { visibleText } from "../../core/text.ts";
import { hashAnswer } from "./answers.ts";
import { NODE_ANSWER_MALFORMED } from "../failure.ts";
import { refusalCode, type Rpc } from "./rpc.ts";

/** Codes of bitcoind's protocol.h. */
const RPC_DESERIALIZATION_ERROR = -22;
const RPC_VERIFY_ERROR = -25;
const RPC_VERIFY_REJECTED = -26;
const RPC_ALREADY_IN_UTXO_SET = -27;

/** Whether the node has a transaction, in its mempool or its chain. */
type Known = (id: Digest) => Promise<boolean>;

/**
 * Only what bitcoind says of the transaction itself is a rejection. A spent output may have been spent by this very
 * transaction, so before "missing inputs" is believed the node is asked for it (F4: a second payment after a "failure").
 */
export async function sendOne(rpc: Rpc, bytes: Uint8Array, known: Known): Promise<BroadcastOutcome> {
  const id = transactionId(parseTransaction(bytes));
  try {
    const said = await rpc.write("sendrawtransaction", [toHex(bytes)], hashAnswer);
    if (said !== id) throw NODE_ANSWER_MALFORMED(`the node took ${id} and calls it ${said}`);
    return { type: "accepted" };
  } catch (error) {
    const code = refusalCode(error);
    if (code === RPC_ALREADY_IN_UTXO_SET) return { type: "accepted" };
    if (code === RPC_DESERIALIZATION_ERROR)
      return { type: "rejected", reason: (error as CustodyError).message };
    if (code !== RPC_VERIFY_ERROR && code !== RPC_VERIFY_REJECTED) throw error;
    const { message } = error as CustodyError;
    if (/txn-already-(in-mempool|known)/.test(message)) return { type: "accepted" };
    return (await known(id)) ? { type: "accepted" } : { type: "rejected", reason: message };
  }
}

/** By witness id; of each transaction its id and, where it was refused, why. */
const packageAnswer = z.object({
  "tx-results": z.record(z.string(), z.object({ txid: digestField, error: z.string().optional() })),
});

/**
 * A child with its waiting parents (Bitcoin Core, doc/policy/packages.md: the child last, no parent may spend another).
 * What is no such package, or a node that knows none, is sent one by one: each is taken by what it pays alone.
 * @returns what became of the last
 */
export async function sendPackage(
  rpc: Rpc,
  bytes: readonly Uint8Array[],
  known: Known,
): Promise<BroadcastOutcome> {
  const last = bytes.at(-1);
  if (last === undefined) return { type: "uncertain", reason: "there was nothing to send" };
  const id = transactionId(parseTransaction(last));
  try {
    const said = await rpc.write("submitpackage", [bytes.map(toHex)], packageAnswer);
    const result = Object.values(said["tx-results"]).find(({ txid }) => txid === id);
    if (result !== undefined && result.error === undefined) return { type: "accepted" };
    if (await known(id)) return { type: "accepted" };
    return { type: "rejected", reason: visibleText(result?.error ?? "the node does not say why") };
  } catch (error) {
    if (refusalCode(error) === undefined) throw error;
    for (const parent of bytes.slice(0, -1)) await sendOne(rpc, parent, known);
    return sendOne(rpc, last, known);
  }
}
