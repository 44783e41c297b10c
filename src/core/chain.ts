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

export const CHAIN_ELSEWHERE = declareError(
  "CHAIN_ELSEWHERE",
  "invalid",
  "A chain belongs to another network than this custody.",
);

/** CAIP-2 of the bip122 namespace: the first 32 hex digits of the genesis block's hash. `testnet` is testnet4 (BIP-94). */
export const BITCOIN_CHAINS: Readonly<Record<Network, ChainId>> = {
  mainnet: "bip122:000000000019d6689c085ae165831e93" as ChainId,
  testnet: "bip122:00000000da84f2bafbbc53dee25a72ae" as ChainId,
  regtest: "bip122:0f9188f13cb7b2c71f2a335e3a4fc328" as ChainId,
};

/**
 * CAIP-2 of the eip155 namespace: the number that EIP-155 signatures commit to. `regtest` is what anvil and Hardhat answer.
 * Names and numbers as the registry ethereum-lists/chains has them.
 */
const EVM_CHAINS: Readonly<Record<Network, readonly ChainId[]>> = {
  mainnet: ["eip155:1", "eip155:56", "eip155:137"] as ChainId[],
  testnet: ["eip155:11155111", "eip155:97", "eip155:80002"] as ChainId[],
  regtest: ["eip155:31337"] as ChainId[],
};

/** All chains that belong to `network`. */
export function chainsOf(network: Network): readonly ChainId[] {
  return [BITCOIN_CHAINS[network], ...EVM_CHAINS[network]];
}

/** Every chain of the eip155 namespace that we know. */
export const EVM_CHAIN_IDS: readonly ChainId[] = NETWORKS.flatMap((network) => EVM_CHAINS[network]);

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
  const known = NETWORKS.flatMap(chainsOf).find((chain) => chain === text);
  if (known === undefined) throw CHAIN_UNKNOWN(`${field} ${quoted(text)} is not a known chain`, { field });
  return known;
}

/** The environment a chain belongs to. */
export function networkOf(chain: ChainId): Network {
  const network = NETWORKS.find((name) => chainsOf(name).includes(chain));
  if (network === undefined) throw CHAIN_UNKNOWN(`${chain} is not a known chain`, { field: "chain" });
  return network;
}

/** Refuses what is on a chain of another network. @throws CHAIN_ELSEWHERE */
export function assertChainOn(chain: ChainId, network: Network, field = "chain"): void {
  const found = networkOf(chain);
  if (found === network) return;
  throw CHAIN_ELSEWHERE(`${field} is on ${chain}, a chain of ${found}, and this custody is on ${network}`, {
    field,
  });
}
