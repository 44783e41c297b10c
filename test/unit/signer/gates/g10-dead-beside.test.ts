/** G10: a proof of death beside payments that need none (law 4). */
import { expect, test } from "vitest";
import { embed, makeDocument } from "../../../../src/core/document.ts";
import { DEAD } from "../../../../src/core/documents/dead.ts";
import { makeCustody, payout, stateFor } from "../../../factory/custody.ts";
import { header, signedDocument } from "../../../factory/documents.ts";
import { after, reviewed, signed } from "../../../factory/gates.ts";
import { at, BEN, fixtureDigest } from "../../../factory/identities.ts";
import { ask, planned, type Planned } from "../../../factory/requests.ts";
import { codeOf } from "../../../factory/thrown.ts";

const custody = makeCustody();
const start = stateFor(custody);
const g1 = payout(custody);
const g2 = payout(custody, { supersedes: [g1.intent] });
const onX = planned(custody, [g1], { coins: [{ units: 30_000_000n, index: 1 }] });
const written = signed(ask(custody, [onX]), start);
const { outcome } = written.receipt.body;
const rungs = outcome.type === "signed" ? (outcome.plans[0]?.rungs ?? []) : [];
const dead = signedDocument(
  makeDocument(DEAD, {
    ...header("dead"),
    custody: custody.id,
    plan: onX.plan.digest,
    transactions: rungs.map(({ transaction }) => transaction),
    conflictKey: onX.plan.body.conflictKeys[0] as string,
    spentBy: fixtureDigest("another spend"),
    block: { hash: fixtureDigest("block"), height: 900 },
    evidence: fixtureDigest("evidence"),
    policy: 1,
  }),
  [BEN],
  at("09:10:00"),
);
const again = planned(custody, [g2], { coins: [{ units: 31_000_000n, index: 2 }] });
const other = planned(custody, [payout(custody, { label: "order 78" })], {
  coins: [{ units: 32_000_000n, index: 3 }],
});
const verdict = (...plans: readonly Planned[]) => {
  const request = ask(custody, plans, { label: "again", body: { dead: [embed(dead)] } });
  return codeOf(() => reviewed(request, after(start, written)));
};

test("it is no stray where one later generation stands among first ones, and is one where none does", () => {
  expect(verdict(again)).toBe("none");
  expect(verdict(again, other)).toBe("none");
  expect(verdict(other)).toBe("G10_DEAD_STRAY");
});
