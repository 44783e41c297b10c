import { CHAIN_UNKNOWN, type ChainId } from "../../src/core/chain.ts";
import { bitcoinSigner } from "./bitcoin.ts";
import { evmSigner } from "./evm.ts";
import { stellarSigner } from "./stellar.ts";
import type { ChainSigner } from "./chain-signer.ts";

// Each signer gets back only what its own codec decoded, so callers may treat that as opaque.
const SIGNERS = [
  bitcoinSigner,
  evmSigner,
  stellarSigner,
] as readonly unknown[] as readonly ChainSigner<unknown>[];

/** The signer of `chain`. What its codec decodes is opaque to everyone else. @throws CHAIN_UNKNOWN */
export function chainSigner(chain: ChainId): ChainSigner<unknown> {
  const found = SIGNERS.find(({ codec }) => codec.reads(chain));
  if (found === undefined) throw CHAIN_UNKNOWN(`this signer does not sign for ${chain}`, { field: "chain" });
  return found;
}
