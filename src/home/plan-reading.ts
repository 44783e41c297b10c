/** How a stored plan's bytes are read here: by its chain's codec, against its wallet as the policy describes it. */
import type { WalletView } from "../chains/adapter.ts";
import { codecOf } from "../chains/registry.ts";
import type { PolicyDocument } from "../core/policy/policy.ts";
import type { Reading } from "../withdrawals/planning/plan-bytes.ts";
import type { PlanRow } from "../withdrawals/rows.ts";
import { walletView, type Online } from "./online.ts";

/** @throws WALLET_NOT_IN_POLICY, CHAIN_UNKNOWN */
export function planReading(
  store: Online["store"],
  policy: PolicyDocument,
  { wallet }: Pick<PlanRow, "wallet">,
): Reading<unknown> {
  return readingIn(walletView(store, policy, wallet));
}

/** Where the wallet's view is at hand. @throws CHAIN_UNKNOWN */
export function readingIn(view: WalletView): Reading<unknown> {
  return { codec: codecOf, view: () => view };
}
