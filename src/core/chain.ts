import type { Brand } from "./brand.ts";
import { declareError } from "./errors.ts";
import { quoted } from "./text.ts";

/** The environment that every document and file name carries. Chains of one environment never meet those of another. */
export type Network = "mainnet" | "testnet" | "regtest";
export const NETWORKS: readonly Network[] = ["mainnet", "testnet", "regtest"];

/** A CAIP-2 chain id, one of those we know. */
export type ChainId = Brand<string, "ChainId">;

export const NETWORK_UNKNOWN = declareError(
  "NETWORK_UNKNOWN",
  "invalid",
  "A network is not mainnet, testnet or regtest.",
);
export const CHAIN_UNKNOWN = declareError(
  "CHAIN_UNKNOWN",
  "invalid",
  "A chain id is not one this version knows.",
);

/** CAIP-2 of the bip122 namespace: the first 32 hex digits of the genesis block's hash. `testnet` is testnet4 (BIP-94). */
export const BITCOIN_CHAINS: Readonly<Record<Network, ChainId>> = {
  mainnet: "bip122:000000000019d6689c085ae165831e93" as ChainId,
  testnet: "bip122:00000000da84f2bafbbc53dee25a72ae" as ChainId,
  regtest: "bip122:0f9188f13cb7b2c71f2a335e3a4fc328" as ChainId,
};

/** @throws NETWORK_UNKNOWN */
export function parseNetwork(text: string, field = "network"): Network {
  const network = NETWORKS.find((name) => name === text);
  if (network === undefined) {
    throw NETWORK_UNKNOWN(`${field} ${quoted(text)} is not mainnet, testnet or regtest`, {
      field,
      hint: "for example --network regtest",
    });
  }
  return network;
}

/** @throws CHAIN_UNKNOWN */
export function parseChain(text: string, field = "chain"): ChainId {
  const known = Object.values(BITCOIN_CHAINS).find((chain) => chain === text);
  if (known === undefined) throw CHAIN_UNKNOWN(`${field} ${quoted(text)} is not a known chain`, { field });
  return known;
}

/** The environment a chain belongs to. */
export function networkOf(chain: ChainId): Network {
  const network = NETWORKS.find((name) => BITCOIN_CHAINS[name] === chain);
  if (network === undefined) throw CHAIN_UNKNOWN(`${chain} is not a known chain`, { field: "chain" });
  return network;
}
