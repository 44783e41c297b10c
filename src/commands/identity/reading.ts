import type { Digest } from "../../core/digest.ts";
import type { IdentityCardDocument } from "../../core/documents/identity-card.ts";
import { fullWords } from "../../core/words.ts";
import type { Facts } from "../../terminal/reading.ts";
import { grouped } from "../../terminal/table.ts";

/**
 * What comes between a new card and its owner's first signature, the proof of possession under the first policy that
 * names the key: somebody else drafts that policy, from the card.
 */
export const ONCE_DRAFTED =
  "(once the policy is drafted: hand over the card, and write the fingerprint on your paper card)";

/** A card as data and as facts: the key in full, for whoever compares it. */
export function cardReading({ body }: IdentityCardDocument) {
  const { name, person, network, key, alg } = body;
  const words = fullWords(key as string as Digest);
  const facts: Facts = [
    ["identity", `${name} (${person}), ${network}`],
    ...(alg === "ed25519" ? [] : [["kept in", "a FIDO2 security key"] as const]),
    ["fingerprint", grouped(key)],
    ["in words", words],
  ];
  return { data: { name, person, network, key, alg, words }, facts };
}
