/** G4, law 13: a no that was brought to a signer is to the promise, in whatever intent it comes again. */
import { describe, expect, test } from "vitest";
import { importLines, knownWords, rejectionsIn } from "../../signer/journal/import.ts";
import { withLine, type Journal } from "../../signer/journal/journal.ts";
import type { ApprovalDocument } from "../../src/core/documents/approval.ts";
import { makeCustody, payout, stateFor, type Payout } from "../factory/custody.ts";
import { reviewed } from "../factory/gates.ts";
import { fixtureId, SIGNER } from "../factory/identities.ts";
import { ask, planned } from "../factory/requests.ts";
import { codeOf } from "../factory/thrown.ts";
import { rejection } from "../factory/words.ts";

const custody = makeCustody();
const one = payout(custody);
const state = stateFor(custody);
const told = (journal: Journal, ...words: readonly ApprovalDocument[]) =>
  importLines(journal, words, SIGNER.seed).reduce(withLine, journal);

describe("A13: a payment that Ben has rejected is drafted once more", () => {
  const again: Readonly<Record<string, Payout>> = {
    "as it was": one,
    "as its second generation": payout(custody, { supersedes: [one.intent] }),
    "by another operation": payout(custody, { intent: { operation: fixtureId("another") } }),
    "of another amount": payout(custody, { units: "24000000" }),
    "under another client key": payout(custody, { intent: { clientKey: "ab".repeat(32) as never } }),
    "under another id": payout(custody, { intent: { id: fixtureId("another id") } }),
  };

  test.each(Object.entries(again))("%s", (label, what) => {
    const request = ask(custody, [planned(custody, [what])], { label });
    const judge = (journal: Journal) => codeOf(() => reviewed(request, { ...state, journal }));
    expect(judge(told(state.journal, rejection(one.intent)))).toBe("G4_REJECTED");
    expect(judge(told(state.journal, rejection(payout(custody, { label: "order 78" }).intent)))).toBe("none");
  });

  test("a no that came within a request is kept in the same way", () => {
    const parts = { intents: [one.intent], approvals: [rejection(one.intent)] };
    const noes = rejectionsIn(parts, knownWords(state.journal), state);
    const journal = told(state.journal, ...noes);
    const second = payout(custody, { supersedes: [one.intent] });
    const request = ask(custody, [planned(custody, [second])]);
    expect(codeOf(() => reviewed(request, { ...state, journal }))).toBe("G4_REJECTED");
    expect(codeOf(() => reviewed(request, state))).toBe("none");
  });
});
