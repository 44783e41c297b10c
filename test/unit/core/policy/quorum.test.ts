import { describe, expect, test } from "vitest";
import { addSeconds, type Instant } from "../../../../src/core/instant.ts";
import { countSignatures } from "../../../../src/core/policy/counting.ts";
import { evaluate, type Evidence } from "../../../../src/core/policy/evaluate.ts";
import { approval, intent, policyBody, signedDocument } from "../../../factory/documents.ts";
import { ANNA, BEN, MALLORY, OLGA, RUTH, at, castMember } from "../../../factory/identities.ts";
import { NOW, POLICY, evidence, verdict } from "./verdicts.ts";

describe("QUORUM_NOT_MET: distinct persons, under the pinned policy", () => {
  const large = intent({ units: "500000000" });
  const rule = (approvals: Evidence["approvals"], policy = POLICY, now = NOW) =>
    verdict({ intent: large, approvals }, policy, now);

  test("none, one, the same one twice, two", () => {
    expect(rule([])).toBe("QUORUM_NOT_MET");
    expect(rule([approval(large, [ANNA])])).toBe("QUORUM_NOT_MET");
    expect(rule([approval(large, [ANNA]), approval(large, [ANNA], { expires: at("17:00:00") })])).toBe(
      "QUORUM_NOT_MET",
    );
    expect(rule([approval(large, [ANNA]), approval(large, [BEN])])).toBe("allowed");
    expect(rule([approval(large, [ANNA, BEN])])).toBe("allowed");
  });

  test("two keys of one person count once", () => {
    const second = castMember("anna-2", ANNA.person);
    const identities = [
      ...POLICY.identities,
      {
        name: second.name,
        person: second.person,
        key: second.key,
        alg: "ed25519" as const,
        roles: ["approver" as const],
      },
    ];
    const policy = policyBody({ identities });
    expect(rule([approval(large, [ANNA]), approval(large, [second])], policy)).toBe("QUORUM_NOT_MET");
    expect(rule([approval(large, [ANNA, second])], policy)).toBe("QUORUM_NOT_MET");
    expect(rule([approval(large, [second]), approval(large, [BEN])], policy)).toBe("allowed");
  });

  test.each([
    ["a stranger", MALLORY],
    ["the officer", OLGA],
    ["the requester", RUTH],
  ])("%s does not count", (_name, who) => {
    expect(rule([approval(large, [ANNA]), approval(large, [who])])).toBe("QUORUM_NOT_MET");
  });

  test("a release, and an approval of another intent, are no approval of this one", () => {
    const anna = approval(large, [ANNA]);
    expect(rule([anna, approval(large, [BEN], { decision: "release" })])).toBe("QUORUM_NOT_MET");
    expect(rule([anna, approval(intent(), [BEN])])).toBe("QUORUM_NOT_MET");
  });

  test("an altered approval does not count: its digest is another", () => {
    const honest = approval(large, [BEN], { intent: intent().digest });
    const altered = { ...approval(large, []), signatures: honest.signatures };
    expect(rule([approval(large, [ANNA]), altered])).toBe("QUORUM_NOT_MET");
  });

  test("a signature whose time was changed does not count", () => {
    const honest = approval(large, [BEN]);
    const moved = {
      ...honest,
      signatures: honest.signatures.map((signature) => ({ ...signature, at: at("09:10:00") })),
    };
    expect(rule([approval(large, [ANNA]), moved])).toBe("QUORUM_NOT_MET");
    expect(rule([approval(large, [ANNA]), honest])).toBe("allowed");
  });

  test.each([
    [4, "QUORUM_NOT_MET"],
    [5, "allowed"],
    [7, "allowed"],
    [8, "QUORUM_NOT_MET"],
  ])("policy number %d, when 5 to 7 count: %s", (number, expected) => {
    const policy = policyBody({ number: 7, approvalsSince: 5 });
    const born = intent({ units: "500000000", born: 5 });
    const approvals = [approval(born, [ANNA], { policy: 6 }), approval(born, [BEN], { policy: number })];
    expect(verdict({ intent: born, approvals }, policy)).toBe(expected);
  });

  test("BORN_TOO_EARLY: what people approve anew counts no more for a family of before (ADR 9)", () => {
    const policy = policyBody({ number: 7, approvalsSince: 5 });
    const at4 = intent({ born: 4 });
    const at5 = intent({ born: 5 });
    const anew = (what: typeof at4) => ({ intent: what, approvals: [approval(what, [ANNA], { policy: 7 })] });
    expect(verdict(anew(at4), policy)).toBe("BORN_TOO_EARLY");
    expect(verdict(anew(at5), policy)).toBe("allowed");
  });

  test("its own expiry: the last second counts, the next does not", () => {
    const approvals = [approval(large, [ANNA]), approval(large, [BEN], { expires: NOW })];
    expect(rule(approvals, POLICY, NOW)).toBe("allowed");
    expect(rule(approvals, POLICY, addSeconds(NOW, 1))).toBe("QUORUM_NOT_MET");
  });

  test("the row's longest life: the last second counts, the next does not", () => {
    const approvals = [approval(large, [ANNA, BEN], {}, at("09:00:00"))];
    expect(rule(approvals, POLICY, at("10:00:00"))).toBe("allowed");
    expect(rule(approvals, POLICY, at("10:00:01"))).toBe("QUORUM_NOT_MET");
  });

  test("an approval signed for the last second of the calendar is an answer, not a crash", () => {
    const approvals = [approval(large, [ANNA, BEN], {}, "9999-12-31T23:59:59Z" as Instant)];
    expect(rule(approvals)).toBe("allowed"); // that it lies ahead of the clock is the caller's rule (law 12)
  });
});

test("of several signatures by one person the earliest is told", () => {
  const what = intent();
  const twice = [approval(what, [ANNA], {}, at("09:20:00")), approval(what, [ANNA], {}, at("09:10:00"))];
  const evaluation = evaluate(POLICY, evidence({ intent: what, approvals: twice }), NOW);
  expect(evaluation.allowed && evaluation.approvers.map((counted) => counted.at)).toEqual([at("09:10:00")]);
  const document = signedDocument(what, [ANNA], at("09:05:00"));
  expect(countSignatures(POLICY, "approver", document).map((counted) => counted.at)).toEqual([
    at("09:05:00"),
  ]);
  expect(countSignatures(POLICY, "admin", document)).toEqual([]);
});
