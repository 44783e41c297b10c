import type { Brand } from "./brand.ts";
import { declareError } from "./errors.ts";
import { quoted } from "./text.ts";

/** The environment that every document and file name carries. Chains of one environment never meet those of another. */
export type Network = "mainnet" | "testnet" | "regtest";
export const NETWORKS: readonly Network[] = ["mainnet", "testnet", "regtest"];

/** A CAIP-2 chain id: one of bitcoin's or of Stellar's, or any of the eip155 namespace. */
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
 * CAIP-2 of the stellar namespace: a name for each passphrase, whose hash every signature commits to. It names the two public
 * networks; `standalone` is what local networks of the field call themselves ("Standalone Network ; February 2017").
 */
export const STELLAR_CHAINS: Readonly<Record<Network, ChainId>> = {
  mainnet: "stellar:pubnet" as ChainId,
  testnet: "stellar:testnet" as ChainId,
  regtest: "stellar:standalone" as ChainId,
};

/** Whether a chain is one of Stellar's networks. */
export function isStellarChain(chain: string): boolean {
  return Object.values<string>(STELLAR_CHAINS).includes(chain);
}

/** Chains that have one id on each network, in the order in which they are listed. */
const BY_NETWORK = [BITCOIN_CHAINS, STELLAR_CHAINS];

/**
 * CAIP-2 of the eip155 namespace, those that are named here: the number is what EIP-155 signatures commit to. `regtest` is what
 * anvil and Hardhat answer. Names and numbers as the registry ethereum-lists/chains has them. Test networks stand here because
 * every other number is taken for a main network's (ADR 34).
 */
const EVM_CHAINS: Readonly<Record<Network, readonly ChainId[]>> = {
  mainnet: ["eip155:1", "eip155:56", "eip155:137"] as ChainId[],
  testnet: [
    "eip155:11155111",
    "eip155:17000",
    "eip155:560048",
    "eip155:97",
    "eip155:80002",
    "eip155:43113",
    "eip155:10200",
  ] as ChainId[],
  regtest: ["eip155:31337", "eip155:1337"] as ChainId[],
};

/** Chains of the eip155 namespace that belong to `network`, as far as they are named here. */
export function namedEvmChains(network: Network): readonly ChainId[] {
  return EVM_CHAINS[network];
}

/** The number is at most 2^31 - 1: its coin's number is made of it (ENSIP-11). */
const EVM_CHAIN = /^eip155:([1-9][0-9]{0,9})$/;
const EVM_NUMBER_MAX = 0x7fff_ffff;

/** Whether a chain is of the eip155 namespace. */
export function isEvmChain(chain: string): boolean {
  const [, number] = EVM_CHAIN.exec(chain) ?? [];
  return number !== undefined && Number(number) <= EVM_NUMBER_MAX;
}

/** Whether a chain is one of those that are named here. */
export function isNamed(chain: ChainId): boolean {
  return NETWORKS.some((network) => isNamedOn(network, chain));
}

function isNamedOn(network: Network, chain: ChainId): boolean {
  return BY_NETWORK.some((chains) => chains[network] === chain) || EVM_CHAINS[network].includes(chain);
}

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
  if (isEvmChain(text)) return text as ChainId;
  const known = BY_NETWORK.flatMap((chains) => Object.values(chains)).find((chain) => chain === text);
  if (known === undefined) throw CHAIN_UNKNOWN(`${field} ${quoted(text)} is not a known chain`, { field });
  return known;
}

/** The environment a chain belongs to: of one that is not named here, mainnet, where the rules are strictest. */
export function networkOf(chain: ChainId): Network {
  const network = NETWORKS.find((name) => isNamedOn(name, chain));
  if (network === undefined && isEvmChain(chain)) return "mainnet";
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
