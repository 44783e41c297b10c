import type { JsonObject } from "../core/canonical.ts";
import { declareError } from "../core/errors.ts";
import type { Outcome } from "./command.ts";
import { drawFacts } from "./table.ts";

export const NEVER_SIGNED = declareError(
  "NEVER_SIGNED",
  "denied",
  "Bytes are well formed, but nothing that a signer of ours would ever sign.",
);

/** What `inspect` found in some bytes. `refusals`: well formed, but nothing that a signer of ours would ever sign. */
export type Inspection = {
  readonly kind: string;
  readonly data: JsonObject;
  readonly facts: readonly (readonly [string, string])[];
  readonly warnings: readonly string[];
  readonly refusals: readonly { readonly rule: string; readonly why: string }[];
};

/** The same answer from `custody inspect` and `custody-signer inspect`. */
export function inspectionOutcome({ kind, data, facts, warnings, refusals }: Inspection): Outcome {
  const [refusal] = refusals;
  return {
    data: { kind, ...data, refusals },
    text: drawFacts([
      ...facts,
      ...refusals.map(({ rule, why }) => ["never signed", `${rule}: ${why}`] as const),
    ]),
    warnings,
    failure:
      refusal === undefined
        ? undefined
        : NEVER_SIGNED(`well formed, but never signed: ${refusal.why}`, { field: refusal.rule }),
  };
}
