/** What a chain shows of a transaction that is said to have killed a plan: in a block, as deep as the policy asks, and of which coin. */
import { declareError } from "../../core/errors.ts";
import { parseDigest, type Digest } from "../../core/digest.ts";
import type { ChainCodec } from "../../chains/adapter.ts";
import { toBase64 } from "../../core/hex.ts";
import type { ChainBlock, TransactionStatus } from "../../chains/chain-node.ts";
import { unfounded, type Spent } from "./dead.ts";

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
  if (status.state === "included" && status.confirmations >= depth && status.finalized !== false)
    return { hash: parseDigest(status.blockHash, "block"), height: status.height };
  throw NOT_DEEP_ENOUGH(`transaction ${transaction} is ${standsAt(status)}, the policy asks for ${depth}`, {
    field: "--spent-by",
    hint: "wait, then run the command again",
  });
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

function standsAt(status: TransactionStatus): string {
  if (status.state !== "included") return status.state;
  const final = status.finalized === false ? ", and its block is not finalized" : "";
  return `${status.confirmations} blocks deep${final}`;
}

/**
 * Of chains where attempts are not named by ids: what a transaction of a final block has taken of a plan, by its own bytes.
 * @param transaction its id, or what its signatures commit to
 * @throws DEAD_UNFOUNDED where that block shows none that has
 */
export function takenBy<Decoded>(
  codec: Pick<ChainCodec<Decoded>, "killerIn">,
  { conflictKeys }: { readonly conflictKeys: readonly string[] },
  { transaction, block, seen }: { transaction: Digest; block: Spent["block"]; seen: ChainBlock | undefined },
): Spent {
  const held = seen?.hash === block.hash ? seen.transactions : [];
  const named = held.filter(({ id, signed }) => id === transaction || signed === transaction);
  for (const { spends, bytes } of named) {
    for (const conflictKey of spends.filter((key) => conflictKeys.includes(key))) {
      const killer = codec.killerIn?.(bytes, conflictKey);
      if (killer !== undefined) return { conflictKey, spentBy: killer.id, killer: toBase64(bytes), block };
    }
  }
  throw unfounded("spentBy", `block ${block.hash} shows nothing by ${transaction} that the plan needs`);
}
