/** A list of reviews that were made elsewhere: a JSON object of strings on each line (JSON Lines). */
import * as z from "zod";
import { CustodyError, declareError } from "../core/errors.ts";
import { instantField, nameField, textField } from "../core/fields.ts";
import { LIMITS } from "../core/limits.ts";
import { repeatedMember } from "../core/repeated-member.ts";
import type { KycReview } from "./decide.ts";

export const KYC_LIST_TOO_LONG = declareError(
  "KYC_LIST_TOO_LONG",
  "invalid",
  "A list of KYC reviews has more lines than are taken at once.",
);
export const KYC_LINE_MALFORMED = declareError(
  "KYC_LINE_MALFORMED",
  "invalid",
  "A line of a list of KYC reviews cannot be read.",
);

const ref = textField(LIMITS.customerRefCharactersMax);
const lineSchema = z.discriminatedUnion("decision", [
  z.strictObject({
    ref,
    decision: z.literal("accept"),
    tier: nameField,
    expires: instantField,
    reason: nameField,
  }),
  z.strictObject({ ref, decision: z.literal("reject"), reason: nameField }),
]);

type ReviewLine = { readonly ref: string; readonly review: KycReview };

/** A line by its number, counted from 1: what it says, or why it says nothing. */
export type ListedReview =
  | ({ readonly line: number } & ReviewLine)
  | { readonly line: number; readonly ref?: string; readonly error: CustodyError };

/**
 * Reads a list. A line that cannot be read stands there as its error and spoils no other. Of two lines about one
 * customer neither is taken: which came last is not to be guessed when one says accept and the other reject (F24).
 * @throws KYC_LIST_TOO_LONG
 */
export function parseReviewList(bytes: Uint8Array): readonly ListedReview[] {
  const lines = new TextDecoder().decode(bytes).split("\n", LIMITS.kycListLinesMax + 1);
  if (lines.length > LIMITS.kycListLinesMax) {
    throw KYC_LIST_TOO_LONG(`the list has more than ${LIMITS.kycListLinesMax} lines`, {
      field: "file",
      hint: `split -l ${LIMITS.kycListLinesMax / 2} FILE`,
    });
  }
  const read = lines.flatMap((text, index) => (text.trim() === "" ? [] : [listed(text, index + 1)]));
  const count = new Map<string, number>();
  for (const { ref } of read) if (ref !== undefined) count.set(ref, (count.get(ref) ?? 0) + 1);
  return read.map((entry) => {
    if (entry.ref === undefined || count.get(entry.ref) === 1) return entry;
    return { line: entry.line, ref: entry.ref, error: malformed("ref", "stands on another line as well") };
  });
}

function listed(text: string, line: number): ListedReview {
  try {
    return { line, ...parseReviewLine(text) };
  } catch (error) {
    if (error instanceof CustodyError) return { line, error };
    throw error;
  }
}

/**
 * `{"ref": …, "decision": "accept", "tier": …, "expires": …, "reason": …}`, or `"decision": "reject"` without tier and
 * expiry. Any other field is refused: it may be a person's name.
 * @throws KYC_LINE_MALFORMED
 */
export function parseReviewLine(line: string): ReviewLine {
  if (line.length > LIMITS.kycLineCharactersMax)
    throw malformed("line", `has more than ${LIMITS.kycLineCharactersMax} characters`);
  const read = lineSchema.safeParse(jsonOf(line));
  if (!read.success) {
    const { path, message } = read.error.issues[0] ?? { path: [], message: "cannot be read" };
    throw malformed(path.length === 0 ? "line" : path.map(String).join("."), message);
  }
  // Of a field that is written twice one reader sees accept, the other reject.
  if (repeatedMember(line) !== undefined) throw malformed("line", "names a field twice");
  const { ref: customer, ...review } = read.data;
  return { ref: customer, review };
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) throw malformed("line", "is not JSON");
    throw error;
  }
}

function malformed(field: string, why: string) {
  return KYC_LINE_MALFORMED(`${field}: ${why}`, {
    field,
    hint: '{"ref":"c-1001","decision":"accept","tier":"basic","expires":"2027-11-22T00:00:00Z","reason":"documents-checked"}',
  });
}
