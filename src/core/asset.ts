import type { Brand } from "./brand.ts";
import {
  BITCOIN_CHAINS,
  isEvmChain,
  STELLAR_CHAINS,
  namedEvmChains,
  networkOf,
  NETWORKS,
  parseChain,
  type ChainId,
  type Network,
} from "./chain.ts";
import { declareError } from "./errors.ts";
import { quoted } from "./text.ts";

/**
 * A CAIP-19 asset id: `bip122:…/slip44:0`, `eip155:1/slip44:60`. A contract's token says also how it is written, decimals and
 * symbol: `eip155:1/erc20:0xA0b8….6.USDC`. So whoever approves, limits or signs an amount has signed where its point stands,
 * and a lie about decimals is another asset, which no policy lists (attacks E12 and S11, ADR 30). An asset that a Stellar
 * account has issued needs neither: `stellar:pubnet/asset:USDC-GA5Z…`, the ledger itself has its code and writes all by seven
 * decimals.
 */
export type AssetId = Brand<string, "AssetId">;

/** What the fee rates of a chain are counted in (`fee-rate.ts`). */
export type RateUnit = {
  readonly name: string;
  /** Base units of the chain's coin that one of it takes for each unit of size. */
  readonly units: bigint;
};

export const SAT_PER_VBYTE: RateUnit = { name: "sat/vB", units: 1n };
const GWEI: RateUnit = { name: "gwei", units: 1_000_000_000n };
/** Stellar's fees are bid for each operation. */
const STROOP_PER_OPERATION: RateUnit = { name: "stroop/op", units: 1n };

/** What an asset is called and how many decimals people write it with. */
export type AssetFacts = {
  readonly id: AssetId;
  readonly chain: ChainId;
  readonly symbol: string;
  readonly unit: string;
  readonly decimals: number;
  /** As many base units as there can ever be, or as the chain can carry. */
  readonly unitsMax: bigint;
};

export const ASSET_UNKNOWN = declareError(
  "ASSET_UNKNOWN",
  "invalid",
  "An asset is neither a known symbol nor a known CAIP-19 id.",
);

/**
 * CAIP-19's `erc20` and `sep41`, with decimals and symbol in the reference. Contracts name themselves as they like: what stands
 * here is what a policy's admins call them. Whether the address is one, and spelt with its checksum, is for the chain's codec.
 */
const CONTRACT_TOKENS = [
  /^(eip155:[1-9][0-9]{0,31})\/erc20:(0x[0-9a-fA-F]{40})\.(0|[1-9][0-9]?)\.([A-Za-z0-9][A-Za-z0-9-]{0,15})$/,
  /^(stellar:[a-z]{1,32})\/sep41:(C[A-Z2-7]{55})\.(0|[1-9][0-9]?)\.([A-Za-z0-9][A-Za-z0-9-]{0,15})$/,
];

/** CAIP-19's `asset` of the stellar namespace: a code of letters and digits, as the ledger takes them, and its issuer. */
const ISSUED_ASSET = /^(stellar:[a-z]{1,32})\/asset:([A-Za-z0-9]{1,12})-(G[A-Z2-7]{55})$/;

/** 10^36 is above what any supply in a word is written with. */
const TOKEN_DECIMALS_MAX = 36;

/** 21 million bitcoin: consensus's MAX_MONEY. */
const BITCOIN_UNITS_MAX = 2_100_000_000_000_000n;

/** What a word of the virtual machine holds: no chain of its kind has a lower bound of its own. */
const EVM_UNITS_MAX = 2n ** 256n - 1n;

/** What the ledger's accounts hold of anything is a signed number of 64 bits; what Soroban's contracts hold, one of 128. */
const STELLAR_UNITS_MAX = 2n ** 63n - 1n;
const SOROBAN_UNITS_MAX = 2n ** 127n - 1n;
const STELLAR_DECIMALS = 7;

/** The coins of chains that are not named Ether, by their symbol and their number in SLIP-44. */
const EVM_COINS: Readonly<Record<string, { readonly symbol: string; readonly type: number }>> = {
  "eip155:56": { symbol: "BNB", type: 714 },
  "eip155:97": { symbol: "BNB", type: 714 },
  "eip155:137": { symbol: "POL", type: 966 },
  "eip155:80002": { symbol: "POL", type: 966 },
  "eip155:43113": { symbol: "AVAX", type: 9000 },
  "eip155:10200": { symbol: "XDAI", type: 700 },
};

