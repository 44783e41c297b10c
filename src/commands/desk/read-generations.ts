/** A later generation as a person reads it: what was asked for before it, in its own terms. */
import { formatAmount } from "../../core/amount.ts";
import { counted } from "../../core/count.ts";
import type { Intent, IntentDocument } from "../../core/documents/intent.ts";
import { generationDenial } from "../../core/policy/generations.ts";
import type { Fact, Facts } from "../../terminal/reading.ts";
import type { IntentSubject } from "./subject.ts";

/** Rows that never push the rest off a screen; the policy demands that those before them are alike. */
const SHOWN_MAX = 5;

export function generationFacts({ document, evidence: { superseded = [] } }: IntentSubject): Facts {
  const { body } = document;
  if (body.generation === 1) return [];
  const earlier = newestFirst(superseded);
  const left = earlier.length - SHOWN_MAX;
  return [
    ["generation", `${body.generation}: earlier ones can never settle only if a signed document says so`],
    ...earlier.slice(0, SHOWN_MAX).map((one): Fact => termsOf(one.body, body)),
    ...(left > 0 ? [["and before", counted(left, "generation")] as const] : []),
  ];
}

/** What a person must not overlook among them, all of them looked at. */
export function generationWarnings({
  document,
  evidence: { superseded = [] },
}: IntentSubject): readonly string[] {
  const denial = generationDenial(document, superseded);
  const elsewhere = newestFirst(superseded).find(({ body }) => !sameDestination(body, document.body));
  return [
    ...(denial === undefined
      ? []
      : [`it is not the promise that it says it supersedes: ${denial[1]}. Do not sign`]),
    ...(elsewhere === undefined
      ? []
      : [`generation ${elsewhere.body.generation} had another destination. Ask why it was changed.`]),
  ];
}

const newestFirst = (superseded: readonly IntentDocument[]) =>
  [...superseded].sort((a, b) => b.body.generation - a.body.generation);

function termsOf(earlier: Intent, now: Intent): Fact {
  const to = sameDestination(earlier, now) ? "to the same destination" : "to ANOTHER destination";
  return [
    `generation ${earlier.generation}`,
    `${formatAmount(earlier)} ${to}, good until ${earlier.expires}`,
  ];
}

// Of our own coins nothing has a second generation: the policy denies it.
function sameDestination(earlier: Intent, now: Intent): boolean {
  return (
    earlier.type === "withdrawal" && now.type === "withdrawal" && earlier.beneficiary === now.beneficiary
  );
}
