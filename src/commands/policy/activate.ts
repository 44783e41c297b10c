import { isSameWallet } from "../../chains/same-wallet.ts";
import { declareError } from "../../core/errors.ts";
import { assertGenesisSigned, assertSuccession } from "../../core/policy/succession.ts";
import type { Policy } from "../../core/policy/policy.ts";
import { assertConsistent } from "../../core/policy/verify.ts";
import { activePolicy, activatePolicy } from "../../store/policies.ts";
import { saveDocument } from "../../store/documents.ts";
import type { Tx } from "../../store/transaction.ts";
import { changeDescriptor, findWallet } from "../../store/wallets.ts";
import type { Run } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { registerWallet } from "../../home/register-wallet.ts";
import { change, requirePolicy, withOnline } from "../../home/online.ts";
import { forgetCollected, requireCollected } from "./collected.ts";
import { drawPolicy } from "./draw.ts";
import { assertWallets } from "./wallets.ts";

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
    const { policy, releases } = await requireCollected(call);
    const { network, number } = policy.body;
    if (network !== online.network) {
      throw POLICY_OTHER_NETWORK(`the policy is for ${network}, this home for ${online.network}`, {
        field: "policy.network",
        hint: `take it to the home of ${network}`,
      });
    }
    const previous = activePolicy(online.store) === undefined ? undefined : requirePolicy(online);
    assertConsistent(policy.body);
    assertWallets(policy.body);
    const { way, at } =
      previous === undefined
        ? assertGenesisSigned(policy)
        : assertSuccession(previous, policy, releases, isSameWallet);
    change(online, (tx) => {
      saveDocument(tx, policy);
      if (way === "recovery") for (const release of releases) saveDocument(tx, release);
      activatePolicy(tx, { number, digest: policy.digest });
      for (const wallet of policy.body.wallets) takeWallet(tx, wallet);
    });
    if (!call.dryRun) forgetCollected(call);
    return {
      data: { digest: policy.digest, number, way, signed: at },
      text: drawFacts([
        ["active", `policy number ${number}, by ${WAYS[way]}`],
        ...drawPolicy(policy, previous, releases),
      ]),
      next: "custody policy show --out policy.json   (for the signer: custody-signer policy pin --in policy.json)",
    };
  });

const WAYS = {
  genesis: "everyone whom it names",
  admins: "the admins' quorums",
  recovery: "the recovery quorum",
} as const;

function takeWallet(tx: Tx, wallet: Policy["wallets"][number]): void {
  const { name, chain, descriptor } = wallet;
  const known = findWallet(tx, name);
  if (known === undefined) registerWallet(tx, { name, chain, descriptor });
  else if (known.descriptor !== descriptor) {
    if (isSameWallet({ ...wallet, chain: known.chain, descriptor: known.descriptor }, wallet)) {
      changeDescriptor(tx, known, descriptor);
      return;
    }
    throw WALLET_DIFFERS(`wallet ${name} has another descriptor here`, {
      field: `wallets.${name}.descriptor`,
      hint: "custody wallet show",
    });
  }
}
