import { keyInWords } from "../../chains/keys.ts";
import type { Counted } from "../../core/policy/counting.ts";
import { grouped } from "../../terminal/table.ts";
import type { Finding, Reading, SignedBy } from "../../terminal/reading.ts";

/** What a kind of document adds to a reading. */
export type Findings = Partial<Pick<Reading, "signed" | "missing" | "waitsFor" | "similar" | "warnings">> & {
  readonly facts: readonly Finding[];
};

/** What a conflict key names, its digest in groups; a key that no chain here reads as it is. */
export function coinText(conflictKey: string): string {
  const words = keyInWords(conflictKey);
  return words === conflictKey ? words : words.replace(/\b[0-9a-f]{64}\b/g, grouped);
}

export function signedAs(role: string, counted: readonly Counted[]): readonly SignedBy[] {
  return counted.map(({ identity, at }) => ({ name: identity.name, as: role, at }));
}

/** Names with their times: `anna (2026-11-22T09:00:00Z), ben (…)`; `nobody` for none. */
export function namesOf(counted: readonly Counted[]): string {
  if (counted.length === 0) return "nobody";
  return counted.map(({ identity, at }) => `${identity.name} (${at})`).join(", ");
}
