/** A destination as a person types it: an address on one of the chains that the policy has a wallet on. */
import { codecOf } from "../../chains/registry.ts";
import type { AccountId } from "../../core/account.ts";
import { CustodyError, declareError } from "../../core/errors.ts";
import type { Policy } from "../../core/policy/policy.ts";
import { chainsOfWallets } from "../../home/chains.ts";
import { optionalFlag, requiredFlag, type Flags } from "../../terminal/command.ts";
import { chainFlag } from "../chain-flag.ts";

export const DESTINATION_AMBIGUOUS = declareError(
  "DESTINATION_AMBIGUOUS",
  "usage",
  "An address is good on several chains that the policy has a wallet on.",
);

/**
 * One address is an account on every chain of its family: which one is meant is never guessed.
 * @throws DESTINATION_AMBIGUOUS, CHAIN_UNKNOWN, CHAIN_ELSEWHERE, and the errors of the chain's `parseAddress`
 */
export function destinationOf(policy: Policy, flags: Flags): AccountId {
  const text = requiredFlag(flags, "to");
  const named = optionalFlag(flags, "chain") === undefined ? undefined : chainFlag(flags, policy.network);
  const chains = named === undefined ? chainsOfWallets(policy) : [named];
  const troubles: CustodyError[] = [];
  const found = chains.flatMap((chain) => {
    try {
      return [codecOf(chain).parseAddress(text, chain, "--to")];
    } catch (error) {
      if (!(error instanceof CustodyError)) throw error;
      troubles.push(error);
      return [];
    }
  });
  const [account, ...others] = found;
  if (account !== undefined && others.length === 0) return account;
  if (account !== undefined) {
    throw DESTINATION_AMBIGUOUS(`--to ${text} is an account on ${found.length} chains of the policy`, {
      field: "--chain",
      hint: `add --chain, one of ${chains.join(", ")}`,
    });
  }
  throw likeliest(troubles, chains, text);
}

// What an address of that chain's form is refused for says more than that it is no address of the others.
function likeliest(troubles: readonly CustodyError[], chains: readonly string[], text: string): CustodyError {
  const place = chains.findIndex((chain) => chain.startsWith("eip155:") === text.startsWith("0x"));
  return (troubles[place] ?? troubles[0]) as CustodyError;
}
