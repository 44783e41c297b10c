/**
 * A later generation is the same promise again (law 4): of the same amount, so that the same row holds, and with it wallets
 * of which any two groups that can spend share a signer (ADR 9). A promise made smaller by a unit could fall into a band
 * whose signers have never met those that signed the first, and be paid by both.
 */
import type { Intent, IntentDocument } from "../documents/intent.ts";

/** What may be wrong with a later generation. */
export type GenerationRule = "SUPERSEDES" | "SUPERSEDED_MISSING" | "OTHER_PROMISE";

/**
 * Whether `superseded` is every earlier generation of `intent`, as it names them, and the same promise as it is.
 * @param superseded in any order, nothing else among them
 */
export function generationDenial(
  { body }: IntentDocument,
  superseded: readonly IntentDocument[],
): [GenerationRule, string] | undefined {
  const { generation, supersedes } = body;
  if (supersedes.length !== generation - 1 || new Set(supersedes).size !== supersedes.length)
    return ["SUPERSEDES", `generation ${generation} names ${supersedes.length} earlier generations`];
  const found = new Map(superseded.map((earlier) => [earlier.digest, earlier.body]));
  for (const [place, digest] of supersedes.entries()) {
    const number = generation - 1 - place;
    const earlier = found.get(digest);
    if (earlier === undefined)
      return ["SUPERSEDED_MISSING", `generation ${number}, which it supersedes, is not here`];
    if (earlier.generation !== number || earlier.supersedes.join() !== supersedes.slice(place + 1).join())
      return ["SUPERSEDES", `what it names as generation ${number} is another one, or supersedes others`];
    const term = differingTerm(earlier, body);
    if (term !== undefined) return ["OTHER_PROMISE", `generation ${number} has another ${term}`];
  }
  if (superseded.length === supersedes.length) return undefined;
  return ["SUPERSEDES", "with it comes an intent that it does not supersede"];
}

function differingTerm(earlier: Intent, later: Intent): string | undefined {
  const [before, now] = [termsOf(earlier), termsOf(later)];
  return Object.keys(now).find((term) => before[term] !== now[term]);
}

// By law 7 a signer knows of no family before its epoch: a later birth would bring an old one to it as new.
function termsOf(body: Intent): Readonly<Record<string, unknown>> {
  const { type, id, asset, units, born } = body;
  const { customer, clientKey } = body.type === "withdrawal" ? body : {};
  return { type, id, customer, clientKey, asset, units, born };
}
