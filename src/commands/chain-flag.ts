/** Which chain a command is about, where nothing else says it. */
import { assertChainOn, BITCOIN_CHAINS, parseChain, type ChainId, type Network } from "../core/chain.ts";
import { optionalFlag, type Flags, type OptionSpec } from "../terminal/command.ts";

export const CHAIN_OPTION: OptionSpec = {
  flags: "--chain <id>",
  about: "the chain by its CAIP-2 id, such as eip155:1 (bitcoin)",
};

/** @throws CHAIN_UNKNOWN, CHAIN_ELSEWHERE */
export function chainFlag(flags: Flags, network: Network): ChainId {
  const text = optionalFlag(flags, "chain");
  if (text === undefined) return BITCOIN_CHAINS[network];
  const chain = parseChain(text, "--chain");
  assertChainOn(chain, network, "--chain");
  return chain;
}
