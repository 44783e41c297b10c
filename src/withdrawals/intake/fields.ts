/** A request as somebody writes it, at a flag or in a file: text for each field, read into what the queue takes. */
import { codecOf } from "../../chains/registry.ts";
import { parseAmount, positive } from "../../core/amount.ts";
import { splitAccount, type AccountId } from "../../core/account.ts";
import {
  ASSET_UNKNOWN,
  assetBySymbol,
  assetFacts,
  feeAsset,
  parseAsset,
  tokenContract,
  type AssetId,
} from "../../core/asset.ts";
import { networkOf } from "../../core/chain.ts";
import { declareError } from "../../core/errors.ts";
import { LIMITS } from "../../core/limits.ts";
import type { Policy } from "../../core/policy/policy.ts";
import { parseText } from "../../core/text.ts";
import type { WithdrawalRequest } from "./request.ts";

export const MEMO_NOT_CARRIED = declareError(
  "MEMO_NOT_CARRIED",
  "invalid",
  "A payment has a memo, and its chain carries none.",
);

export const ASSET_NOT_LISTED = declareError(
  "ASSET_NOT_LISTED",
  "denied",
  "A token is not listed in the policy as it is written here: contract, decimals and symbol.",
);
export const DESTINATION_IS_TOKEN = declareError(
  "DESTINATION_IS_TOKEN",
  "denied",
  "A withdrawal's destination is the contract of a token.",
);

/** Fields of a request, and the columns of a file of them. */
export const REQUEST_FIELDS = ["customer", "asset", "amount", "to", "key", "memo"] as const;
export type RequestField = (typeof REQUEST_FIELDS)[number];

/** What of the policy in force says which assets there are. */
type Known = Pick<Policy, "network" | "tokens">;

/** A memo that is empty is none. */
export type RequestText = Readonly<Record<Exclude<RequestField, "memo">, string>> & {
  readonly memo?: string | undefined;
};

/**
 * Reads a request, without asking what is known of its customer and destination.
 * @param named what a field is called where the person wrote it: `--amount`, `amount`
 * @param policy in force: of tokens it knows those that are listed
 * @throws ASSET_UNKNOWN, ASSET_NOT_LISTED, AMOUNT_MALFORMED, AMOUNT_TOO_PRECISE, AMOUNT_TOO_LARGE, AMOUNT_ZERO,
 *   ADDRESS_MALFORMED, ADDRESS_CHECKSUM, ADDRESS_NETWORK, ADDRESS_KIND, PAYMENT_DUST, DESTINATION_IS_TOKEN, TEXT_UNSAFE,
 *   MEMO_NOT_CARRIED
 */
export function readRequest(
  text: RequestText,
  policy: Known,
  named: (field: RequestField) => string,
): WithdrawalRequest {
  const asset = readAsset(text.asset, policy, named("asset"));
  const amount = positive(parseAmount(text.amount, asset, named("amount")), named("amount"));
  const { chain } = assetFacts(asset);
  const codec = codecOf(chain);
  const account = codec.parseAddress(text.to, chain, named("to"));
  codec.assertPayable(account, amount.units, named("amount"));
  assertNoContract(account, policy, named("to"));
  assertNoMemo(text.memo, codec.name, named("memo"));
  return {
    customerRef: parseText(text.customer, named("customer"), LIMITS.customerRefCharactersMax),
    amount,
    account,
    clientKey: parseText(text.key, named("key"), LIMITS.clientKeyCharactersMax),
  };
}

const TOKENS_HINT = "custody policy show   (names every token that it lists)";

/** A coin or a listed token, by its symbol or its whole id. @throws ASSET_UNKNOWN, ASSET_NOT_LISTED */
export function readAsset(text: string, { network, tokens = [] }: Known, field: string): AssetId {
  if (!text.includes(":")) return assetBySymbol(text, network, field, tokens);
  const asset = parseAsset(text, field);
  if (networkOf(assetFacts(asset).chain) !== network)
    throw ASSET_UNKNOWN(`${field} ${asset} is not an asset on ${network}`, { field, hint: TOKENS_HINT });
  if (feeAsset(asset) === asset || tokens.includes(asset)) return asset;
  // Attack E12: with other decimals or another symbol the same contract is another asset, which nobody has agreed to.
  throw ASSET_NOT_LISTED(`${field} ${asset} is no token that the policy lists`, {
    field,
    hint: TOKENS_HINT,
  });
}

// What is sent to a token's contract, be it the token itself, nobody gets back.
function assertNoContract(account: AccountId, { tokens = [] }: Known, field: string): void {
  const { chain, address } = splitAccount(account);
  const token = tokens.find((one) => assetFacts(one).chain === chain && tokenContract(one) === address);
  if (token === undefined) return;
  throw DESTINATION_IS_TOKEN(`${field} is the contract of ${assetFacts(token).symbol}, and no account`, {
    field,
    hint: "ask the customer for an address of their own",
  });
}

// Left out in silence, it would be missed by whom it was for (F19).
function assertNoMemo(memo: string | undefined, chain: string, field: string): void {
  if (memo === undefined || memo === "") return;
  throw MEMO_NOT_CARRIED(`${chain} carries no memo`, { field, hint: `leave ${field} empty` });
}
