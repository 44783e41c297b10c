/** A request as somebody writes it, at a flag or in a file: text for each field, read into what the queue takes. */
import { codecOf } from "../../chains/registry.ts";
import { parseAmount, positive } from "../../core/amount.ts";
import { ASSET_UNKNOWN, assetBySymbol, assetFacts, parseAsset, type AssetId } from "../../core/asset.ts";
import { networkOf, type Network } from "../../core/chain.ts";
import { declareError } from "../../core/errors.ts";
import { LIMITS } from "../../core/limits.ts";
import { parseText } from "../../core/text.ts";
import type { WithdrawalRequest } from "./request.ts";

export const MEMO_NOT_CARRIED = declareError(
  "MEMO_NOT_CARRIED",
  "invalid",
  "A payment has a memo, and its chain carries none.",
);

/** Fields of a request, and the columns of a file of them. */
export const REQUEST_FIELDS = ["customer", "asset", "amount", "to", "key", "memo"] as const;
export type RequestField = (typeof REQUEST_FIELDS)[number];

/** A memo that is empty is none. */
export type RequestText = Readonly<Record<Exclude<RequestField, "memo">, string>> & {
  readonly memo?: string | undefined;
};

/**
 * Reads a request, without asking what is known of its customer and destination.
 * @param named what a field is called where the person wrote it: `--amount`, `amount`
 * @throws ASSET_UNKNOWN, AMOUNT_MALFORMED, AMOUNT_TOO_PRECISE, AMOUNT_TOO_LARGE, AMOUNT_ZERO, ADDRESS_MALFORMED,
 *   ADDRESS_CHECKSUM, ADDRESS_NETWORK, ADDRESS_KIND, PAYMENT_DUST, TEXT_UNSAFE, MEMO_NOT_CARRIED
 */
export function readRequest(
  text: RequestText,
  network: Network,
  named: (field: RequestField) => string,
): WithdrawalRequest {
  const asset = readAsset(text.asset, network, named("asset"));
  const amount = positive(parseAmount(text.amount, asset, named("amount")), named("amount"));
  const { chain } = assetFacts(asset);
  const codec = codecOf(chain);
  const account = codec.parseAddress(text.to, chain, named("to"));
  codec.assertPayable(account, amount.units, named("amount"));
  assertNoMemo(text.memo, codec.name, named("memo"));
  return {
    customerRef: parseText(text.customer, named("customer"), LIMITS.customerRefCharactersMax),
    amount,
    account,
    clientKey: parseText(text.key, named("key"), LIMITS.clientKeyCharactersMax),
  };
}

function readAsset(text: string, network: Network, field: string): AssetId {
  if (!text.includes(":")) return assetBySymbol(text, network, field);
  const asset = parseAsset(text, field);
  if (networkOf(assetFacts(asset).chain) === network) return asset;
  throw ASSET_UNKNOWN(`${field} ${asset} is not an asset on ${network}`, { field, hint: "use btc" });
}

// Left out in silence, it would be missed by whom it was for (F19).
function assertNoMemo(memo: string | undefined, chain: string, field: string): void {
  if (memo === undefined || memo === "") return;
  throw MEMO_NOT_CARRIED(`${chain} carries no memo`, { field, hint: `leave ${field} empty` });
}
