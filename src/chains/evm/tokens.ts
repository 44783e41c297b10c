/** Tokens that a policy lists, as this chain finds them in a transaction: by their contracts alone, never by a symbol. */
import { tokenContract, type AssetId } from "../../core/asset.ts";
import { parseAddress, type Address } from "./address.ts";

/** The contract of a token's asset. @throws EVM_ADDRESS_CHECKSUM where the policy spells it without */
export function contractOf(token: AssetId, field = "tokens"): Address {
  return parseAddress(tokenContract(token) ?? "", field);
}

/** Spelt otherwise, no transaction would be found to move it. @throws EVM_ADDRESS_CHECKSUM */
export function assertTokens(tokens: readonly AssetId[]): void {
  for (const token of tokens) contractOf(token);
}

/** The token whose contract stands at `address`. */
export function tokenAt(address: Address, tokens: readonly AssetId[]): AssetId | undefined {
  return tokens.find((token) => tokenContract(token) === address);
}
