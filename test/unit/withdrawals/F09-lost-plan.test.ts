/** Failure F9: a plan that a restored database has lost is known by signers' voids alone, and people vouch for its death (law 4). */
import { describe, expect, test } from "vitest";
import type { SignedAttempt } from "../../../src/core/documents/family.ts";
import type { Name } from "../../../src/core/identifier.ts";
import type { Digest } from "../../../src/core/digest.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { verifyLedger } from "../../../src/store/integrity.ts";
import { DEAD_UNSIGNED, importDead } from "../../../src/withdrawals/ending/bury.ts";
import { DEAD_UNFOUNDED, draftDead } from "../../../src/withdrawals/ending/dead.ts";
import { deceasedOf, listedIn } from "../../../src/withdrawals/ending/deceased.ts";
import { importVoid } from "../../../src/withdrawals/ending/void.ts";
import { ask, build, decide, exported, makeDesk, receive, step, type Desk } from "../../attack/online.ts";
import { expectRefusal } from "../../bitcoin/refusal.ts";
import { stateFor } from "../../factory/custody.ts";
import { REGTEST, approval, row, signedDocument } from "../../factory/documents.ts";
import { signed } from "../../factory/gates.ts";
import { ANNA, at, BEN, fixtureDigest, OSCAR, type Cast } from "../../factory/identities.ts";
import { strict, voided } from "../../factory/online-words.ts";

const PLAN = fixtureDigest("a plan of the lost hours");
const TX = fixtureDigest("what made its coins");
const [COIN, SECOND] = [`${REGTEST}:outpoint:${TX}:1`, `${REGTEST}:outpoint:${TX}:2`];
const [RUNG, CANCEL] = [fixtureDigest("its rung"), fixtureDigest("its cancel rung")];
const OTHER = fixtureDigest("somebody else's");

const attempt = (changes: Partial<SignedAttempt> = {}): SignedAttempt => ({
  plan: PLAN,
  generation: 1,
  row: "small" as Name,
  conflictKeys: [COIN, SECOND],
  transactions: [RUNG, CANCEL],
  cancel: CANCEL,
  operators: [OSCAR.person],
  ...changes,
});

/**
 * A payment that nobody wants any more; its one signer has signed a plan of it that no row here knows.
 * @param meanwhile what happens before the no
 */
function revoked(
  listed: readonly SignedAttempt[] = [attempt()],
  meanwhile: (desk: Desk) => void = () => undefined,
) {
  const desk = makeDesk({ ...strict({}), rows: [row("small", "0", "100000000", 2)] });
  const asked = ask(desk, "k", 25_000_000n);
  const { policy } = desk.custody;
  for (const who of [ANNA, BEN]) decide(desk, approval(asked.intent, [who], { custody: desk.custody.id }));
  meanwhile(desk);
  decide(desk, approval(asked.intent, [BEN], { custody: desk.custody.id, decision: "reject" }));
  const closed = step(desk, (tx) => importVoid(PORTS, tx, voided(desk, asked.intent, listed), { policy }));
  const state = () => step(desk, (tx) => PORTS.getWithdrawal(tx, asked.id).state);
  const draft = (spentBy: Digest, conflictKey = COIN) =>
    step(desk, (tx) => {
      const known = deceasedOf(PORTS, tx, PLAN, listedIn(PORTS, tx, PLAN));
      if (known === undefined) throw DEAD_UNFOUNDED("nothing is known of it");
      const block = { hash: fixtureDigest("block"), height: 200 };
      return draftDead(known, { conflictKey, spentBy, block }, policy);
    });
  const bring = (dead: ReturnType<typeof draft>, ...who: readonly Cast[]) =>
    step(desk, (tx) => {
      const decode = () => expect.fail("there is no row whose bytes could be read");
      return importDead(PORTS, tx, signedDocument(dead, who, at("10:00:00")), { policy, decode });
    });
  return { desk, asked, closed, state, draft, bring };
}

