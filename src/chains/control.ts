/** Who commands a wallet can be changed by a transaction where the wallet is a contract; elsewhere it is its keys. */
import { declareError } from "../core/errors.ts";
import type { PolicyWallet } from "../core/policy/policy.ts";

export const CONTROLS_NOTHING = declareError(
  "CONTROLS_NOTHING",
  "usage",
  "A wallet is nothing but its keys: no transaction changes who commands it.",
);

export function controlsNothing({ name }: Pick<PolicyWallet, "name">) {
  return CONTROLS_NOTHING(`wallet ${name} is nothing but its keys, which no transaction changes`, {
    field: "wallet",
    hint: "name other keys in the policy, as a wallet of another name, and transfer to it",
  });
}
