/**
 * Law 2: what is reviewed is what is signed. The review step registers its result here; what it decoded stays in this
 * module, out of everyone's reach, until gate G12 takes it, once. An object that merely looks like a review, or one
 * whose bytes changed since (attack B18), signs nothing. A brand alone vanishes at run time, and a frozen object's
 * bytes can still be written.
 */
import { allAttempts } from "../../src/chains/attempts.ts";
import type { Digest } from "../../src/core/digest.ts";
import type { AuditPlace } from "../../src/core/documents/request.ts";
import type { ReviewDocument } from "../../src/core/documents/review.ts";
import type { PublicKey } from "../../src/core/ed25519.ts";
import { declareRule } from "../../src/core/gate.ts";
import { equalBytes } from "../../src/core/hex.ts";
import type { Instant } from "../../src/core/instant.ts";
import { fingerprint } from "./fingerprint.ts";
import type { MatchedPlan } from "./matched-plan.ts";

/** A review that came out of gates G1 to G10. Only `register` makes one that counts. */
export type Approved = { readonly review: ReviewDocument };

/** What is signed, and for whom. */
export type Registered = {
  readonly plans: readonly MatchedPlan[];
  /** Journal time once this request is signed. */
  readonly at: Instant;
  /** The officer whose conflicts G4 has judged. */
  readonly officer: PublicKey | undefined;
  /** The head after which the online host lacks our journal's entries. */
  readonly head: Digest | undefined;
  /** The place of the online audit tree that is countersigned. */
  readonly audit: AuditPlace;
};

type Entry = Registered & { readonly hash: Uint8Array; confirmed: boolean };

const NOT_REVIEWED = declareRule(
  "G12",
  "NOT_REVIEWED",
  "what shall be signed did not come out of a review, or was used.",
);
const NOT_CONFIRMED = declareRule("G12", "NOT_CONFIRMED", "nobody has confirmed the review.");
const BYTES_CHANGED = declareRule("G12", "BYTES_CHANGED", "bytes changed between review and signature.");

const registry = new WeakMap<Approved, Entry>();

export function register(review: ReviewDocument, registered: Registered): Approved {
  const approved: Approved = Object.freeze({ review });
  registry.set(approved, { ...registered, hash: hashOf(registered), confirmed: false });
  return approved;
}

/** The officer with whom G4 judged conflicts of roles. @throws Refusal of G12 */
export function officerOf(approved: Approved): PublicKey | undefined {
  return entryOf(approved).officer;
}

/** Notes that an officer has confirmed the review (gate G11). @throws Refusal of G12 */
export function markConfirmed(approved: Approved): void {
  entryOf(approved).confirmed = true;
}

/** Takes what is to be signed; a second call finds nothing. @throws Refusal of G12 */
export function takeConfirmed(approved: Approved): Registered {
  const entry = entryOf(approved);
  registry.delete(approved);
  if (!entry.confirmed) throw NOT_CONFIRMED("the review was not confirmed", { field: "review", hint: AGAIN });
  if (!equalBytes(hashOf(entry), entry.hash))
    throw BYTES_CHANGED("the bytes to be signed are not those that were reviewed", {
      field: "review",
      hint: AGAIN,
    });
  return entry;
}

const AGAIN = "run custody-signer sign again from the start";

function entryOf(approved: Approved): Entry {
  const entry = registry.get(approved);
  if (entry === undefined)
    throw NOT_REVIEWED("this is not a review of this signer, or it was already used", {
      field: "review",
      hint: AGAIN,
    });
  return entry;
}

// Everything of every attempt that a signature is made from: transaction, amounts, scripts, key paths. The attempts of a
// plan share most of it, and what is shared is written once.
function hashOf({ plans }: Registered): Uint8Array {
  return fingerprint(plans.map((plan) => allAttempts(plan).map(({ tx, transaction }) => [tx, transaction])));
}
