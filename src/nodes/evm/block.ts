/** Blocks of one endpoint, by tag, height or hash. */
import type { Digest } from "../../core/digest.ts";
import type { Instant } from "../../core/instant.ts";
import type { Address } from "../../chains/evm/address.ts";
import { NODE_ANSWER_MALFORMED, NODE_REFUSED } from "../failure.ts";
import { type Rpc } from "../bitcoind/rpc.ts";
import { isError } from "../../core/errors.ts";
import { blockAnswer, fullBlockAnswer } from "./answers.ts";

/** `safe` and `finalized` are what the beacon chain has justified and finalized; other chains have rules of their own. */
export type BlockTag = "latest" | "safe" | "finalized";
export type BlockAt = BlockTag | { readonly height: number } | { readonly hash: Digest };

/** Which state a question is about. `pending` is the endpoint's guess, with what waits in its pool. */
export type StateAt = BlockTag | "pending" | { readonly hash: Digest };

export type EvmBlock = {
  readonly height: number;
  readonly hash: Digest;
  readonly parent: Digest;
  readonly time: Instant;
  /** Wei for each gas (EIP-1559); undefined on a chain without base fees. */
  readonly baseFee: bigint | undefined;
  readonly gasLimit: bigint;
};

/** The block, undefined where the endpoint has none. @throws NODE_ANSWER_MALFORMED where it gives another one */
export async function readBlock(rpc: Rpc, at: BlockAt): Promise<EvmBlock | undefined> {
  const [method, name] = questionOf(at);
  const block = await rpc.read(method, [name, false], blockAnswer).catch(noSuchTag(at));
  if (block === null) return undefined;
  const {
    number: height,
    hash,
    parentHash: parent,
    timestamp: time,
    baseFeePerGas: baseFee,
    gasLimit,
  } = block;
  assertAsked(at, { height, hash });
  return { height, hash, parent, time, baseFee, gasLimit };
}

/** The transaction of `address` with `nonce` in the block with this hash; undefined where the block holds none. */
export async function readSenderOf(
  rpc: Rpc,
  hash: Digest,
  { address, nonce }: { readonly address: Address; readonly nonce: bigint },
): Promise<Digest | undefined> {
  const block = await rpc.read("eth_getBlockByHash", [`0x${hash}`, true], fullBlockAnswer, { isLarge: true });
  if (block === null) throw NODE_REFUSED(`the endpoint has no block ${hash}`, { details: { hash } });
  assertAsked({ hash }, { height: block.number, hash: block.hash });
  return block.transactions.find((one) => one.from === address && one.nonce === nonce)?.hash;
}

/** As a parameter of questions about state. By hash, no endpoint can answer from another block (EIP-1898). */
export function stateParameter(at: StateAt): unknown {
  return typeof at === "string" ? at : { blockHash: `0x${at.hash}`, requireCanonical: true };
}

function questionOf(at: BlockAt): readonly [method: string, name: string] {
  if (typeof at === "string") return ["eth_getBlockByNumber", at];
  if ("hash" in at) return ["eth_getBlockByHash", `0x${at.hash}`];
  return ["eth_getBlockByNumber", `0x${at.height.toString(16)}`];
}

/** A chain without finality refuses the tag, or has no such block yet: both are no block. */
function noSuchTag(at: BlockAt): (error: unknown) => null {
  return (error) => {
    if ((at === "safe" || at === "finalized") && isError(error, NODE_REFUSED)) return null;
    throw error;
  };
}

function assertAsked(at: BlockAt, given: { readonly height: number; readonly hash: Digest }): void {
  if (typeof at === "string") return;
  if ("hash" in at ? at.hash === given.hash : at.height === given.height) return;
  const asked = "hash" in at ? at.hash : at.height;
  throw NODE_ANSWER_MALFORMED(`the endpoint was asked for block ${asked} and gave ${given.hash}`);
}
