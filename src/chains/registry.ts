/**
 * The chains that this version reads: from a chain's id to what reads its bytes. What has none is refused (law 5). Signers
 * have a list of their own (`signer/sign/chains.ts`).
 */
import { CHAIN_UNKNOWN, type ChainId } from "../core/chain.ts";
import type { ChainBuilder, ChainCodec } from "./adapter.ts";
import { bitcoinBuilder, bitcoinCodec } from "./bitcoin/index.ts";
import { evmBuilder, evmCodec } from "./evm/index.ts";
import { stellarBuilder, stellarCodec } from "./stellar/index.ts";

type ChainAdapter = { readonly codec: ChainCodec<unknown>; readonly builder: ChainBuilder<unknown> };

// Each codec and builder gets back only what it has read itself, so everyone else may treat that as opaque.
const CHAINS = [
  { codec: bitcoinCodec, builder: bitcoinBuilder },
  { codec: evmCodec, builder: evmBuilder },
  { codec: stellarCodec, builder: stellarBuilder },
] as readonly unknown[] as readonly ChainAdapter[];

/** @throws CHAIN_UNKNOWN */
export function adapterOf(chain: ChainId): ChainAdapter {
  const found = CHAINS.find(({ codec }) => codec.reads(chain));
  if (found !== undefined) return found;
  throw CHAIN_UNKNOWN(`${chain} is a chain that nothing here can read`, { field: "chain" });
}

/** @throws CHAIN_UNKNOWN */
export function codecOf(chain: ChainId): ChainCodec<unknown> {
  return adapterOf(chain).codec;
}
