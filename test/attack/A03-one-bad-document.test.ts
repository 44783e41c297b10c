import { describe, expect, test } from "vitest";
import { APPROVAL, type ApprovalDocument } from "../../src/core/documents/approval.ts";
import type { Instant } from "../../src/core/instant.ts";
import { PORTS } from "../../src/home/ports.ts";
import { dropPlan, PLAN_NOT_ALLOWED } from "../../src/withdrawals/crossing/export.ts";
import { expectRefusal } from "../bitcoin/refusal.ts";
import { approval, delegation } from "../factory/documents.ts";
import { stateFor } from "../factory/custody.ts";
import { after, reviewed, signed } from "../factory/gates.ts";
import { codeOf } from "../factory/thrown.ts";
import { ANNA, at, BEN, castMember, fixtureBytes } from "../factory/identities.ts";
import { ask, build, decide, exported, makeDesk, receive, step, type Desk } from "./online.ts";

const SECOND_SESSION = castMember("session 2", "Oscar Operator");

/** An approval at this desk's custody. */
const word = (
  desk: Desk,
  { intent }: ReturnType<typeof ask>,
  who = [ANNA],
  decision: "approve" | "reject" = "approve",
) => approval(intent, who, { custody: desk.custody.id, decision });

/** A signature in `who`'s name that `who` never made. */
function forged(document: ApprovalDocument): ApprovalDocument {
  const [true_] = document.signatures;
  const sig = Buffer.from([...fixtureBytes("f"), ...fixtureBytes("g")]).toString("hex");
  return { ...document, signatures: [{ ...(true_ as NonNullable<typeof true_>), sig }] };
}

describe("A03: what one hostile file, or one late no, may not do to others", () => {
  test("a false signature in a colleague's name does not take the place of the true one", () => {
    const desk = makeDesk();
    const withdrawal = ask(desk, "k", 25_000_000n);
    const good = word(desk, withdrawal);
    decide(desk, good);
    const byBen = word(desk, withdrawal, [BEN]);
    const copy = { ...good, signatures: [...forged(good).signatures, ...byBen.signatures] };
    decide(desk, copy, at("09:06:00"));
    const [stored] = step(desk, (tx) =>
      PORTS.findDocuments(tx, APPROVAL, PORTS.decisionsOf(tx, withdrawal.id, APPROVAL.kind)),
    );
    expect(stored?.signatures.find(({ by }) => by === ANNA.key)).toEqual(good.signatures[0]);
    expect(stored?.signatures.find(({ by }) => by === BEN.key)).toEqual(byBen.signatures[0]);
  });

  test("signatures of strangers do not fill a document until no reader takes it", () => {
    const desk = makeDesk();
    const withdrawal = ask(desk, "k", 25_000_000n);
    const good = word(desk, withdrawal);
    for (const batch of [0, 1]) {
      const strangers = Array.from({ length: 63 }, (_, i) => castMember(`stranger ${batch} ${i}`));
      const { signatures } = word(desk, withdrawal, strangers);
      decide(desk, { ...good, signatures: [...good.signatures, ...signatures] });
    }
    const { plan } = build(desk);
    const { request } = exported(desk, plan.id);
    expect(codeOf(() => reviewed(request, stateFor(desk.custody)))).toBe("none");
  });

  test("a no after the plan was built stops the export while the plan can still be dropped", () => {
    const desk = makeDesk();
    const [one, two] = [ask(desk, "one", 10_000_000n), ask(desk, "two", 20_000_000n)];
    for (const withdrawal of [one, two]) decide(desk, word(desk, withdrawal));
    const { plan } = build(desk);
    expect(decide(desk, word(desk, one, [BEN], "reject")).effect).toBe("revoking");
    expectRefusal(() => exported(desk, plan.id), PLAN_NOT_ALLOWED);
    step(desk, (tx) => dropPlan(PORTS, tx, PORTS.getPlan(tx, plan.id)));
    const again = build(desk);
    expect(again.withdrawals.map(({ id }) => id)).toEqual([two.id]);
    expect(exported(desk, again.plan.id).plan.state).toBe("EXPORTED");
  });

  test("a payment of one satoshi is left out of the batch and does not stop it", () => {
    const desk = makeDesk();
    const [dust, good] = [ask(desk, "dust", 1n), ask(desk, "good", 20_000_000n)];
    for (const withdrawal of [dust, good]) decide(desk, word(desk, withdrawal));
    const planned = build(desk);
    expect(planned.withdrawals.map(({ id }) => id)).toEqual([good.id]);
    expect(planned.leftOut).toMatchObject([{ withdrawal: { id: dust.id }, why: /PAYMENT_DUST/ }]);
  });
});

describe("A04: a plan that left the machine is not lost with its session", () => {
  const tomorrow = (time: string) => `2026-11-23T${time}Z` as Instant;

  test("the same session gives the same request; another one gives the same plan in a new request", () => {
    const desk = makeDesk();
    const withdrawal = ask(desk, "k", 25_000_000n);
    decide(desk, word(desk, withdrawal));
    const { plan } = build(desk);
    const first = exported(desk, plan.id).request;
    expect(exported(desk, plan.id, { now: at("09:19:00") }).request).toEqual(first);

    const late = stateFor(desk.custody, { clock: tomorrow("09:00:00") });
    expect(codeOf(() => reviewed(first, late))).toBe("G2_DELEGATION_NOT_IN_FORCE");
    const fresh = delegation({
      custody: desk.custody.id,
      session: SECOND_SESSION.key,
      notBefore: tomorrow("08:00:00"),
      expires: tomorrow("20:00:00"),
    });
    const anew = approval(
      withdrawal.intent,
      [ANNA],
      { custody: desk.custody.id, expires: tomorrow("20:00:00") },
      tomorrow("08:30:00"),
    );
    decide(desk, anew, tomorrow("08:31:00"));
    const session = { delegation: fresh, key: SECOND_SESSION, now: tomorrow("08:45:00") };
    const second = exported(desk, plan.id, session).request;
    expect(second.digest).not.toBe(first.digest);
    expect(second.body.plans).toEqual(first.body.plans);
    expect(exported(desk, plan.id, session).request).toEqual(second);

    const { receipt } = signed(second, late);
    expect(receive(desk, receipt)).toMatchObject({ plans: [{ plan: { state: "SIGNED" } }] });
    expect(receive(desk, receipt)).toMatchObject({ plans: [{ plan: { state: "SIGNED" } }] });
  });

  test("both requests signed are one transaction, imported once", () => {
    const desk = makeDesk();
    const withdrawal = ask(desk, "k", 25_000_000n);
    decide(desk, word(desk, withdrawal));
    const { plan } = build(desk);
    const one = exported(desk, plan.id).request;
    const other = delegation({ custody: desk.custody.id, session: SECOND_SESSION.key });
    const two = exported(desk, plan.id, { delegation: other, key: SECOND_SESSION }).request;
    expect(two.digest).not.toBe(one.digest);
    const first = signed(one, stateFor(desk.custody));
    const second = signed(two, after(stateFor(desk.custody), first));
    const [a, b] = [receive(desk, second.receipt), receive(desk, first.receipt)];
    expect(a.plans.map(({ complete }) => complete.length)).toEqual([plan.id].map(() => 4));
    expect(b.plans.map(({ complete }) => complete)).toEqual(a.plans.map(({ complete }) => complete));
    expect(step(desk, (tx) => PORTS.getWithdrawal(tx, withdrawal.id).state)).toBe("SIGNED");
  });
});
