/** A signature that does not count stops nothing, but each has to be verified first: so their number has limits. */
import { describe, expect, test } from "vitest";
import { canonicalBytes } from "../../src/core/canonical.ts";
import { documentBytes, embed, makeDocument, parseDocument } from "../../src/core/document.ts";
import { APPROVAL, type Approval, type ApprovalDocument } from "../../src/core/documents/approval.ts";
import { CLEARANCE, type Clearance, type ClearanceDocument } from "../../src/core/documents/clearance.ts";
import type { Name } from "../../src/core/identifier.ts";
import type { Instant } from "../../src/core/instant.ts";
import { LIMITS } from "../../src/core/limits.ts";
import { verifySignature } from "../../src/core/signature.ts";
import { makeCustody, payout, stateFor } from "../factory/custody.ts";
import { approval, header, row, signedDocument } from "../factory/documents.ts";
import { reviewed } from "../factory/gates.ts";
import { ANNA, at, BEN, fixtureDigest, RUTH, type Cast } from "../factory/identities.ts";
import { ask, planned } from "../factory/requests.ts";
import { codeOf } from "../factory/thrown.ts";
import { ask as asked, decide, makeDesk } from "./online.ts";

const custody = makeCustody();
const one = payout(custody);
const { custody: id } = one.intent.body;
const [good] = one.approvals as [ApprovalDocument];
const minute = (i: number) => at(`1${Math.floor(i / 60)}:${String(i % 60).padStart(2, "0")}:00`);

describe("A15: thousands of false signatures in an approver's name", () => {
  test("a document has one signature of each key, embedded or alone", () => {
    const [true_] = good.signatures as [(typeof good.signatures)[0]];
    const later = signedDocument({ ...good, signatures: [] }, [ANNA], at("09:05:00")).signatures;
    const both = { ...good, signatures: [true_, ...later] };
    expect(codeOf(() => parseDocument(APPROVAL, documentBytes(good)))).toBe("none");
    expect(codeOf(() => parseDocument(APPROVAL, documentBytes(both)))).toBe("DOCUMENT_MALFORMED");
    const request = (document: ApprovalDocument) =>
      ask(custody, [planned(custody, [{ ...one, approvals: [document] }])]);
    expect(codeOf(() => reviewed(documentBytes(request(good)), stateFor(custody)))).toBe("none");
    expect(codeOf(() => reviewed(canonicalBytes(embed(request(both))), stateFor(custody)))).toBe(
      "G1_DOCUMENT_MALFORMED",
    );
    // Of two keys they may be, also where one of them is a stranger's.
    const two = signedDocument({ ...good, signatures: [] }, [ANNA, RUTH], at("09:00:00"));
    expect(codeOf(() => reviewed(documentBytes(request(two)), stateFor(custody)))).toBe("none");
  });

  test.each([
    ["approvals", (i: number) => approval(one.intent, [BEN], { custody: id, expires: minute(i) })],
    ["clearances", (i: number) => clearanceUntil(minute(i))],
  ])("so many %s of one intent are judged and no more", (what, make) => {
    const judge = (count: number) => {
      const more = Array.from({ length: count }, (_, i) => embed<Approval | Clearance>(make(i)));
      const before = what === "approvals" ? one.approvals.map(embed) : [];
      const body = { [what]: [...before, ...more].slice(0, count) };
      const bytes = documentBytes(ask(custody, [planned(custody, [one])], { body }));
      return codeOf(() => reviewed(bytes, stateFor(custody)));
    };
    expect(judge(LIMITS.wordsPerIntentMax)).toBe("none");
    expect(judge(LIMITS.wordsPerIntentMax + 1)).toBe("G1_WORDS_TOO_MANY");
  });

  test("the online host keeps no more of them than a desk is shown: its bundles stay readable", () => {
    const desk = makeDesk({ rows: [row("both", "0", "1000000000", 2)] });
    const { intent } = asked(desk, "k", 10_000_000n);
    const say = (i: number, who: Cast) =>
      codeOf(() => decide(desk, approval(intent, [who], { custody: desk.custody.id, expires: minute(i) })));
    for (let i = 0; i < LIMITS.wordsPerIntentMax; i++) expect(say(i, BEN)).toBe("none");
    expect(say(LIMITS.wordsPerIntentMax, BEN)).toBe("DECISION_TOO_MANY");
    // A second signature under one of them is no more of them, and a no is always heard.
    expect(say(0, ANNA)).toBe("none");
    const no = approval(intent, [ANNA], { custody: desk.custody.id, decision: "reject" });
    expect(codeOf(() => decide(desk, no))).toBe("none");
  });

  test("one false signature is found false once", () => {
    const [signature] = good.signatures as [(typeof good.signatures)[0]];
    const asked = fixtureDigest("never signed");
    expect([1, 2].map(() => verifySignature(asked, signature))).toEqual([false, false]);
    expect(verifySignature(good.digest, signature)).toBe(true);
  });

  function clearanceUntil(expires: Instant): ClearanceDocument {
    const intents = [one.intent.digest];
    const body: Clearance = {
      ...header("clearance"),
      ...{ custody: id, decision: "clear", code: "standard" as Name, intents, policy: 1, expires },
    };
    return signedDocument(makeDocument(CLEARANCE, body), [RUTH], at("09:05:00"));
  }
});
