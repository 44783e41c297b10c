/**
 * Conflict keys, read by the key's own chain (law 4), without all else that reads a chain: the store asks, and every command
 * opens the store.
 */
import { BITCOIN_CHAINS, CHAIN_UNKNOWN, EVM_CHAIN_IDS, type ChainId } from "../core/chain.ts";
import { chainInKey } from "../core/conflict-key.ts";
import type { Digest } from "../core/digest.ts";
import type { ChainCodec } from "./adapter.ts";
import * as bitcoin from "./bitcoin/outpoint.ts";
import * as evm from "./evm/nonce-key.ts";

type KeyReader = Pick<ChainCodec<unknown>, "keyInWords" | "makerOf">;

const READERS: ReadonlyMap<string, KeyReader> = new Map<string, KeyReader>([
  ...Object.values<ChainId>(BITCOIN_CHAINS).map((chain) => [chain, bitcoin] as const),
  ...EVM_CHAIN_IDS.map((chain) => [chain, evm] as const),
]);

/**
 * The transaction that makes what a conflict key names; undefined where none does.
 * @throws CHAIN_UNKNOWN
 */
export function makerOf(conflictKey: string): Digest | undefined {
  const chain = chainInKey(conflictKey);
  if (chain === undefined) return undefined;
  const reader = READERS.get(chain);
  if (reader !== undefined) return reader.makerOf(conflictKey);
  throw CHAIN_UNKNOWN(`${chain} is a chain that nothing here can read`, { field: "conflictKey" });
}

/** What a conflict key names, as people compare it; a text that no chain here reads comes back as it is. */
export function keyInWords(conflictKey: string): string {
  return READERS.get(chainInKey(conflictKey) ?? "")?.keyInWords(conflictKey) ?? conflictKey;
}
