/**
 * Decisions on what is known of a customer. They hold codes alone: no name, birthday or document enters this host by
 * them. Who decides is the transaction's actor, and every step is one audit row.
 */
import { declareError } from "../core/errors.ts";
import type { Id, Name } from "../core/identifier.ts";
import { addSeconds, type Instant } from "../core/instant.ts";
import { LIMITS } from "../core/limits.ts";
import { STATE_CONFLICT, type KycState } from "../core/states/edges.ts";
import { shellWord } from "../core/shell-word.ts";
import type { KycPorts, KycRecord } from "./ports.ts";
import { stepKyc } from "./step.ts";

export const KYC_LIFE_MALFORMED = declareError(
  "KYC_LIFE_MALFORMED",
  "invalid",
  "An acceptance ends before it begins, or lies too far ahead.",
);

/** A reviewer's word. `tier` and `reason` are short codes. */
export type KycReview =
  | { readonly decision: "accept"; readonly tier: Name; readonly expires: Instant; readonly reason: Name }
  | { readonly decision: "reject"; readonly reason: Name };

/** The customer by pseudonym, and by the reference with which a person would repeat a command. */
export type Subject = { readonly id: Id; readonly ref: string };

/** Puts a customer up for review; an acceptance that was in force is so no longer. @throws STATE_CONFLICT */
export function submitKyc<Tx>(ports: KycPorts<Tx>, tx: Tx, { id, ref }: Subject): KycRecord {
  const record = ports.openKyc(tx, id);
  if (record.state === "SUBMITTED")
    throw conflict(ref, record.state, "is under review already", `kyc show --customer ${shellWord(ref)}`);
  return stepKyc(ports, tx, record, "submitted");
}

/**
 * Accepts or rejects a customer who was submitted, or was suspended and has been looked at again.
 * @throws STATE_CONFLICT, KYC_LIFE_MALFORMED
 */
export function reviewKyc<Tx>(
  ports: KycPorts<Tx>,
  tx: Tx,
  { id, ref }: Subject,
  review: KycReview,
  now: Instant,
): KycRecord {
  const record = ports.findKyc(tx, id);
  if (record?.state !== "SUBMITTED" && record?.state !== "SUSPENDED")
    throw conflict(
      ref,
      record?.state ?? "NONE",
      "is not under review",
      `kyc submit --customer ${shellWord(ref)}`,
    );
  if (review.decision === "accept") assertLife(review.expires, now);
  return decide(ports, tx, record, review);
}

/** Takes an acceptance back until another review. @throws STATE_CONFLICT */
export function suspendKyc<Tx>(ports: KycPorts<Tx>, tx: Tx, { id, ref }: Subject, reason: Name): KycRecord {
  const record = ports.findKyc(tx, id);
  if (record?.state !== "ACCEPTED")
    throw conflict(ref, record?.state ?? "NONE", "is not accepted", `kyc show --customer ${shellWord(ref)}`);
  return stepKyc(ports, tx, record, "suspended", { reason });
}

export type Imported = {
  readonly outcome: "accepted" | "rejected" | "unchanged";
  readonly record: KycRecord;
};

/**
 * Takes over a review that was made elsewhere: submits the customer and decides, in one step for the caller. A decision
 * that stands already changes nothing, so that a file may be imported again. A list never lifts a suspension: it may
 * have been written before it (F24), so a person reviews that customer alone.
 * @throws STATE_CONFLICT, KYC_LIFE_MALFORMED
 */
export function importReview<Tx>(
  ports: KycPorts<Tx>,
  tx: Tx,
  subject: Subject,
  review: KycReview,
  now: Instant,
): Imported {
  const { ref } = subject;
  const known = ports.openKyc(tx, subject.id);
  if (known.state === "SUSPENDED")
    throw conflict(
      ref,
      known.state,
      "waits for a review of its own",
      `kyc show --customer ${shellWord(ref)}`,
    );
  if (review.decision === "accept") assertLife(review.expires, now);
  if (stands(known, review)) return { outcome: "unchanged", record: known };
  const submitted = known.state === "SUBMITTED" ? known : submitKyc(ports, tx, subject);
  const record = decide(ports, tx, submitted, review);
  return { outcome: review.decision === "accept" ? "accepted" : "rejected", record };
}

function decide<Tx>(ports: KycPorts<Tx>, tx: Tx, record: KycRecord, review: KycReview): KycRecord {
  const { reason } = review;
  if (review.decision === "reject") return stepKyc(ports, tx, record, "rejected", { reason });
  const { tier, expires } = review;
  return stepKyc(ports, tx, record, "accepted", { tier, expires, reason });
}

function stands(record: KycRecord, review: KycReview): boolean {
  if (record.reason !== review.reason) return false;
  if (review.decision === "reject") return record.state === "REJECTED";
  return record.state === "ACCEPTED" && record.tier === review.tier && record.expires === review.expires;
}

// Nobody is accepted for ever, and no list accepts somebody for a time that is over.
function assertLife(expires: Instant, now: Instant): void {
  const last = addSeconds(now, LIMITS.kycDaysMax * 86_400);
  if (expires > now && expires <= last) return;
  throw KYC_LIFE_MALFORMED(`an acceptance until ${expires} does not lie between ${now} and ${last}`, {
    field: "expires",
    hint: `give a time of the next ${LIMITS.kycDaysMax} days`,
  });
}

function conflict(ref: string, state: KycState, why: string, next: string) {
  return STATE_CONFLICT(`the KYC of customer ${ref} is ${state}: it ${why}`, {
    field: "kyc.state",
    hint: `custody ${next}`,
    details: { entity: "kyc", from: state },
  });
}
