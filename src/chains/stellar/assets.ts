/** Assets as a policy lists them and as ledgers write them: lumens, or a code of an issuer. */
import {
  assetFacts,
  issuedAsset,
  nativeAsset,
  tokenContract,
  tokenOrigin,
  type AssetId,
} from "../../core/asset.ts";
import type { ChainId } from "../../core/chain.ts";
import { assert } from "../../core/errors.ts";
import { utf8 } from "../../core/hex.ts";
import { accountIdOf, addressOfId, parseAddress, parseContract } from "./address.ts";
import type { XdrAsset } from "./xdr/accounts.ts";
import { XDR_MALFORMED } from "./xdr/cursor.ts";

/** An issued asset's code and issuer as text: `USDC-G…`; undefined of lumens. */
export type IssuedText = { readonly code: string; readonly issuer: string };

/** Spelt otherwise, no transaction would be found to move it. @throws STELLAR_STRKEY_MALFORMED */
export function assertTokens(tokens: readonly AssetId[]): void {
  for (const token of tokens) {
    const origin = tokenOrigin(token);
    if (origin?.of === "issuer") parseAddress(origin.address, "tokens");
    else parseContract(tokenContract(token) ?? "", "tokens");
  }
}

/** Undefined of a contract's token, which no payment of accounts moves. */
export function xdrAssetOf(asset: AssetId): XdrAsset | undefined {
  if (asset === nativeAsset(assetFacts(asset).chain)) return { type: "native" };
  const origin = tokenOrigin(asset);
  if (origin?.of !== "issuer") return undefined;
  const issuer = accountIdOf(parseAddress(origin.address, "asset"));
  const code = utf8(assetFacts(asset).symbol);
  const [type, length] = code.length <= 4 ? (["alphanum4", 4] as const) : (["alphanum12", 12] as const);
  const padded = new Uint8Array(length);
  padded.set(code);
  return { type, value: { code: padded, issuer } };
}

/** The asset that a ledger's writing means on `chain`. @throws STELLAR_XDR_MALFORMED for a code that no ledger takes */
export function assetIdOf(asset: XdrAsset, chain: ChainId, field: string): AssetId {
  const issued = issuedText(asset, field);
  return issued === undefined ? nativeAsset(chain) : issuedAsset(chain, issued.code, issued.issuer);
}

/**
 * Codes are letters and digits, then zeros; one of up to four letters has the short form (stellar-core, `isAssetValid`).
 * @throws STELLAR_XDR_MALFORMED
 */
export function issuedText(asset: XdrAsset, field: string): IssuedText | undefined {
  if (asset.type === "native") return undefined;
  const { code, issuer } = asset.value;
  const text = codeText(code);
  const fits = asset.type === "alphanum4" ? text?.length !== 0 : (text?.length ?? 0) > 4;
  if (text !== undefined && fits) return { code: text, issuer: addressOfId(issuer) };
  throw XDR_MALFORMED(`${field} has a code that no ledger takes`, {
    field,
    hint: "codes are 1 to 12 letters and digits",
  });
}

/** The letters of a code, without the zeros behind them; undefined where something else stands there. */
export function codeText(code: Uint8Array): string | undefined {
  const end = code.findLastIndex((byte) => byte !== 0) + 1;
  const text = String.fromCharCode(...code.subarray(0, end));
  assert(code.length <= 12, "no code is longer");
  return /^[A-Za-z0-9]*$/.test(text) ? text : undefined;
}
