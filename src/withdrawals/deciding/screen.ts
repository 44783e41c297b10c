/**
 * What speaks against a withdrawal now: KYC, the online rules, its destination, the policy. Asked again wherever a waiting
 * one may take a step, for a customer or a list may have changed since (F25).
 */
import { BENEFICIARY } from "../../core/documents/beneficiary.ts";
import { parseName, type Name } from "../../core/identifier.ts";
import type { Instant } from "../../core/instant.ts";
import { verdictsOn, type JudgeAbout, type Judging, type Verdict } from "./evidence.ts";
import type { WithdrawalPorts } from "../ports.ts";
import type { WithdrawalRow } from "../rows.ts";

/** What the destination itself has become since it was asked for. */
type DestinationRule = "DESTINATION_IS_OURS" | "BENEFICIARY_LOST";

export type Screened =
  | Verdict
  | { readonly allowed: false; readonly rule: DestinationRule; readonly why: string };

type Denied = Extract<Screened, { readonly allowed: false }>;

/** What is said of the intent itself weighs more than what may change: an end that is due, or a no. */
const FIRST: ReadonlySet<string> = new Set(["INTENT_EXPIRED", "REJECTED", "CLEARANCE_REFUSED"]);

/** The verdict on a withdrawal that has not left the machine: the gravest denial, or what the policy says. */
export function screen<Tx>(
  ports: Judging<Tx> & Pick<WithdrawalPorts<Tx>, "findAddress">,
  tx: Tx,
  withdrawal: WithdrawalRow,
  about: JudgeAbout,
): Screened {
  const destination = judgeDestination(ports, tx, withdrawal);
  // Without its beneficiary nothing else can be judged.
  if (destination?.rule === "BENEFICIARY_LOST") return destination;
  const verdicts = [...verdictsOn(ports, tx, withdrawal, about)];
  const policy = verdicts.at(-1) as Verdict;
  if (!policy.allowed && FIRST.has(policy.rule)) return policy;
  return destination ?? verdicts.find(({ allowed }) => !allowed) ?? policy;
}

function judgeDestination<Tx>(
  ports: Pick<WithdrawalPorts<Tx>, "findAddress" | "findDocument">,
  tx: Tx,
  { account, beneficiary }: WithdrawalRow,
): Denied | undefined {
  if (ports.findDocument(tx, BENEFICIARY, beneficiary) === undefined)
    return { allowed: false, rule: "BENEFICIARY_LOST", why: "the signed beneficiary is not here any more" };
  const ours = ports.findAddress(tx, account);
  if (ours === undefined) return undefined;
  const why = `the destination has become an address of our wallet ${ours.wallet}`;
  return { allowed: false, rule: "DESTINATION_IS_OURS", why };
}

/**
 * Denials that leave a waiting withdrawal where it is: signatures that are to come, a no that has moved it already, what
 * stops everybody alike and ends without anybody looking at this one. All others put it on hold, also those that nobody
 * has thought of yet.
 */
const PASSING: ReadonlySet<string> = new Set([
  "QUORUM_NOT_MET",
  "NOT_RELEASED",
  "CLEARANCE_MISSING",
  "REJECTED",
  "CLEARANCE_REFUSED",
  "INTENT_EXPIRED",
  "HALTED",
  "WALLET_NOT_ALLOWED",
  "RATE_MISSING",
]);

/** Whether a denial puts a waiting withdrawal on hold. */
export function holdsBack({ rule }: Pick<Denied, "rule">): boolean {
  return !PASSING.has(rule);
}

/** A denial as the code of a hold: `kyc-expired`. */
export function holdCode({ rule }: Pick<Denied, "rule">): Name {
  return parseName(rule.toLowerCase().replaceAll("_", "-"), "code");
}

/** Denials by a destination that no waiting mends: the request names it, and it never changes. */
const UNMENDABLE: ReadonlySet<string> = new Set([
  "DESTINATION_IS_OURS",
  "BENEFICIARY_LOST",
  "BENEFICIARY_MISMATCH",
  "BENEFICIARY_UNSIGNED",
  "BENEFICIARY_UNCONFIRMED",
  "BENEFICIARY_TOO_LONG",
]);

/** Whether what was asked for can never be paid as it was asked for. */
export function isInvalid<Tx>(
  ports: Pick<WithdrawalPorts<Tx>, "findDocument">,
  tx: Tx,
  { beneficiary }: Pick<WithdrawalRow, "beneficiary">,
  { rule }: Pick<Denied, "rule">,
  now: Instant,
): boolean {
  if (UNMENDABLE.has(rule)) return true;
  if (rule !== "BENEFICIARY_NOT_IN_FORCE") return false;
  const expires = ports.findDocument(tx, BENEFICIARY, beneficiary)?.body.expires;
  return expires === undefined || now > expires;
}
