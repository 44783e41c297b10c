/**
 * The chains that this version reads: from a chain's id to what reads its bytes. What has none is refused (law 5). Signers
 * have a list of their own (`signer/sign/chains.ts`).
 */
import { CHAIN_UNKNOWN, parseChain, type ChainId } from "../core/chain.ts";
import { chainInKey } from "../core/conflict-key.ts";
import type { Digest } from "../core/digest.ts";
import type { ChainBuilder, ChainCodec } from "./adapter.ts";
import { bitcoinBuilder, bitcoinCodec } from "./bitcoin/index.ts";

type ChainAdapter = { readonly codec: ChainCodec<unknown>; readonly builder: ChainBuilder<unknown> };

// Each codec and builder gets back only what it has read itself, so everyone else may treat that as opaque.
const CHAINS: readonly ChainAdapter[] = [{ codec: bitcoinCodec, builder: bitcoinBuilder }];

export const CODECS: readonly ChainCodec<unknown>[] = CHAINS.map(({ codec }) => codec);

/** @throws CHAIN_UNKNOWN */
export function adapterOf(chain: ChainId): ChainAdapter {
  const found = CHAINS.find(({ codec }) => codec.chains.includes(chain));
  if (found !== undefined) return found;
  throw CHAIN_UNKNOWN(`${chain} is a chain that nothing here can read`, { field: "chain" });
}

/** @throws CHAIN_UNKNOWN */
export function codecOf(chain: ChainId): ChainCodec<unknown> {
  return adapterOf(chain).codec;
}

/**
 * The transaction that makes what a conflict key names, by the key's own chain; undefined where none does.
 * @throws CHAIN_UNKNOWN
 */
export function makerOf(conflictKey: string): Digest | undefined {
  const chain = chainInKey(conflictKey);
  return chain === undefined ? undefined : codecOf(parseChain(chain, "conflictKey")).makerOf(conflictKey);
}

/** What a conflict key names, as people compare it; a text that no chain here reads comes back as it is. */
export function keyInWords(conflictKey: string): string {
  const chain = chainInKey(conflictKey);
  const codec = CODECS.find(({ chains }) => chains.some((id) => id === chain));
  return codec?.keyInWords(conflictKey) ?? conflictKey;
}
