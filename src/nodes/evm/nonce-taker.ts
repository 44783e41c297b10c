/** Which transaction took an account's nonce, looked for from the newest block backwards. */
import type { Digest } from "../../core/digest.ts";
import type { EvmBlock } from "./block.ts";
import type { AccountNonce } from "./node.ts";

/** Questions whose answers count: one endpoint's, or those on which several agree. Undefined where none does. */
export type AgreedChain = {
  block(height: number): Promise<EvmBlock | undefined>;
  nonce(hash: Digest): Promise<bigint | undefined>;
  senderOf(hash: Digest): Promise<Digest | undefined>;
};

export type Taker = { readonly by: Digest; readonly block: EvmBlock };

/**
 * Doubles its steps backwards to a block in which the nonce was still free, then halves between that and the newest. An
 * endpoint that keeps no old states ends the search: then nothing is found, and nothing concluded. Nor is anything where the
 * block holds no transaction of that nonce: an account that has delegated itself spends nonces in others' (EIP-7702).
 */
export async function nonceTaker(
  chain: AgreedChain,
  { nonce }: AccountNonce,
  newest: EvmBlock,
): Promise<Taker | undefined> {
  const isTaken = async (block: EvmBlock) => {
    const count = await chain.nonce(block.hash);
    return count === undefined ? undefined : count > nonce;
  };
  let taken = newest;
  let free = -1;
  for (let back = 1; ; back *= 2) {
    const height = Math.max(newest.height - back, 0);
    const block = await chain.block(height);
    const answer = block === undefined ? undefined : await isTaken(block);
    if (block === undefined || answer === undefined) return undefined;
    if (!answer) {
      free = height;
      break;
    }
    taken = block;
    if (height === 0) break;
  }
  while (taken.height - free > 1) {
    const block = await chain.block(Math.floor((free + taken.height) / 2));
    const answer = block === undefined ? undefined : await isTaken(block);
    if (block === undefined || answer === undefined) return undefined;
    if (answer) taken = block;
    else free = block.height;
  }
  const by = await chain.senderOf(taken.hash);
  return by === undefined ? undefined : { by, block: taken };
}
