import type { Json, JsonObject } from "../core/canonical.ts";
import { fromEmbedded } from "../core/document.ts";
import { REHEARSAL, REHEARSED } from "../core/documents/rehearsal.ts";
import { RECEIPT } from "../core/documents/receipt.ts";
import { REVIEW, type ReviewDocument } from "../core/documents/review.ts";
import { declareError } from "../core/errors.ts";
import type { Call, Outcome } from "./command.ts";
import { optionalFlag } from "./command.ts";
import { writePictures } from "./review/files.ts";
import { reviewPage } from "./review/of-review.ts";
import { drawPage } from "./review/text.ts";
import { drawFacts } from "./table.ts";

export const NEVER_SIGNED = declareError(
  "NEVER_SIGNED",
  "denied",
  "Bytes are well formed, but nothing that a signer of ours would ever sign.",
);
export const NOTHING_TO_DRAW = declareError(
  "NOTHING_TO_DRAW",
  "usage",
  "A picture was asked for of something that holds no review.",
);

/** What `inspect` found in some bytes. `refusals`: well formed, but nothing that a signer of ours would ever sign. */
export type Inspection = {
  readonly kind: string;
  readonly data: JsonObject;
  readonly facts: readonly (readonly [string, string])[];
  readonly warnings: readonly string[];
  readonly refusals: readonly { readonly rule: string; readonly why: string }[];
};

/** The same answer from `custody inspect` and `custody-signer inspect`. A review, alone or in a receipt, is drawn. */
export function inspectionOutcome(
  call: Call,
  { kind, data, facts, warnings, refusals }: Inspection,
): Outcome {
  const [refusal] = refusals;
  const review = reviewIn(kind, data["document"]);
  const page = review && reviewPage(review, "as this file says it; whose signatures count was not looked at");
  const picture = ["html", "svg"].find((flag) => optionalFlag(call.flags, flag) !== undefined);
  if (page === undefined && picture !== undefined)
    throw NOTHING_TO_DRAW(`a ${kind} holds no review`, {
      field: `--${picture}`,
      hint: "give a review, or the receipt of a signer that has signed",
    });
  const files = page === undefined ? [] : writePictures(call, page, "Review, as a file says it");
  const rehearsed = kind === REHEARSAL.kind ? [REHEARSED] : [];
  return {
    data: { kind, ...data, refusals, ...(files.length === 0 ? {} : { files }) },
    text: [
      drawFacts([
        ...facts,
        ...answerFacts(kind, data["document"]),
        ...refusals.map(({ rule, why }) => ["never signed", `${rule}: ${why}`] as const),
      ]),
      ...(page === undefined ? [] : [drawPage(page, call.io.paint.out)]),
    ].join("\n"),
    warnings: [...rehearsed, ...warnings],
    failure:
      refusal === undefined
        ? undefined
        : NEVER_SIGNED(`well formed, but never signed: ${refusal.why}`, { field: refusal.rule }),
  };
}

function reviewIn(kind: string, value: Json | undefined): ReviewDocument | undefined {
  if (kind === REVIEW.kind) return fromEmbedded(REVIEW, value);
  if (kind !== RECEIPT.kind) return undefined;
  const { outcome } = fromEmbedded(RECEIPT, value).body;
  return outcome.type === "signed" ? fromEmbedded(REVIEW, outcome.review) : undefined;
}

function answerFacts(kind: string, value: Json | undefined): readonly (readonly [string, string])[] {
  if (kind !== RECEIPT.kind) return [];
  const { outcome } = fromEmbedded(RECEIPT, value).body;
  return outcome.type === "refused" ? [["refused", `gate ${outcome.gate}, rule ${outcome.rule}`]] : [];
}
