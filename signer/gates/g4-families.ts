/** G4: whether this signer may know of an intent's family at all. Voids ask the same. */
import type { IntentDocument } from "../../src/core/documents/intent.ts";
import { declareRule } from "../../src/core/gate.ts";
import type { PolicySigner } from "../../src/core/policy/policy.ts";
import type { SignerState } from "./state.ts";

const BORN_LATER = declareRule(
  "G4",
  "BORN_LATER",
  "the intent was born under a policy that is not pinned here.",
);
const BORN_BEFORE_EPOCH = declareRule(
  "G4",
  "BORN_BEFORE_EPOCH",
  "the intent's family was born before the policy that named this signer's epoch (law 7).",
);

/**
 * A signer of a later epoch knows nothing sure about families born before the policy that named its epoch, so it
 * neither signs nor voids them (law 7).
 * @throws Refusal of G4
 */
export function assertBorn({ body }: IntentDocument, state: SignerState, signer: PolicySigner): void {
  const { id, born } = body;
  const { number } = state.policy.body;
  if (born > number) {
    throw BORN_LATER(`intent ${id} was born under policy number ${born}, ${number} is pinned`, {
      field: "intent.born",
      hint: `pin version ${born} first: custody-signer policy pin --in policy-${born}.json`,
    });
  }
  if (born < signer.since) {
    throw BORN_BEFORE_EPOCH(
      `intent ${id} was born under policy number ${born}, this signer's epoch exists since ${signer.since}`,
      {
        field: "intent.born",
        hint: "what an earlier epoch may have signed is unknown here: sign with a signer of that time",
      },
    );
  }
}