/** A chain's own coin, in which its fees are paid. */
type CoinFacts = AssetFacts & { readonly rateUnit: RateUnit };

const EVM_COIN = { unit: "wei", decimals: 18, unitsMax: EVM_UNITS_MAX, rateUnit: GWEI } as const;

const ASSETS: readonly CoinFacts[] = [
  ...Object.values(BITCOIN_CHAINS).map((chain) => ({
    ...coinOf(chain, 0),
    symbol: "BTC",
    unit: "sat",
    decimals: 8,
    unitsMax: BITCOIN_UNITS_MAX,
    rateUnit: SAT_PER_VBYTE,
  })),
  ...Object.values(STELLAR_CHAINS).map((chain) => ({
    // The namespace's CAIP-19 has one number for lumens, whatever the network.
    id: `${chain}/slip44:148` as AssetId,
    chain,
    symbol: "XLM",
    unit: "stroop",
    decimals: STELLAR_DECIMALS,
    unitsMax: STELLAR_UNITS_MAX,
    rateUnit: STROOP_PER_OPERATION,
  })),
  ...NETWORKS.flatMap(namedEvmChains).map((chain) => {
    const { symbol, type } = EVM_COINS[chain] ?? { symbol: "ETH", type: 60 };
    return { ...coinOf(chain, type), symbol, ...EVM_COIN };
  }),
];

const UNNAMED = /^EVM-([0-9]+)$/;

// What a chain that is not named here calls its coin, nobody has signed: it is written by the chain's number, and its number in
// SLIP-44 is the one that ENSIP-11 makes of that.
function unnamedCoin(text: string): CoinFacts | undefined {
  if (!isEvmChain(text) || ASSETS.some(({ chain }) => chain === text)) return undefined;
  const chain = parseChain(text);
  const number = Number(chain.slice("eip155:".length));
  const id = `${chain}/slip44:${0x8000_0000 + number}` as AssetId;
  return { id, chain, symbol: `EVM-${number}`, ...EVM_COIN };
}

function knownCoin(id: string): CoinFacts | undefined {
  const unnamed = unnamedCoin(id.split("/")[0] ?? "");
  return ASSETS.find((asset) => asset.id === id) ?? (unnamed?.id === id ? unnamed : undefined);
}

// SLIP-44 gives the coins of every test network the type 1.
function coinOf(chain: ChainId, type: number): Pick<AssetFacts, "id" | "chain"> {
  return { id: `${chain}/slip44:${networkOf(chain) === "mainnet" ? type : 1}` as AssetId, chain };
}

/** Bitcoin's asset id on `network`. */
export function bitcoinAsset(network: Network): AssetId {
  return nativeAsset(BITCOIN_CHAINS[network]);
}

/** A chain's own coin, in which its fees are paid: the only one that CAIP-19 names by SLIP-44. @throws ASSET_UNKNOWN */
export function nativeAsset(chain: ChainId): AssetId {
  return coinFacts(chain).id;
}

/** What the fees of moving an asset are paid in: the coin of its chain, be it a token or the coin itself. @throws ASSET_UNKNOWN */
export function feeAsset(asset: AssetId): AssetId {
  return nativeAsset(assetFacts(asset).chain);
}

/** What there is to know of a chain's own coin. @throws ASSET_UNKNOWN */
export function coinFacts(chain: ChainId): CoinFacts {
  const facts = ASSETS.find((asset) => asset.chain === chain) ?? unnamedCoin(chain);
  if (facts === undefined) throw ASSET_UNKNOWN(`the coin of chain ${chain} is not known`, { field: "chain" });
  return facts;
}

/** Where a token is from, as its asset's id spells it. */
export type TokenOrigin = { readonly of: "contract" | "issuer"; readonly address: string };

/** Undefined of a coin. */
export function tokenOrigin(id: AssetId): TokenOrigin | undefined {
  const contract = tokenContract(id);
  if (contract !== undefined) return { of: "contract", address: contract };
  const [, , , issuer] = ISSUED_ASSET.exec(id) ?? [];
  return issuer === undefined ? undefined : { of: "issuer", address: issuer };
}

