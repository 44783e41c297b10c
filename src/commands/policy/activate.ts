import { assertConsistent, assertGenesisSigned } from "../../core/policy/verify.ts";
import { declareError } from "../../core/errors.ts";
import { parseDescriptor } from "../../chains/bitcoin/index.ts";
import { activatePolicy } from "../../store/policies.ts";
import { saveDocument } from "../../store/documents.ts";
import { findWallet, insertWallet } from "../../store/wallets.ts";
import type { Run } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { change, withOnline } from "../../home/online.ts";
import { requireCollected } from "./collected.ts";
import { drawPolicy } from "./draw.ts";

export const POLICY_OTHER_NETWORK = declareError(
  "POLICY_OTHER_NETWORK",
  "denied",
  "A policy is for another network than this home.",
);
export const WALLET_DIFFERS = declareError(
  "WALLET_DIFFERS",
  "conflict",
  "A policy gives a wallet another descriptor than this home has.",
);

/** Puts the collected policy in force here and registers its wallets. Each signer pins it on its own. */
export const run: Run = async (call) =>
  withOnline(call, async (online) => {
    const policy = await requireCollected(call);
    if (policy.body.network !== online.network) {
      throw POLICY_OTHER_NETWORK(
        `the policy is for ${policy.body.network}, this home for ${online.network}`,
        { field: "policy.network" },
      );
    }
    assertConsistent(policy.body);
    assertGenesisSigned(policy);
    for (const { descriptor, name } of policy.body.wallets)
      parseDescriptor(descriptor, online.network, `wallets.${name}.descriptor`);
    change(online, (tx) => {
      saveDocument(tx, policy);
      activatePolicy(tx, { number: policy.body.number, digest: policy.digest });
      for (const { name, chain, descriptor } of policy.body.wallets) {
        const known = findWallet(tx, name);
        if (known === undefined) insertWallet(tx, { name, chain, descriptor });
        else if (known.descriptor !== descriptor) {
          throw WALLET_DIFFERS(`wallet ${name} has another descriptor here`, {
            field: `wallets.${name}.descriptor`,
            hint: "custody wallet show",
          });
        }
      }
    });
    return {
      data: { digest: policy.digest, number: policy.body.number },
      text: drawFacts([["active", `policy number ${policy.body.number}`], ...drawPolicy(policy)]),
      next: "custody policy show --out policy.json   (for the signer: custody-signer policy pin --in policy.json)",
    };
  });
