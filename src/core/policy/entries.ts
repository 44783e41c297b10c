/**
 * What a policy says of a chain, a wallet or a signer, looked up by its name. What it does not name has no default: it is
 * refused here. `find…` is for whoever refuses it in words of its own, or for whom it is an answer that nothing is named.
 */
import { assetFacts, type AssetId } from "../asset.ts";
import type { ChainId } from "../chain.ts";
import { declareError } from "../errors.ts";
import type { ChainRules, Policy, PolicySigner, PolicyWallet } from "./policy.ts";

export const CHAIN_NOT_IN_POLICY = declareError(
  "CHAIN_NOT_IN_POLICY",
  "denied",
  "A policy has no rules for a chain.",
);
export const WALLET_NOT_IN_POLICY = declareError(
  "WALLET_NOT_IN_POLICY",
  "denied",
  "A policy does not name a wallet.",
);

/** Depth and fee caps of `chain`. @throws CHAIN_NOT_IN_POLICY */
export function rulesFor(policy: Policy, chain: ChainId): ChainRules {
  const rules = findRules(policy, chain);
  if (rules !== undefined) return rules;
  throw CHAIN_NOT_IN_POLICY(`policy number ${policy.number} has no rules for ${chain}`, {
    field: "policy.chains",
    hint: "custody policy show   (at a signer: custody-signer policy show)",
  });
}

/** Undefined where the policy has no rules for `chain`. */
export function findRules(policy: Policy, chain: string): ChainRules | undefined {
  return policy.chains.find((rules) => rules.chain === chain);
}

/** The tokens that the policy lists on `chain`. */
export function tokensOn({ tokens = [] }: Pick<Policy, "tokens">, chain: ChainId): readonly AssetId[] {
  return tokens.filter((token) => assetFacts(token).chain === chain);
}

/** @param field where the name was given @throws WALLET_NOT_IN_POLICY */
export function walletNamed(policy: Policy, name: string, field = "policy.wallets"): PolicyWallet {
  const wallet = findWallet(policy, name);
  if (wallet !== undefined) return wallet;
  throw WALLET_NOT_IN_POLICY(`policy number ${policy.number} names no wallet ${name}`, {
    field,
    hint: "custody policy show   (at a signer: custody-signer policy show)",
  });
}

/** Undefined where the policy names no wallet so. */
export function findWallet(policy: Policy, name: string): PolicyWallet | undefined {
  return policy.wallets.find((wallet) => wallet.name === name);
}

/**
 * The signer that a receipt or a void says it is of, in the epoch that it says: a restored one has its name, and another key.
 * @param policies those that count, the first that names it first
 */
export function findSigner(
  policies: readonly Policy[],
  { signer, epoch }: { readonly signer: string; readonly epoch: number },
): PolicySigner | undefined {
  return policies
    .flatMap(({ signers }) => signers)
    .find((named) => named.name === signer && named.epoch === epoch);
}
