/**
 * A void: this signer closes an intent's family. It names every attempt of it that it has signed and signs no other,
 * so that a hold can be released once enough signers have said so and every attempt named is dead (law 3).
 */
import { assertBelongs, makeDocument, withSignature } from "../../src/core/document.ts";
import { familyKeys, familyOf, type SignedAttempt } from "../../src/core/documents/family.ts";
import type { IntentDocument } from "../../src/core/documents/intent.ts";
import { VOID, type Void, type VoidDocument } from "../../src/core/documents/void.ts";
import { signDigest } from "../../src/core/signature.ts";
import { makeLine, type JournalLine } from "../journal/journal.ts";
import { remember, transactionsOf, type EarlierAttempt } from "../journal/memory.ts";
import { assertBorn } from "./g4-families.ts";
import { assertEpoch, assertInForce } from "./g3-policy.ts";
import { refusingAt } from "./refuse.ts";
import type { SignerState } from "./state.ts";

/** A void and the journal line that must be on disk before it leaves (law 6); no line where it stands there already. */
export type VoidWritten = { readonly document: VoidDocument; readonly line: JournalLine | undefined };

/**
 * Closes the family of an intent, which must be in hand: whoever asks may not close what nobody has asked for. Asked
 * again, it gives the same document.
 * @param seed the signer's, 32 bytes
 * @throws Refusal of G2 when the intent is not of this custody, G3 when this signer is not named or its policy is over,
 *   G4 when the family is not this epoch's to close (law 7)
 */
export function voidFamily(intent: IntentDocument, seed: Uint8Array, state: SignerState): VoidWritten {
  refusingAt("G2", () => assertBelongs(intent, state));
  assertInForce(state);
  assertBorn(intent, state, assertEpoch(state));
  const family = familyOf(intent.body);
  const keys = familyKeys(family);
  const memory = remember(state.journal);
  const { self, network, custody, policy, journal } = state;
  const closed = memory.voids.find(
    ({ body: { epoch, family: other } }) => epoch === self.epoch && familyKeys(other).join() === keys.join(),
  );
  if (closed !== undefined) return { document: closed, line: undefined };
  const body: Void = {
    kind: "void",
    version: 1,
    network,
    custody,
    family,
    signer: self.name,
    epoch: self.epoch,
    policy: policy.body.number,
    attempts: attemptsUnder(keys, memory.attempts),
  };
  const unsigned = makeDocument(VOID, body);
  // Journal time stays where it is: a void brings no person's signed time along (law 12).
  const document = withSignature(unsigned, signDigest(unsigned.digest, seed, journal.time));
  return { document, line: makeLine(journal, "void", document.digest, journal.time, seed, document) };
}

function attemptsUnder(
  keys: readonly string[],
  attempts: ReadonlyMap<string, readonly EarlierAttempt[]>,
): SignedAttempt[] {
  const found = new Set(keys.flatMap((key) => attempts.get(key) ?? []));
  return [...found].map(({ of, intent }) => {
    const cancel = of.transactions.get("cancel");
    return {
      plan: of.plan,
      generation: intent.generation,
      row: intent.row,
      conflictKeys: [...of.conflictKeys],
      transactions: [...transactionsOf(of)],
      ...(cancel === undefined ? {} : { cancel }),
      operators: [...of.operators].sort(),
    };
  });
}
