/** Is this destination the customer's, signed, confirmed and in force (law 11)? */
import { splitAccount } from "../account.ts";
import { assetFacts } from "../asset.ts";
import type { BeneficiaryDocument } from "../documents/beneficiary.ts";
import type { IntentOf } from "../documents/intent.ts";
import { addSeconds, later, seconds, type Instant } from "../instant.ts";
import { verifySignature } from "../signature.ts";
import { countSignatures } from "./counting.ts";
import type { Policy } from "./policy.ts";

export type BeneficiaryDenial =
  | "BENEFICIARY_MISMATCH"
  | "BENEFICIARY_UNSIGNED"
  | "BENEFICIARY_UNCONFIRMED"
  | "BENEFICIARY_TOO_LONG"
  | "BENEFICIARY_NOT_IN_FORCE";

/** @returns the rule that denies and why, or undefined when `intent` may be paid there at `now` */
export function judgeBeneficiary(
  policy: Policy,
  intent: IntentOf<"withdrawal">,
  beneficiary: BeneficiaryDocument | undefined,
  now: Instant,
): [BeneficiaryDenial, string] | undefined {
  if (
    beneficiary === undefined ||
    beneficiary.digest !== intent.beneficiary ||
    beneficiary.body.customer !== intent.customer
  ) {
    return ["BENEFICIARY_MISMATCH", "the beneficiary is not the one the intent names"];
  }
  if (splitAccount(beneficiary.body.account).chain !== assetFacts(intent.asset).chain) {
    return ["BENEFICIARY_MISMATCH", "the beneficiary's account is on another chain than the asset"];
  }
  return judgeDestination(policy, beneficiary, now);
}

/** The part of it that needs no intent. */
export function judgeDestination(
  policy: Policy,
  beneficiary: BeneficiaryDocument,
  now: Instant,
): [BeneficiaryDenial, string] | undefined {
  const { notBefore, expires, customerKey } = beneficiary.body;
  const signers = countSignatures(policy, "approver", beneficiary);
  const quorum = policy.quorums.beneficiary;
  if (signers.length < quorum)
    return ["BENEFICIARY_UNSIGNED", `the beneficiary lacks signatures: ${quorum} are needed`];
  if (customerKey !== undefined && !isSignedBy(beneficiary, customerKey))
    return ["BENEFICIARY_UNCONFIRMED", "the customer's key has not signed the beneficiary"];
  const { lifeSecondsMax, delaySeconds } = policy.beneficiaries;
  if (seconds(expires) - seconds(notBefore) > lifeSecondsMax)
    return ["BENEFICIARY_TOO_LONG", `the beneficiary lives longer than ${lifeSecondsMax} seconds`];
  const completed = signers.map(({ at }) => at).sort()[quorum - 1] as Instant;
  const from = later(notBefore, addSeconds(completed, delaySeconds));
  if (now < from || now > expires)
    return ["BENEFICIARY_NOT_IN_FORCE", `the beneficiary is in force from ${from} to ${expires}`];
  return undefined;
}

function isSignedBy({ digest, signatures }: BeneficiaryDocument, key: string): boolean {
  return signatures.some((signature) => signature.by === key && verifySignature(digest, signature));
}