describe("a hold that waits for a plan of lost hours", () => {
  test("says which coin that plan spends, and is released once its quorum has vouched that another took it", () => {
    const { desk, closed, state, draft, bring } = revoked();
    expect(closed.open).toBe(
      `plan ${PLAN} was signed and is not dead yet; no row of it is here, and it spends coin ${COIN}`,
    );
    expect(bring(draft(OTHER), ANNA)).toMatchObject({ plan: undefined, signed: 1, needed: 2 });
    expect(state()).toBe("REVOKING");
    expect(bring(draft(OTHER), BEN).withdrawals).toMatchObject([{ state: "REJECTED" }]);
    expect(state()).toBe("REJECTED");
    verifyLedger(desk.store);
  });

  test("its own cancel rung pays nobody, and kills it; a rung that pays has settled it", () => {
    const { state, draft, bring } = revoked();
    expectRefusal(() => draft(RUNG), DEAD_UNFOUNDED);
    bring(draft(CANCEL), ANNA, BEN);
    expect(state()).toBe("REJECTED");
  });

  test("what one void calls the cancel rung, and another does not, may pay", () => {
    const { state, draft } = revoked([attempt(), attempt({ cancel: undefined })]);
    expectRefusal(() => draft(CANCEL), DEAD_UNFOUNDED);
    expect(state()).toBe("REVOKING");
  });

  test("only a coin that all voids list is the plan's", () => {
    const { draft } = revoked([attempt(), attempt({ conflictKeys: [SECOND] })]);
    expectRefusal(() => draft(OTHER, COIN), DEAD_UNFOUNDED);
    expect(draft(OTHER, SECOND).body.conflictKey).toBe(SECOND);
  });

  test("F5: whoever led it out does not vouch: a signer remembers the person, whatever the name is by now", () => {
    const { state, draft, bring } = revoked([attempt({ operators: [OSCAR.person, BEN.person] })]);
    expectRefusal(() => bring(draft(OTHER), BEN), DEAD_UNSIGNED);
    expect(bring(draft(OTHER), ANNA, BEN)).toMatchObject({ signed: 1, needed: 2 });
    expect(state()).toBe("REVOKING");
  });

  test("a proof that does not cover what a later void lists releases nothing any more", () => {
    const known = revoked();
    const dead = known.draft(OTHER);
    const { state, bring } = revoked([attempt(), attempt({ transactions: [RUNG, CANCEL, OTHER] })]);
    expectRefusal(() => bring(dead, ANNA, BEN), DEAD_UNFOUNDED);
    expect(state()).toBe("REVOKING");
  });

  test("a plan that no void lists is nobody's to bury; nobody can say how many must where its row is gone", () => {
    const dead = revoked().draft(OTHER);
    expectRefusal(() => revoked([]).bring(dead, ANNA, BEN), DEAD_UNFOUNDED);
    const gone = revoked([attempt({ row: "gone" as Name })]);
    expect(gone.bring(gone.draft(OTHER), ANNA, BEN)).toMatchObject({ signed: 2, needed: undefined });
    expect(gone.state()).toBe("REVOKING");
  });

  test("F5: who led it out may stand in the void of another payment of that plan alone", () => {
    const { desk, draft, bring, state } = revoked();
    const { policy } = desk.custody;
    const other = ask(desk, "another", 10_000_000n);
    const listed = [attempt({ operators: [OSCAR.person, BEN.person] })];
    step(desk, (tx) => importVoid(PORTS, tx, voided(desk, other.intent, listed), { policy }));
    expect(bring(draft(OTHER), ANNA, BEN)).toMatchObject({ signed: 1, needed: 2 });
    expect(state()).toBe("REVOKING");
  });

  test("F3: it is not killed by an attempt of another plan that pays the same, which has settled the payment", () => {
    const { desk, asked, draft, bring } = revoked([attempt()], (open) => {
      const { request } = exported(open, build(open).plan.id);
      receive(open, signed(request, stateFor(open.custody)).receipt);
    });
    const attempts = step(desk, (tx) =>
      PORTS.plansOfWithdrawal(tx, asked.id).flatMap(({ id }) => PORTS.attemptsOf(tx, id)),
    );
    const [rung] = attempts.filter(({ kind }) => kind === "rung");
    const [cancel] = attempts.filter(({ kind }) => kind === "cancel");
    expectRefusal(() => bring(draft(rung?.txid as Digest), ANNA, BEN), DEAD_UNFOUNDED);
    expect(bring(draft(cancel?.txid as Digest), ANNA, BEN)).toMatchObject({ signed: 2 });
    expect(bring(draft(OTHER), ANNA, BEN)).toMatchObject({ signed: 2 });
  });
});
