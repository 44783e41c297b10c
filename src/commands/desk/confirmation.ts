import { declareError } from "../../core/errors.ts";
import { repeatedFlag, type Call } from "../../terminal/command.ts";
import { retype } from "../../terminal/prompt.ts";

export const CONFIRMATION_WRONG = declareError(
  "CONFIRMATION_WRONG",
  "denied",
  "The digest given for confirmation is not that of the document.",
);

/**
 * Lets a person show what was read: by retyping the amount or check words, or in a script by `--confirm` with all that
 * stands in `confirm`. `to` says what that does: an approval and a rejection show the same document.
 * @throws RETYPED_WRONG, CONFIRMATION_WRONG, ANSWER_MISSING
 */
export async function confirmReading(
  call: Call,
  { retype: expected, confirm }: { readonly retype: string; readonly confirm: readonly string[] },
  to: string,
): Promise<void> {
  const given = repeatedFlag(call.flags, "confirm");
  if (given.length === 0) return retype(call.io, `Retype ${expected} to ${to}:`, expected, "--confirm");
  if ([...given].sort().join() === [...confirm].sort().join()) return;
  throw CONFIRMATION_WRONG("--confirm is not the digest of this document", {
    field: "--confirm",
    hint: "custody desk review FILE",
  });
}
