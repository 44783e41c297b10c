/** F9: evidence of a plan that the online host has lost: signers' voids list it, and people vouch that it is dead. */
import { expect, test } from "vitest";
import type { Digest } from "../../../src/core/digest.ts";
import { embed, makeDocument } from "../../../src/core/document.ts";
import { DEAD } from "../../../src/core/documents/dead.ts";
import { familyOf } from "../../../src/core/documents/family.ts";
import { VOID } from "../../../src/core/documents/void.ts";
import type { Name } from "../../../src/core/identifier.ts";
import { header, signedDocument } from "../../factory/documents.ts";
import { evidenceOf } from "../../factory/evidence.ts";
import { SIGNERS } from "../../factory/evidence-house.ts";
import { ANNA, at, BEN, fixtureDigest, OSCAR, type Cast } from "../../factory/identities.ts";
import { story, verdicts } from "./judged.ts";

const PLAN = fixtureDigest("a plan of lost hours");
const RUNG = fixtureDigest("its rung");
const ROW = story.policies.at(-1)?.body.rows[0]?.name as Name;
const [own] = story.payouts;

const listing = (operators: readonly string[], transactions: readonly Digest[] = [RUNG]) => {
  const [signer] = SIGNERS;
  const attempt = {
    plan: PLAN,
    generation: 1,
    row: ROW,
    conflictKeys: ["coin"],
    transactions: [...transactions],
  };
  const document = makeDocument(VOID, {
    ...header("void"),
    custody: story.custody.id,
    family: familyOf(own.intent.body),
    signer: signer.name,
    epoch: 1,
    policy: 2,
    attempts: [{ ...attempt, operators: [...operators] }],
  });
  return [embed(signedDocument(document, [signer], at("10:00:00")))];
};

const dead = (...who: readonly Cast[]) => {
  const document = makeDocument(DEAD, {
    ...header("dead"),
    custody: story.custody.id,
    plan: PLAN,
    transactions: [RUNG],
    conflictKey: "coin",
    spentBy: fixtureDigest("another transaction"),
    block: { hash: fixtureDigest("another block"), height: 103 },
    evidence: fixtureDigest("what the watcher saw"),
    policy: 2,
  });
  return [embed(signedDocument(document, who, at("10:00:00")))];
};

const said = (voids: ReturnType<typeof listing>, ...who: readonly Cast[]) =>
  verdicts(evidenceOf(story, { voids, dead: dead(...who) }), "dead");

test("it is vouched for where a void lists it, by a quorum without whoever led it out", () => {
  expect(said(listing([OSCAR.person]), ANNA, BEN)).toEqual(["ATTESTED"]);
  expect(said(listing([OSCAR.person]), ANNA)).toEqual(["FAILED"]);
  expect(said(listing([OSCAR.person, BEN.person]), ANNA, BEN)).toEqual(["FAILED"]);
});

test("it is about nothing where no void lists it, and not about what a void lists besides", () => {
  expect(said([], ANNA, BEN)).toEqual(["FAILED"]);
  expect(said(listing([OSCAR.person], [RUNG, fixtureDigest("another rung")]), ANNA, BEN)).toEqual(["FAILED"]);
});
