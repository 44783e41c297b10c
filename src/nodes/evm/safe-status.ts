/**
 * Where a Safe's transaction stands, by the Safe's own nonce and its own logs: which relayer's transaction has carried it, and
 * whether one of them failed, proves nothing (law 4).
 */
import type { TransactionStatus } from "../../chains/chain-node.ts";
import type { Address } from "../../chains/evm/address.ts";
import type { Digest } from "../../core/digest.ts";
import { isError } from "../../core/errors.ts";
import type { About } from "./about.ts";
import type { EvmBlock } from "./block.ts";
import { nonceTaker } from "./nonce-taker.ts";
import type { EvmQuorum } from "./quorum.ts";
import { EVM_SAFE_SILENT } from "./safe-state.ts";
import { placeOf } from "./status.ts";
import { decodeExecution } from "../../chains/evm/safe-execution.ts";
import type { SafeExecution } from "../../chains/evm/safe-partial.ts";
import { callsOf, movedNothing, shortfallsOf } from "./moved.ts";
import type { Executed, Ours, TouchingTransaction } from "./touching.ts";

export type SafeNonceUse = { readonly safe: Address; readonly nonce: bigint };

/** What a Safe has executed with one of its nonces, and in which transaction. */
export type ExecutedAt = Executed & { readonly nonce: bigint; readonly id: Digest };

/** @param name the Safe's hash of the transaction: what its owners have signed */
export async function safeStatus(
  nodes: EvmQuorum,
  { safe, nonce, data }: SafeExecution,
  name: string,
  about: About,
): Promise<TransactionStatus> {
  const { ours } = about;
  const tip = await nodes.tip();
  // Nothing tells of what waits in a pool, for it is some relayer's: what is not executed is sent again.
  if ((await nonceAt(nodes, safe, tip.latest)) <= nonce) return { state: "unknown" };
  const found = await nonceTaker(
    {
      block: (height) => nodes.block(height),
      nonce: (hash) => nonceAt(nodes, safe, { hash }),
      senderOf: async (hash) => (await executedIn(nodes, hash, { safe, nonce }, ours))?.name,
    },
    { address: safe, nonce },
    tip.latest,
  );
  if (found === undefined)
    return {
      state: "undecided",
      seen: false,
      reason: `nonce ${nonce} of the Safe is used, and nothing is seen that has it`,
    };
  // Another transaction of the Safe has its nonce: nothing follows from that before blocks are read.
  if (found.by !== name) return { state: "unknown" };
  const executed = await executedIn(nodes, found.block.hash, { safe, nonce }, ours);
  if (executed === undefined)
    return {
      state: "undecided",
      seen: true,
      reason: "the endpoints do not agree on what its block has executed",
    };
  const { blockHash, height, confirmations, finalized } = placeOf(found.block, tip);
  // The relayer has paid for it, and not the Safe.
  const { tx } = decodeExecution(data, nonce);
  const calls = callsOf(tx);
  const failed = executed.failed || movedNothing(calls, safe, executed.transfers);
  const shortfalls = failed ? [] : shortfallsOf(calls, safe, executed.transfers, about);
  const effect = { failed, feeUnits: 0n, shortfalls, id: executed.id };
  return { state: "included", blockHash, height, confirmations, finalized, effect };
}

/** Each execution of a block with the Safe's nonce that it has used, in their order. */
export function noncesOf(
  executed: readonly (Executed & { readonly id: Digest })[],
  safe: Address,
  nonceAfter: bigint,
): readonly ExecutedAt[] {
  const own = executed.filter((one) => one.safe === safe);
  return own.map((one, place) => ({ ...one, nonce: nonceAfter - BigInt(own.length - place) }));
}

/** The nonce of a Safe after a block; nothing where it did not exist yet. */
export async function nonceAt(nodes: EvmQuorum, safe: Address, at: Pick<EvmBlock, "hash">): Promise<bigint> {
  try {
    return await nodes.safeNonce(safe, at);
  } catch (error) {
    if (isError(error, EVM_SAFE_SILENT)) return 0n;
    throw error;
  }
}

async function executedIn(
  nodes: EvmQuorum,
  hash: Digest,
  { safe, nonce }: SafeNonceUse,
  ours: Ours,
): Promise<(ExecutedAt & Pick<TouchingTransaction, "transfers">) | undefined> {
  const touching = await nodes.touching({ hash, height: 0 }, ours);
  const executed = touching.flatMap((one) => one.executed.map((each) => ({ ...each, id: one.hash })));
  const after = await nonceAt(nodes, safe, { hash });
  const found = noncesOf(executed, safe, after).find((one) => one.nonce === nonce);
  const carrier = touching.find((one) => one.hash === found?.id);
  return found && { ...found, transfers: carrier?.transfers ?? [] };
}
