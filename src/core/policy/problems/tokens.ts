/**
 * Tokens: each is of a chain that the policy has rules for, none is written in two ways, and nobody can mean two of
 * them, or a coin, by one symbol (attack E12). Whether an address is spelt with its checksum is for the chain's codec.
 */
import { assetFacts, coinsOn, feeAsset, tokenOrigin, type AssetId } from "../../asset.ts";
import { networkOf } from "../../chain.ts";
import type { Policy } from "../policy.ts";
import { error, type Problem } from "./problem.ts";

export function* tokenErrors(policy: Policy): Iterable<Problem> {
  const { tokens = [], chains, network } = policy;
  const known = new Map<string, AssetId>();
  const symbols = new Map(coinsOn(network).map(({ symbol }) => [symbol.toUpperCase(), "a chain's coin"]));
  for (const token of tokens) {
    const origin = tokenOrigin(token);
    if (origin === undefined) {
      yield error("tokens", `${token} is a chain's own coin, which needs no listing`);
      continue;
    }
    const { chain, symbol } = assetFacts(token);
    if (networkOf(chain) !== network) yield error("tokens", `${token} is on no chain of ${network}`);
    else if (!chains.some((rules) => rules.chain === chain))
      yield error("tokens", `${token} is on ${chain}, which has no rules under chains`);
    // What an account has issued is told apart by its code, which is its symbol.
    const place = `${chain} ${origin.address.toLowerCase()} ${origin.of === "issuer" ? symbol : ""}`;
    const other = known.get(place);
    if (other !== undefined) yield error("tokens", `${other} and ${token} are one ${ONE[origin.of]}`);
    known.set(place, token);
    const meant = symbols.get(symbol.toUpperCase());
    if (meant !== undefined) yield error("tokens", `${token} has the symbol of ${meant}: call it otherwise`);
    symbols.set(symbol.toUpperCase(), token);
  }
  yield* unlistedErrors(policy);
}

const ONE = { contract: "contract", issuer: "asset" } as const;

// Law 5: what is not listed does not exist, so that no row and no limit can be about it.
function* unlistedErrors({ tokens = [], rows, online }: Policy): Iterable<Problem> {
  const isToken = (asset: AssetId) => feeAsset(asset) !== asset;
  const unlisted = (asset: AssetId) => isToken(asset) && !tokens.includes(asset);
  for (const { name, type, asset } of rows) {
    if (unlisted(asset)) yield error(`rows.${name}.asset`, `${asset} is not listed in tokens`);
    // What moves our own coins is booked in one asset, with its fee (`postMove`).
    if (isToken(asset) && type !== "withdrawal")
      yield error(`rows.${name}.type`, `only withdrawals are paid in tokens, and it is of type ${type}`);
  }
  for (const { name, max } of online.limits)
    if ("asset" in max && unlisted(max.asset))
      yield error(`online.limits.${name}.max`, `${max.asset} is not listed in tokens`);
}
