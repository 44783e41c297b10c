/** Wallets of the pinned policy, which no command of this machine takes from anywhere else. */
import { parseDescriptor, type Descriptor } from "../../src/chains/bitcoin/descriptor.ts";
import { BITCOIN_CHAINS } from "../../src/core/chain.ts";
import { declareError } from "../../src/core/errors.ts";
import { parseName } from "../../src/core/identifier.ts";
import type { PolicyDocument, PolicyWallet } from "../../src/core/policy/policy.ts";
import { POLICY_NOT_PINNED, type Loaded } from "../keystore/load.ts";

export const WALLET_NOT_PINNED = declareError(
  "WALLET_NOT_PINNED",
  "notFound",
  "The pinned policy has no wallet of this name, or none of the kind that is asked for.",
);

export type PinnedWallet = { readonly wallet: PolicyWallet; readonly descriptor: Descriptor };

/** @throws POLICY_NOT_PINNED */
export function pinnedPolicyOf({ policy }: Loaded): PolicyDocument {
  if (policy !== undefined) return policy;
  throw POLICY_NOT_PINNED("no policy is pinned on this signer", {
    field: "policy",
    hint: "custody-signer policy pin --in policy.json",
  });
}

/**
 * All bitcoin wallets of the pinned policy, or the one called `name`.
 * @throws POLICY_NOT_PINNED, WALLET_NOT_PINNED
 */
export function pinnedWallets(loaded: Loaded, name?: string, field = "--wallet"): readonly PinnedWallet[] {
  const { network } = loaded.home;
  const wanted = name === undefined ? undefined : parseName(name, field);
  const { wallets } = pinnedPolicyOf(loaded).body;
  const own = wallets.filter(({ chain }) => chain === BITCOIN_CHAINS[network]);
  const found = own.filter((wallet) => wanted === undefined || wallet.name === wanted);
  if (found.length === 0) {
    throw WALLET_NOT_PINNED(
      `the pinned policy has no bitcoin wallet${wanted === undefined ? "" : ` called ${wanted}`}`,
      {
        field,
        hint:
          own.length === 0
            ? "custody-signer policy show"
            : `its wallets: ${own.map((wallet) => wallet.name).join(", ")}`,
      },
    );
  }
  return found.map((wallet) => ({
    wallet,
    descriptor: parseDescriptor(wallet.descriptor, network, "wallet.descriptor"),
  }));
}

/** A wallet of the pinned policy, whatever its chain. @throws POLICY_NOT_PINNED, WALLET_NOT_PINNED */
export function pinnedWalletCalled(loaded: Loaded, name: string, field: string): PolicyWallet {
  const wanted = parseName(name, field);
  const { wallets } = pinnedPolicyOf(loaded).body;
  const found = wallets.find((wallet) => wallet.name === wanted);
  if (found !== undefined) return found;
  throw WALLET_NOT_PINNED(`the pinned policy has no wallet called ${wanted}`, {
    field,
    hint: `its wallets: ${wallets.map((wallet) => wallet.name).join(", ")}`,
  });
}
