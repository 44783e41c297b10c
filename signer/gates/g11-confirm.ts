/** G11: an officer of the policy has read the review, and the book kept apart from this machine agrees with it. */
import type { Digest } from "../../src/core/digest.ts";
import { assert } from "../../src/core/errors.ts";
import { declareRule } from "../../src/core/gate.ts";
import { holderOf } from "../../src/core/policy/roles.ts";
import { hasHead } from "../journal/memory.ts";
import { markConfirmed, officerOf, type Approved } from "./approved.ts";
import type { SignerState } from "./state.ts";

const OFFICER_UNKNOWN = declareRule("G11", "OFFICER_UNKNOWN", "whoever confirms does not hold role officer.");
const LOGBOOK_HEAD_UNKNOWN = declareRule(
  "G11",
  "LOGBOOK_HEAD_UNKNOWN",
  "the journal lacks the head that stands in the logbook: this signer was rolled back.",
);
const DIGEST_NOT_CONFIRMED = declareRule(
  "G11",
  "DIGEST_NOT_CONFIRMED",
  "another review than this one was confirmed.",
);

/** The officer is chosen before the gates run, because G4 judges conflicts of roles with it. @throws Refusal of G11 */
export function assertOfficer(state: SignerState): void {
  if (state.officer !== undefined && holderOf(state.policy.body, state.officer, "officer") !== undefined)
    return;
  throw OFFICER_UNKNOWN(
    `the identity given does not hold role officer in policy number ${state.policy.body.number}`,
    {
      field: "--officer",
      hint: "custody-signer policy show",
    },
  );
}

/**
 * @param confirmation the full review digest that the officer confirmed, and the last head of the logbook
 * @throws Refusal of G11
 */
export function confirm(
  approved: Approved,
  confirmation: { readonly digest: Digest; readonly logbook: Digest },
  state: SignerState,
): void {
  assertOfficer(state);
  assert(officerOf(approved) === state.officer, "the officer is the one that G4 has judged");
  // Law 7: a machine put back from an old image has an old journal; the book remembers what it forgot.
  if (!hasHead(state.journal, confirmation.logbook)) {
    throw LOGBOOK_HEAD_UNKNOWN("the journal has never had the head that the logbook says", {
      field: "--logbook",
      hint: "compare the head with custody-signer journal show; if it was copied right, this machine was rolled back: stop using it",
    });
  }
  if (confirmation.digest !== approved.review.digest) {
    throw DIGEST_NOT_CONFIRMED("the digest confirmed is not that of this review", {
      field: "--confirm",
      hint: "run custody-signer review --in FILE and compare",
    });
  }
  markConfirmed(approved);
}
