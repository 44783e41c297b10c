import { assetFacts, tokenContract, type AssetId } from "../core/asset.ts";
import { counted } from "../core/count.ts";
import { grouped } from "./table.ts";

/** A listed token as a fact, its contract whole, to be compared with what the token's maker publishes (attack E12). */
export function drawToken(token: AssetId): readonly [label: string, value: string] {
  const { symbol, decimals, chain } = assetFacts(token);
  return [
    `token ${symbol}`,
    `${counted(decimals, "decimal")} · ${grouped(tokenContract(token) ?? "")} on ${chain}`,
  ];
}
