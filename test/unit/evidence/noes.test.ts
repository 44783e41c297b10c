/** Evidence of noes (law 13): who said no to this withdrawal, and what is none, for it says yes or is about another. */
import { describe, expect, test } from "vitest";
import { embed, makeDocument } from "../../../src/core/document.ts";
import { CLEARANCE, type Clearance } from "../../../src/core/documents/clearance.ts";
import { HALT } from "../../../src/core/documents/halt.ts";
import type { Name } from "../../../src/core/identifier.ts";
import { approval, header, signedDocument } from "../../factory/documents.ts";
import { CARLA } from "../../factory/evidence-house.ts";
import { evidenceOf } from "../../factory/evidence.ts";
import { ANNA, at, fixtureId, MALLORY, OLGA, type Cast } from "../../factory/identities.ts";
import { one, story } from "./judged.ts";

const [{ intent: own }, { intent: beside }] = story.payouts;
const said = (papers: Parameters<typeof evidenceOf>[1]) => {
  const { verdict, by } = one(evidenceOf(story, papers), "objections");
  return [verdict, ...by];
};

describe("a decision of an approver", () => {
  const decided = (decision: "approve" | "reject", about = own) =>
    said({ approvals: [embed(approval(about, [ANNA], { custody: story.custody.id, decision }))] });

  test("is a no where it rejects this intent", () => {
    expect(decided("reject")).toEqual(["ATTESTED", "anna"]);
    expect(decided("approve")).toEqual(["NOT PROVEN"]);
    expect(decided("reject", beside)).toEqual(["NOT PROVEN"]);
  });
});

describe("a word of compliance", () => {
  const word = (decision: Clearance["decision"], intents = [own], who: Cast = CARLA) => {
    const document = makeDocument(CLEARANCE, {
      ...header("clearance"),
      custody: story.custody.id,
      decision,
      code: "standard" as Name,
      intents: intents.map(({ digest }) => digest),
      policy: 2,
      expires: at("20:00:00"),
    });
    return said({ clearances: [embed(signedDocument(document, [who], at("11:00:00")))] });
  };

  test("is a no where it refuses this intent, alone or with others", () => {
    expect(word("refuse")).toEqual(["ATTESTED", "carla"]);
    expect(word("refuse", [own, beside])).toEqual(["ATTESTED", "carla"]);
    expect(word("clear")).toEqual(["NOT PROVEN"]);
    expect(word("refuse", [beside])).toEqual(["NOT PROVEN"]);
    expect(word("refuse", [own], ANNA)).toEqual(["NOT PROVEN"]);
  });
});

test("a halt is a no of whoever may call one", () => {
  const halted = (who: Cast) => {
    const document = makeDocument(HALT, {
      ...header("halt"),
      custody: story.custody.id,
      id: fixtureId("halt"),
      scope: { of: "everything" },
      code: "theft" as Name,
      policy: 2,
    });
    return said({ halts: [embed(signedDocument(document, [who], at("11:00:00")))] });
  };
  expect(halted(OLGA)).toEqual(["ATTESTED", "olga"]);
  expect(halted(MALLORY)).toEqual(["NOT PROVEN"]);
});
