/** Honest verdicts (law 14): a file of evidence is judged claim by claim, and each claim says on whose word it rests. */
import { CustodyError, declareError } from "../core/errors.ts";

/**
 * PROVEN: whoever has this file can check it by signatures and hashes. ATTESTED: the named ones say so. NOT PROVEN:
 * nothing here decides it. FAILED: what the file holds contradicts it.
 */
export const VERDICTS = ["PROVEN", "ATTESTED", "NOT PROVEN", "FAILED"] as const;
export type Verdict = (typeof VERDICTS)[number];

export type ClaimName =
  | "custody"
  | "policies"
  | "documents"
  | "subject"
  | "request"
  | "destination"
  | "approval"
  | "roles"
  | "payment"
  | "fees"
  | "signatures"
  | "review"
  | "transaction"
  | "block"
  | "once"
  | "nothing else"
  | "objections"
  | "closed"
  | "dead"
  | "audit rows"
  | "record"
  | "audit root";

export type Claim = {
  readonly claim: ClaimName;
  /** Which document of several: `request 1`, `signer-1, request 1`; empty where there is one. */
  readonly about: string;
  readonly verdict: Verdict;
  readonly says: string;
  /** Names of those whose signature or word it is. */
  readonly by: readonly string[];
};

/** What a judge finds. */
export type Finding = {
  readonly verdict: Verdict;
  readonly says: string;
  readonly by?: readonly string[] | undefined;
};

export const EVIDENCE_INCOMPLETE = declareError(
  "EVIDENCE_INCOMPLETE",
  "verification",
  "A file of evidence lacks a document that another one in it names.",
);
export const EVIDENCE_CONTRADICTS = declareError(
  "EVIDENCE_CONTRADICTS",
  "verification",
  "Documents in a file of evidence contradict one another.",
);

export const proven = (says: string, by: readonly string[] = []): Finding => ({
  verdict: "PROVEN",
  says,
  by,
});
export const attested = (says: string, by: readonly string[]): Finding => ({ verdict: "ATTESTED", says, by });
export const notProven = (says: string): Finding => ({ verdict: "NOT PROVEN", says });

/** Judges one claim. A typed error says why it fails; anything else is a bug and goes on. */
export function judged(claim: ClaimName, about: string, judge: () => Finding): Claim {
  const { verdict, says, by } = found(judge);
  return { claim, about, verdict, says, by: by ?? [] };
}

function found(judge: () => Finding): Finding {
  try {
    return judge();
  } catch (error) {
    if (error instanceof CustodyError) return { verdict: "FAILED", says: `${error.code}: ${error.message}` };
    throw error;
  }
}
