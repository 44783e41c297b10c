/** A later generation is the same promise again; what was said of an earlier one holds. */
import { describe, expect, test } from "vitest";
import { CLEARANCE } from "../../../../src/core/documents/clearance.ts";
import { makeDocument } from "../../../../src/core/document.ts";
import type { IntentDocument } from "../../../../src/core/documents/intent.ts";
import type { Name } from "../../../../src/core/identifier.ts";
import { evaluate, type Evidence } from "../../../../src/core/policy/evaluate.ts";
import { generationDenial } from "../../../../src/core/policy/generations.ts";
import {
  approval,
  beneficiary,
  header,
  intent,
  policyBody,
  signedDocument,
} from "../../../factory/documents.ts";
import { ANNA, at, BEN, castMember, fixtureDigest, fixtureId, OLGA } from "../../../factory/identities.ts";

type Changes = Parameters<typeof intent>[0];

const first = intent();
const after = (supersedes: readonly IntentDocument[], changes: Changes = {}) =>
  intent({
    generation: supersedes.length + 1,
    supersedes: supersedes.map(({ digest }) => digest),
    ...changes,
  });
const second = after([first]);
const third = after([second, first]);
const rule = (what: IntentDocument, superseded: readonly IntentDocument[]) =>
  generationDenial(what, superseded)?.[0] ?? "none";

describe("what a later generation supersedes", () => {
  test("every earlier one, in whatever order it comes", () => {
    expect(rule(first, [])).toBe("none");
    expect(rule(second, [first])).toBe("none");
    expect(rule(third, [first, second])).toBe("none");
  });

  test("SUPERSEDED_MISSING: one is not here", () => {
    expect(rule(second, [])).toBe("SUPERSEDED_MISSING");
    expect(rule(third, [second])).toBe("SUPERSEDED_MISSING");
    expect(rule(third, [first])).toBe("SUPERSEDED_MISSING");
  });

  test("SUPERSEDES: too few, too many, one twice, in another place, or of others", () => {
    expect(rule(intent({ generation: 2 }), [])).toBe("SUPERSEDES");
    expect(rule(after([first], { generation: 1 }), [first])).toBe("SUPERSEDES");
    expect(rule(after([first, first]), [first])).toBe("SUPERSEDES");
    expect(rule(after([first, second]), [first, second])).toBe("SUPERSEDES");
    expect(rule(first, [second])).toBe("SUPERSEDES");
    expect(rule(second, [first, first])).toBe("SUPERSEDES");
    // Each names the one before it, but that is another draft of the first.
    const draft = intent({ operation: fixtureId("another draft") });
    expect(rule(after([after([draft]), first]), [after([draft]), first])).toBe("SUPERSEDES");
  });

  test.each<[string, Changes]>([
    ["id", { id: fixtureId("another") }],
    ["customer", { customer: fixtureId("another customer") }],
    ["clientKey", { clientKey: fixtureDigest("another key") }],
    ["units", { units: "24999999" }],
    ["born", { born: 2 }],
  ])("OTHER_PROMISE: another %s", (term, changes) => {
    expect(generationDenial(after([first], changes), [first])).toEqual([
      "OTHER_PROMISE",
      `generation 1 has another ${term}`,
    ]);
  });

  test("who asks, where it goes and how long it lives may differ", () => {
    const changes = { requester: OLGA.name, beneficiary: fixtureDigest("another"), expires: at("21:00:00") };
    expect(rule(after([first], changes), [first])).toBe("none");
  });
});

describe("what is said of one generation", () => {
  const CLEO = castMember("cleo", "Cleo Compliance");
  const { identities } = policyBody();
  const policy = policyBody({
    identities: [...identities, { ...CLEO, alg: "ed25519", roles: ["compliance"] }],
  });
  const yes = approval(second, [ANNA]);
  const no = (of: IntentDocument, changes: Parameters<typeof approval>[2] = {}) =>
    approval(of, [BEN], { decision: "reject", ...changes });
  const refusal = (of: IntentDocument) =>
    signedDocument(
      makeDocument(CLEARANCE, {
        ...header("clearance"),
        decision: "refuse",
        code: "listed" as Name,
        intents: [of.digest],
        policy: 1,
        expires: at("18:00:00"),
      }),
      [CLEO],
      at("09:01:00"),
    );
  const verdict = (changes: Partial<Evidence>) => {
    const given = { intent: second, superseded: [first], beneficiary: beneficiary(), approvals: [yes] };
    const said = evaluate(policy, { ...given, clearances: [], halts: [], ...changes }, at("09:30:00"));
    return said.allowed ? "allowed" : said.rule;
  };

  test("a no is to the promise: of an earlier generation or another draft it binds as well (law 13)", () => {
    expect(verdict({})).toBe("allowed");
    expect(verdict({ approvals: [yes, no(first)] })).toBe("REJECTED");
    const draft = intent({ operation: fixtureId("another draft") });
    expect(verdict({ approvals: [yes, no(draft)] })).toBe("REJECTED");
    const other = intent({ id: fixtureId("other"), clientKey: fixtureDigest("other") });
    expect(verdict({ approvals: [yes, no(other)] })).toBe("allowed");
  });

  test("compliance's refusal of an earlier generation refuses the later ones", () => {
    expect(verdict({ clearances: [refusal(first)] })).toBe("CLEARANCE_REFUSED");
    expect(verdict({ clearances: [refusal(intent({ id: fixtureId("other") }))] })).toBe("allowed");
  });

  test("a yes to it is none to the later ones", () => {
    expect(verdict({ approvals: [approval(first, [ANNA])] })).toBe("QUORUM_NOT_MET");
  });
});
