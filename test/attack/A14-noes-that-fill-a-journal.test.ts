/** Law 13: a signer remembers every no, so one approver who says no in ten thousand ways must not end it by that. */
import { statSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { ApprovalDocument } from "../../src/core/documents/approval.ts";
import { documentBytes } from "../../src/core/document.ts";
import type { IntentDocument } from "../../src/core/documents/intent.ts";
import { LIMITS } from "../../src/core/limits.ts";
import { knownWords, rejectionsIn } from "../../signer/journal/import.ts";
import { makeCustody, payout, planFor, requestFor, stateFor, type Payout } from "../factory/custody.ts";
import { approval } from "../factory/documents.ts";
import { ANNA, at, BEN, fixtureDigest } from "../factory/identities.ts";
import { pinnedHome, signArguments, type SignerHome } from "../factory/signer-home.ts";
import { rejection } from "../factory/words.ts";

/** Ben's noes to one intent, each another document. */
function inManyWays(intent: IntentDocument, count: number): readonly ApprovalDocument[] {
  const { custody } = intent.body;
  return Array.from({ length: count }, (_, i) => {
    const expires = at(`1${Math.floor(i / 60) % 10}:${String(i % 60).padStart(2, "0")}:00`);
    return approval(intent, [BEN], { decision: "reject", custody, expires });
  });
}

describe("A14: noes that fill a signer's journal", () => {
  const custody = makeCustody();
  const state = stateFor(custody);
  const known = knownWords(state.journal);
  const one = payout(custody);
  const kept = (intents: readonly IntentDocument[], approvals: readonly ApprovalDocument[]) =>
    rejectionsIn({ intents, approvals }, known, state).map(({ digest }) => digest);

  test("of what a request does not carry none is kept", () => {
    const nothing = { ...one.intent, digest: fixtureDigest("no such intent") };
    const other = payout(custody, { label: "other" }).intent;
    expect(kept([one.intent], [rejection(nothing), rejection(other)])).toEqual([]);
    expect(kept([one.intent, other], [rejection(other)])).toHaveLength(1);
  });

  test("of one person about one intent the first is kept, and each person's", () => {
    const many = inManyWays(one.intent, 40);
    expect(new Set(many.map(({ digest }) => digest)).size).toBe(40);
    expect(kept([one.intent], many)).toEqual([many[0]?.digest]);
    const annas = rejection(one.intent, [ANNA]);
    expect(kept([one.intent], [...many, annas])).toEqual([many[0]?.digest, annas.digest]);
  });

  test("of what was kept before no other spelling is", () => {
    const [first, second] = inManyWays(one.intent, 2) as [ApprovalDocument, ApprovalDocument];
    const before = new Map([[first.digest, first]]);
    const again = { intents: [one.intent], approvals: [first, second, rejection(one.intent, [ANNA])] };
    expect(rejectionsIn(again, before, state)).toHaveLength(1);
  });

  test("one refusal keeps so many and no more", () => {
    const intents = Array.from({ length: LIMITS.refusalNoesMax + 6 }, (_, i) => ({
      ...one.intent,
      digest: fixtureDigest(`intent ${i}`),
    }));
    const noes = intents.map((intent) => rejection(intent));
    expect(kept(intents, noes)).toHaveLength(LIMITS.refusalNoesMax);
    expect(kept(intents, noes.slice(6))).toHaveLength(LIMITS.refusalNoesMax);
  });
});

describe("A14: at the machine", () => {
  const size = (home: SignerHome) => statSync(home.path("home/journal-regtest.jsonl")).size;

  test("a refusal writes one no and its receipt, and the next one the receipt alone", async () => {
    const home = await pinnedHome();
    const one = payout(home.custody);
    const flood = (many: readonly ApprovalDocument[]): Payout => ({
      ...one,
      approvals: [...one.approvals, ...many],
    });
    const many = inManyWays(one.intent, 60);
    const grown: number[] = [];
    for (const [index, noes] of [many.slice(0, 30), many.slice(30)].entries()) {
      const before = size(home);
      const plans = [planFor(home.custody, [one])];
      const request = requestFor(home.custody, [flood(noes)], plans, { label: `request ${index}` });
      home.write("request.json", documentBytes(request));
      const answer = await home.run(signArguments(fixtureDigest("any"), home.logbook, `no-${index}.json`));
      expect(answer).toMatchObject({ exit: 4, error: { code: "G4_REJECTED" } });
      grown.push(size(home) - before);
    }
    expect((await home.run(["journal", "verify"])).data).toMatchObject({ entries: 5 });
    expect(grown[0]).toBeLessThan(5000);
    expect((await home.run(["journal", "show"])).data["entries"]).toMatchObject([
      {},
      {},
      { event: "import" },
      { event: "receipt" },
      { event: "receipt" },
    ]);
  });

  test("nor does bringing them by hand", async () => {
    const home = await pinnedHome();
    const noes = inManyWays(payout(home.custody).intent, 3);
    const files = noes.map((no, index) => {
      home.write(`no-${index}.json`, documentBytes(no));
      return `no-${index}.json`;
    });
    const call = ["import", ...files, "--logbook", home.logbook, "--passphrase-file", "pass"];
    const answer = await home.run(call);
    expect(answer.data["results"]).toMatchObject([
      { imported: true },
      { imported: false },
      { imported: false },
    ]);
    expect((await home.run(["journal", "verify"])).data).toMatchObject({ entries: 3 });
  });
});
