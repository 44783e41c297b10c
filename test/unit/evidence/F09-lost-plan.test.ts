/** F9: evidence of a plan that the online host has lost: signers' voids list it, and people vouch that it is dead. */
import { expect, test } from "vitest";
import type { Digest } from "../../../src/core/digest.ts";
import { embed, makeDocument } from "../../../src/core/document.ts";
import { DEAD } from "../../../src/core/documents/dead.ts";
import { familyOf } from "../../../src/core/documents/family.ts";
import { VOID } from "../../../src/core/documents/void.ts";
import type { Name } from "../../../src/core/identifier.ts";
import { REGTEST, header, signedDocument } from "../../factory/documents.ts";
import { evidenceOf } from "../../factory/evidence.ts";
import { SIGNERS } from "../../factory/evidence-house.ts";
import { ANNA, at, BEN, fixtureDigest, MALLORY, OSCAR, type Cast } from "../../factory/identities.ts";
import { story, verdicts } from "./judged.ts";

const COIN = `${REGTEST}:outpoint:${fixtureDigest("coin")}:0`;
const PLAN = fixtureDigest("a plan of lost hours");
const RUNG = fixtureDigest("its rung");
const ROW = story.policies.at(-1)?.body.rows[0]?.name as Name;
const [own] = story.payouts;

const listing = (
  operators: readonly string[],
  transactions: readonly Digest[] = [RUNG],
  by: Cast = SIGNERS[0],
) => {
  const [signer] = SIGNERS;
  const attempt = {
    plan: PLAN,
    generation: 1,
    row: ROW,
    conflictKeys: [COIN],
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
  return [embed(signedDocument(document, [by], at("10:00:00")))];
};

const dead = (who: readonly Cast[], transactions: readonly Digest[] = [RUNG]) => {
  const document = makeDocument(DEAD, {
    ...header("dead"),
    custody: story.custody.id,
    plan: PLAN,
    transactions: [...transactions],
    conflictKey: COIN,
    spentBy: fixtureDigest("another transaction"),
    block: { hash: fixtureDigest("another block"), height: 103 },
    evidence: fixtureDigest("what the watcher saw"),
    policy: 2,
  });
  return [embed(signedDocument(document, who, at("10:00:00")))];
};

const said = (voids: ReturnType<typeof listing>, ...who: readonly Cast[]) =>
  verdicts(evidenceOf(story, { voids, dead: dead(who) }), "dead");

test("it is vouched for where a void lists it, by a quorum without whoever led it out", () => {
  expect(said(listing([OSCAR.person]), ANNA, BEN)).toEqual(["ATTESTED"]);
  expect(said(listing([OSCAR.person]), ANNA)).toEqual(["FAILED"]);
  expect(said(listing([OSCAR.person, BEN.person]), ANNA, BEN)).toEqual(["FAILED"]);
});

test("it is about nothing where no void lists it, and not about what a void lists besides", () => {
  expect(said([], ANNA, BEN)).toEqual(["FAILED"]);
  expect(said(listing([OSCAR.person], [RUNG, fixtureDigest("another rung")]), ANNA, BEN)).toEqual(["FAILED"]);
});

test("a void that its signer has not signed lists nothing", () => {
  expect(said(listing(["nobody"], [RUNG], MALLORY), ANNA, BEN)).toEqual(["FAILED"]);
});

test("what settled the withdrawal is not dead, whatever plan a void lists it under", () => {
  const settled = story.attempts.rungs[0]?.transaction as Digest;
  const all = [RUNG, settled];
  const { settlement } = evidenceOf(story).body;
  expect(settlement?.transaction).toBe(settled);
  const proof = dead([ANNA, BEN], all);
  expect(verdicts(evidenceOf(story, { voids: listing([OSCAR.person], all), dead: proof }), "dead")).toEqual([
    "FAILED",
  ]);
  const [lost] = [listing([OSCAR.person])];
  expect(verdicts(evidenceOf(story, { voids: lost, dead: dead([ANNA, BEN]) }), "dead")).toEqual(["ATTESTED"]);
});
