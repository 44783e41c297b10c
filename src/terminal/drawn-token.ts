import { assetFacts, tokenOrigin, type AssetId, type TokenOrigin } from "../core/asset.ts";
import { counted } from "../core/count.ts";
import { grouped } from "./table.ts";

/** A listed token as a fact, its contract or issuer whole, to be compared with what its maker publishes (attack E12). */
export function drawToken(token: AssetId): readonly [label: string, value: string] {
  const { symbol, decimals, chain } = assetFacts(token);
  const origin = tokenOrigin(token);
  const from = origin === undefined ? "" : `${FROM[origin.of]}${grouped(origin.address)}`;
  return [`token ${symbol}`, `${counted(decimals, "decimal")} · ${from} on ${chain}`];
}

const FROM: Readonly<Record<TokenOrigin["of"], string>> = { contract: "", issuer: "issued by " };
