/** What a chain shows of a transaction that is said to have killed a plan: in a block, as deep as the policy asks, and of which coin. */
import { declareError } from "../../core/errors.ts";
import { parseDigest, type Digest } from "../../core/digest.ts";
import type { ChainCodec } from "../../chains/adapter.ts";
import type { TransactionStatus } from "../../chains/chain-node.ts";
import type { Spent } from "./dead.ts";

export const NOT_DEEP_ENOUGH = declareError(
  "NOT_DEEP_ENOUGH",
  "pending",
  "What is to prove a plan dead is not as deep in the chain as the policy asks.",
);

/**
 * The block of a transaction that no reorganisation will take out any more.
 * @param depth blocks that the policy asks for, the including one counted
 * @throws NOT_DEEP_ENOUGH
 */
export function finalBlock(transaction: Digest, status: TransactionStatus, depth: number): Spent["block"] {
  if (status.state === "included" && status.confirmations >= depth)
    return { hash: parseDigest(status.blockHash, "block"), height: status.height };
  throw NOT_DEEP_ENOUGH(
    `transaction ${transaction} is ${status.state === "included" ? `${status.confirmations} blocks deep` : status.state}, the policy asks for ${depth}`,
    { field: "--spent-by", hint: "wait, then run the command again" },
  );
}

/** A transaction of a final block, with the conflict keys that it has used up. */
export type Killer = Pick<Spent, "spentBy" | "block"> & { readonly spends: readonly string[] };

/**
 * Which conflict key of a plan is gone: one that the transaction has used up, or one that it keeps from ever existing. One
 * that has taken nothing of the plan is named with a coin that is not the plan's, for which no proof is drafted
 * (`draftDead`).
 */
export function spentOf<Decoded>(
  codec: Pick<ChainCodec<Decoded>, "neverMade">,
  plan: { readonly conflictKeys: readonly string[]; readonly previous: readonly Uint8Array[] },
  { spends, ...killer }: Killer,
): Spent {
  const { conflictKeys, previous } = plan;
  const taken = conflictKeys.find((key) => spends.includes(key));
  // A stranger's payment, or an attempt of ours, that has lost a coin of its own never makes the coin that the plan names.
  const lost = () => codec.neverMade(previous, conflictKeys, { transaction: killer.spentBy, spends });
  return { ...killer, conflictKey: taken ?? lost() ?? spends[0] ?? "" };
}
