/** A void releases a hold only if its maker knows the family, the whole of it, from birth (laws 3 and 7). */
import { describe, expect, test } from "vitest";
import { makeDocument } from "../../src/core/document.ts";
import type { Family } from "../../src/core/documents/family.ts";
import { VOID } from "../../src/core/documents/void.ts";
import { heldAccount } from "../../src/core/ledger.ts";
import type { Policy } from "../../src/core/policy/policy.ts";
import { PORTS } from "../../src/home/ports.ts";
import { activatePolicy } from "../../src/store/policies.ts";
import { balanceOf } from "../../src/store/postings.ts";
import { importVoid, VOID_UNFOUNDED, VOID_UNSIGNED } from "../../src/withdrawals/ending/void.ts";
import { policyDocument } from "../../src/core/policy/policy.ts";
import { voidFamily } from "../../signer/gates/void.ts";
import { expectRefusal } from "../bitcoin/refusal.ts";
import { stateFor } from "../factory/custody.ts";
import { approval, BTC, signedDocument } from "../factory/documents.ts";
import { ANNA, BEN, fixtureDigest, fixtureId, SIGNER } from "../factory/identities.ts";
import { voided } from "../factory/online-words.ts";
import { following, signerCast } from "../factory/policies.ts";
import { ask, build, CUSTOMER, decide, exported, makeDesk, step, type Desk } from "./online.ts";

const held = ({ store }: Desk) => balanceOf(store, heldAccount(CUSTOMER), BTC);

/** An approved and exported payment that somebody has said no to. */
function revoking() {
  const desk = makeDesk();
  const { intent } = ask(desk, "k", 10_000_000n);
  const custody = desk.custody.id;
  decide(desk, approval(intent, [ANNA], { custody }));
  exported(desk, build(desk).plan.id);
  decide(desk, approval(intent, [BEN], { custody, decision: "reject" }));
  return { desk, intent };
}

type Desked = ReturnType<typeof revoking>;

const close = ({ desk }: Desked, document: ReturnType<typeof voided>) =>
  step(desk, (tx) => importVoid(PORTS, tx, document, { policy: desk.custody.policy }));

/** The signer is lost and made anew; policy number 2 names its second epoch. */
function restore({ desk }: Desked) {
  const { policy } = desk.custody;
  const reborn = signerCast("reborn");
  const [first] = policy.body.signers as [Policy["signers"][number]];
  const entry = { ...first, key: reborn.key, epoch: 2, startHead: fixtureDigest("start 2"), since: 2 };
  const next = policyDocument(following(policy, { signers: [entry] }));
  step(desk, (tx) => {
    PORTS.saveDocument(tx, next);
    activatePolicy(tx, { number: 2, digest: next.digest });
  });
  const self = { name: SIGNER.name, key: entry.key, epoch: 2, startHead: entry.startHead };
  return { reborn, state: stateFor(desk.custody, { policy: next, self }) };
}

describe("A08: a hold is released by voids that say nothing of what was signed", () => {
  test("an epoch younger than the family is shown the intent under a later birth, and lists nothing", () => {
    const made = revoking();
    const { reborn, state } = restore(made);
    // The intent carries no signatures, so whoever carries the file writes its birth as he likes.
    const { body, digest, signatures } = made.intent;
    const forged = { body: { ...body, born: 2 }, digest, signatures };
    const { document } = voidFamily(forged, reborn.seed, state);
    expect(document.body.attempts).toEqual([]);
    expectRefusal(() => close(made, document), VOID_UNSIGNED);
    expect(held(made.desk)).toBe(10_000_000n);
    // What the epoch of that time has closed stays closed, whoever came after it.
    expect(close(made, voided(made.desk, made.intent))).toMatchObject({ withdrawal: { state: "REJECTED" } });
    expect(held(made.desk)).toBe(0n);
  });

  test.each([
    ["another client key", { clientKey: fixtureDigest("another key") }],
    ["another customer", { customer: fixtureId("another customer") }],
    ["no customer", { customer: undefined, clientKey: undefined }],
  ])("a void of a twin with the same id and %s", (_name, changes) => {
    const made = revoking();
    const { body } = voided(made.desk, made.intent);
    const family = Object.fromEntries(
      Object.entries({ ...body.family, ...changes }).filter(([, value]) => value !== undefined),
    ) as Family;
    const twin = signedDocument(
      makeDocument(VOID, { ...body, family }),
      [SIGNER],
      "2026-11-22T09:40:00Z" as never,
    );
    expectRefusal(() => close(made, twin), VOID_UNFOUNDED);
    expect(held(made.desk)).toBe(10_000_000n);
    expect(close(made, voided(made.desk, made.intent))).toMatchObject({ withdrawal: { state: "REJECTED" } });
  });
});
