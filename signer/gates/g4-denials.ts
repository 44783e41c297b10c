/** The verdicts of the common evaluation (`src/core/policy/evaluate.ts`) as rules of gate G4. */
import { declareRule, type Rule } from "../../src/core/gate.ts";
import type { DenialRule } from "../../src/core/policy/evaluate.ts";

export const DENIALS: Readonly<Record<DenialRule, Rule>> = {
  NO_ROW: declareRule("G4", "NO_ROW", "no policy row covers the type, asset and amount."),
  WALLET_NOT_ALLOWED: declareRule(
    "G4",
    "WALLET_NOT_ALLOWED",
    "the policy row does not allow the paying wallet, or the intent is about another one.",
  ),
  REQUESTER_UNKNOWN: declareRule("G4", "REQUESTER_UNKNOWN", "the requester does not hold that role."),
  GENERATION_NOT_ALLOWED: declareRule(
    "G4",
    "GENERATION_NOT_ALLOWED",
    "an intent that is no withdrawal is of a later generation than the first.",
  ),
  SUPERSEDES: declareRule(
    "G4",
    "SUPERSEDES",
    "the intent does not name each of its earlier generations once, each in its place.",
  ),
  SUPERSEDED_MISSING: declareRule(
    "G4",
    "SUPERSEDED_MISSING",
    "the request lacks an earlier generation that an intent supersedes.",
  ),
  OTHER_PROMISE: declareRule(
    "G4",
    "OTHER_PROMISE",
    "a later generation is not the promise that it supersedes: type, id, customer, client key, asset, amount or birth differ.",
  ),
  INTENT_EXPIRED: declareRule("G4", "INTENT_EXPIRED", "the intent has expired."),
  BORN_TOO_EARLY: declareRule(
    "G4",
    "BORN_TOO_EARLY",
    "the intent's family was born before the policies whose approvals still count.",
  ),
  HALTED: declareRule("G4", "HALTED", "a halt that was brought to this signer is in force."),
  BENEFICIARY_MISMATCH: declareRule("G4", "BENEFICIARY_MISMATCH", "the destination is not the intent's."),
  BENEFICIARY_UNSIGNED: declareRule("G4", "BENEFICIARY_UNSIGNED", "the beneficiary lacks its quorum."),
  BENEFICIARY_UNCONFIRMED: declareRule(
    "G4",
    "BENEFICIARY_UNCONFIRMED",
    "the customer's key has not signed the beneficiary.",
  ),
  BENEFICIARY_TOO_LONG: declareRule(
    "G4",
    "BENEFICIARY_TOO_LONG",
    "the beneficiary lives longer than the policy allows.",
  ),
  BENEFICIARY_NOT_IN_FORCE: declareRule("G4", "BENEFICIARY_NOT_IN_FORCE", "the beneficiary is not in force."),
  REJECTED: declareRule("G4", "REJECTED", "somebody entitled to has rejected the intent, for ever."),
  CLEARANCE_REFUSED: declareRule("G4", "CLEARANCE_REFUSED", "compliance has refused the intent."),
  QUORUM_NOT_MET: declareRule("G4", "QUORUM_NOT_MET", "too few distinct approvers count."),
  NOT_RELEASED: declareRule("G4", "NOT_RELEASED", "nobody has released the intent after its row's delay."),
  CLEARANCE_MISSING: declareRule("G4", "CLEARANCE_MISSING", "too few persons of compliance have cleared it."),
};
