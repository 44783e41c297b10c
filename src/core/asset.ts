import type { Brand } from "./brand.ts";
import { BITCOIN_CHAINS, networkOf, parseChain, type ChainId, type Network } from "./chain.ts";
import { declareError } from "./errors.ts";
import { quoted } from "./text.ts";

/** A CAIP-19 asset id: `bip122:…/slip44:0`. SLIP-44 gives bitcoin type 0 and every test network type 1. */
export type AssetId = Brand<string, "AssetId">;

/** What an asset is called and how many decimals people write it with. */
export type AssetFacts = {
  readonly id: AssetId;
  readonly chain: ChainId;
  readonly symbol: string;
  readonly unit: string;
  readonly decimals: number;
};

export const ASSET_UNKNOWN = declareError(
  "ASSET_UNKNOWN",
  "invalid",
  "An asset is neither a known symbol nor a known CAIP-19 id.",
);

const ASSETS: readonly AssetFacts[] = Object.values(BITCOIN_CHAINS).map((chain) => ({
  id: `${chain}/slip44:${networkOf(chain) === "mainnet" ? 0 : 1}` as AssetId,
  chain,
  symbol: "BTC",
  unit: "sat",
  decimals: 8,
}));

/** Bitcoin's asset id on `network`. */
export function bitcoinAsset(network: Network): AssetId {
  return nativeAsset(BITCOIN_CHAINS[network]);
}

/** A chain's own coin, in which its fees are paid: the only one that CAIP-19 names by SLIP-44. @throws ASSET_UNKNOWN */
export function nativeAsset(chain: ChainId): AssetId {
  const facts = ASSETS.find(({ id }) => id.startsWith(`${chain}/slip44:`));
  if (facts === undefined) throw ASSET_UNKNOWN(`the coin of chain ${chain} is not known`, { field: "chain" });
  return facts.id;
}

/** @throws ASSET_UNKNOWN */
export function assetFacts(id: AssetId): AssetFacts {
  const facts = ASSETS.find((asset) => asset.id === id);
  if (facts === undefined) throw ASSET_UNKNOWN(`asset ${quoted(id)} is not known`, { field: "asset" });
  return facts;
}

/** Parses a CAIP-19 id. @throws ASSET_UNKNOWN, CHAIN_UNKNOWN */
export function parseAsset(text: string, field = "asset"): AssetId {
  const facts = ASSETS.find((asset) => asset.id === text);
  if (facts !== undefined) return facts.id;
  parseChain(text.split("/")[0] ?? "", field);
  throw ASSET_UNKNOWN(`${field} ${quoted(text)} is not a known asset`, { field, hint: "use btc" });
}

/** The asset that people on `network` mean by `symbol` ("btc"). @throws ASSET_UNKNOWN */
export function assetBySymbol(symbol: string, network: Network, field = "asset"): AssetId {
  const facts = ASSETS.find(
    (asset) => asset.symbol === symbol.toUpperCase() && networkOf(asset.chain) === network,
  );
  if (facts === undefined) {
    throw ASSET_UNKNOWN(`${field} ${quoted(symbol)} is not an asset on ${network}`, {
      field,
      hint: "use btc",
    });
  }
  return facts.id;
}
