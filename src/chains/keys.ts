/**
 * Conflict keys, read by the key's own chain (law 4), without all else that reads a chain: the store asks, and every command
 * opens the store.
 */
import { BITCOIN_CHAINS, CHAIN_UNKNOWN, isEvmChain, isStellarChain } from "../core/chain.ts";
import { chainInKey } from "../core/conflict-key.ts";
import type { Digest } from "../core/digest.ts";
import type { ChainCodec } from "./adapter.ts";
import * as bitcoin from "./bitcoin/outpoint.ts";
import * as evm from "./evm/nonce-key.ts";
import * as stellar from "./stellar/sequence-key.ts";

type KeyReader = Pick<ChainCodec<unknown>, "keyInWords" | "makerOf">;

function readerOf(chain: string): KeyReader | undefined {
  if (isEvmChain(chain)) return evm;
  if (isStellarChain(chain)) return stellar;
  return Object.values<string>(BITCOIN_CHAINS).includes(chain) ? bitcoin : undefined;
}

/**
 * The transaction that makes what a conflict key names; undefined where none does.
 * @throws CHAIN_UNKNOWN
 */
export function makerOf(conflictKey: string): Digest | undefined {
  const chain = chainInKey(conflictKey);
  if (chain === undefined) return undefined;
  const reader = readerOf(chain);
  if (reader !== undefined) return reader.makerOf(conflictKey);
  throw CHAIN_UNKNOWN(`${chain} is a chain that nothing here can read`, { field: "conflictKey" });
}

/** What a conflict key names, as people compare it; a text that no chain here reads comes back as it is. */
export function keyInWords(conflictKey: string): string {
  return readerOf(chainInKey(conflictKey) ?? "")?.keyInWords(conflictKey) ?? conflictKey;
}
