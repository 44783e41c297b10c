/** G3: the pinned policy is in force and names this very signer and epoch. Heads and audit proofs come later. */
import { declareRule } from "../../src/core/gate.ts";
import type { PolicySigner } from "../../src/core/policy/policy.ts";
import type { Container } from "./g1-container.ts";
import { timeOf, type SignerState } from "./state.ts";

const POLICY_EXPIRED = declareRule("G3", "POLICY_EXPIRED", "the pinned policy has expired.");
const POLICY_NEWER = declareRule(
  "G3",
  "POLICY_NEWER",
  "the request was made under a policy that is not pinned here.",
);
const EPOCH_UNKNOWN = declareRule(
  "G3",
  "EPOCH_UNKNOWN",
  "the pinned policy does not name this signer with this key, epoch and start head.",
);

/** @returns this signer's entry in the policy @throws Refusal of G3 */
export function assertPolicy({ request }: Container, state: SignerState): PolicySigner {
  const policy = state.policy.body;
  const now = timeOf(state);
  if (now > policy.expires) {
    throw POLICY_EXPIRED(`policy number ${policy.number} expired at ${policy.expires}, it is ${now}`, {
      field: "policy.expires",
      hint: "let the admins sign the next policy, then custody-signer policy pin --in FILE",
    });
  }
  if (request.body.policy > policy.number) {
    throw POLICY_NEWER(`the request names policy number ${request.body.policy}, ${policy.number} is pinned`, {
      field: "request.policy",
      hint: `pin version ${request.body.policy} first: custody-signer policy pin --in policy-${request.body.policy}.json`,
    });
  }
  // A restored signer has a new key and epoch. Until a policy names them it signs nothing (law 7).
  const { name, key, epoch, startHead } = state.self;
  const entry = policy.signers.find((signer) => signer.key === key);
  if (entry === undefined || entry.name !== name || entry.epoch !== epoch || entry.startHead !== startHead) {
    throw EPOCH_UNKNOWN(`policy number ${policy.number} does not name ${name} in epoch ${epoch}`, {
      field: "policy.signers",
      hint: "custody-signer keys export --out card.json, then let the admins sign a policy with that card",
    });
  }
  return entry;
}