/** A token's contract, as its asset's id spells it; undefined of a coin, and of what an account has issued. */
export function tokenContract(id: AssetId): string | undefined {
  return contractToken(id)?.[2];
}

function contractToken(id: string): RegExpExecArray | undefined {
  return CONTRACT_TOKENS.map((form) => form.exec(id)).find((found) => found !== null);
}

/** The id of the token of a contract on an EVM chain. @throws ASSET_UNKNOWN */
export function tokenAsset(chain: ChainId, contract: string, decimals: number, symbol: string): AssetId {
  return parseAsset(`${chain}/erc20:${contract}.${decimals}.${symbol}`);
}

/** The id of what a Stellar account has issued. @throws ASSET_UNKNOWN */
export function issuedAsset(chain: ChainId, code: string, issuer: string): AssetId {
  return parseAsset(`${chain}/asset:${code}-${issuer}`);
}

function tokenFacts(id: string): AssetFacts | undefined {
  const [, issuedOn, code] = ISSUED_ASSET.exec(id) ?? [];
  if (issuedOn !== undefined && code !== undefined) {
    const chain = parseChain(issuedOn, "asset");
    const sizes = { decimals: STELLAR_DECIMALS, unitsMax: STELLAR_UNITS_MAX };
    return { id: id as AssetId, chain, symbol: code, unit: "units", ...sizes };
  }
  const [, on, , decimals, symbol] = contractToken(id) ?? [];
  if (on === undefined || symbol === undefined || Number(decimals) > TOKEN_DECIMALS_MAX) return undefined;
  return {
    id: id as AssetId,
    chain: parseChain(on, "asset"),
    symbol,
    unit: "units",
    decimals: Number(decimals),
    unitsMax: isEvmChain(on) ? EVM_UNITS_MAX : SOROBAN_UNITS_MAX,
  };
}

/** @throws ASSET_UNKNOWN */
export function assetFacts(id: AssetId): AssetFacts {
  const facts = knownCoin(id) ?? tokenFacts(id);
  if (facts === undefined) throw ASSET_UNKNOWN(`asset ${quoted(id)} is not known`, { field: "asset" });
  return facts;
}

/** Parses a CAIP-19 id. @throws ASSET_UNKNOWN, CHAIN_UNKNOWN */
export function parseAsset(text: string, field = "asset"): AssetId {
  const facts = knownCoin(text) ?? tokenFacts(text);
  if (facts !== undefined) return facts.id;
  parseChain(text.split("/")[0] ?? "", field);
  throw ASSET_UNKNOWN(`${field} ${quoted(text)} is not a known asset`, { field, hint: "use btc" });
}

/**
 * The asset that people on `network` mean by `symbol` ("btc"): a chain's coin, or one of `tokens`, those that their policy
 * lists. A policy has no two of one symbol. @throws ASSET_UNKNOWN
 */
export function assetBySymbol(
  symbol: string,
  network: Network,
  field = "asset",
  tokens: readonly AssetId[] = [],
): AssetId {
  const known = [...coinsOn(network), ...tokens.map(assetFacts)];
  const wanted = symbol.toUpperCase();
  const found = known.find((asset) => asset.symbol.toUpperCase() === wanted) ?? bySymbol(wanted, network);
  if (found !== undefined) return found.id;
  const symbols = new Set(known.map((asset) => asset.symbol));
  throw ASSET_UNKNOWN(`${field} ${quoted(symbol)} is not an asset on ${network}`, {
    field,
    hint: `one of ${[...symbols].join(", ")}`,
  });
}

function bySymbol(symbol: string, network: Network): AssetFacts | undefined {
  const [, number] = UNNAMED.exec(symbol) ?? [];
  const coin = number === undefined ? undefined : unnamedCoin(`eip155:${number}`);
  return coin !== undefined && networkOf(coin.chain) === network ? coin : undefined;
}

/** The coins of all chains of `network` that are named here. */
export function coinsOn(network: Network): readonly AssetFacts[] {
  return ASSETS.filter(({ chain }) => networkOf(chain) === network);
}
