/** G10: proofs of death and closed families (laws 3 and 4). */
import { describe, expect, test } from "vitest";
import type { Digest } from "../../../../src/core/digest.ts";
import { embed, makeDocument } from "../../../../src/core/document.ts";
import { DELEGATION } from "../../../../src/core/documents/delegation.ts";
import { DEAD, type Dead, type DeadDocument } from "../../../../src/core/documents/dead.ts";
import type { IntentDocument } from "../../../../src/core/documents/intent.ts";
import type { Policy } from "../../../../src/core/policy/policy.ts";
import { verifySignature } from "../../../../src/core/signature.ts";
import { makeCustody, payout, stateFor, type Payout } from "../../../factory/custody.ts";
import { delegation, header, policyBody, signedDocument } from "../../../factory/documents.ts";
import { after, reviewed, signed } from "../../../factory/gates.ts";
import {
  ANNA,
  at,
  BEN,
  castMember,
  fixtureDigest,
  fixtureId,
  OLGA,
  OSCAR,
  SIGNER,
  type Cast,
} from "../../../factory/identities.ts";
import { ask, planned, THREE_RUNGS, type Planned } from "../../../factory/requests.ts";
import { codeOf } from "../../../factory/thrown.ts";
import { voidFamily } from "../../../../signer/gates/void.ts";
import type { SignerState } from "../../../../signer/gates/state.ts";
import { withLine, type JournalLine } from "../../../../signer/journal/journal.ts";
import type { TestCoin } from "../../../bitcoin/regtest-wallet.ts";

const custody = makeCustody();
const start = stateFor(custody);
const X: TestCoin = { units: 30_000_000n, index: 1 };
const Y: TestCoin = { units: 31_000_000n, index: 2 };

const g1 = payout(custody);
const onX = planned(custody, [g1], { coins: [X] });
const first = after(start, signed(ask(custody, [onX]), start));

const generation = (...supersedes: readonly IntentDocument[]) => payout(custody, { supersedes });
const g2 = generation(g1.intent);
const over = (of: Payout, coin: TestCoin) => planned(custody, [of], { coins: [coin] });

/** Ids of all attempts of a plan, as the signer signed them. */
function transactionsOf(state: SignerState): Digest[] {
  const outcome = state.journal.lines.findLast(({ receipt }) => receipt !== undefined)?.receipt?.body.outcome;
  return outcome?.type === "signed"
    ? (outcome.plans[0]?.rungs.map(({ transaction }) => transaction) ?? [])
    : [];
}

const dead = (changes: Partial<Dead> = {}, who: readonly Cast[] = [BEN], of: Planned = onX): DeadDocument =>
  signedDocument(
    makeDocument(DEAD, {
      ...header("dead"),
      custody: custody.id,
      plan: of.plan.digest,
      transactions: transactionsOf(first),
      conflictKey: of.plan.body.conflictKeys[0] as string,
      spentBy: fixtureDigest("another spend"),
      block: { hash: fixtureDigest("block"), height: 900 },
      evidence: fixtureDigest("evidence"),
      policy: 1,
      ...changes,
    }),
    who,
    at("09:10:00"),
  );

function verdict(plan: Planned, documents: readonly DeadDocument[], state = first): string {
  const body = { dead: documents.map(embed) };
  return codeOf(() => reviewed(ask(custody, [plan], { label: "again", body }), state));
}

describe("G10: a new generation on other coins needs proof of death (law 4)", () => {
  test("the plan's own people say so, of all that was signed, and the new generation names the old", () => {
    expect(verdict(over(g2, Y), [dead()])).toBe("none");
    expect(verdict(over(g2, Y), [])).toBe("G10_NO_SHARED_COIN");
    expect(verdict(over(g2, X), [])).toBe("none");
  });

  test("the officer reads which generation it is, what died of what, and who among the approvers says so", () => {
    const body = { dead: [embed(dead({}, [OLGA, ANNA]))] };
    const { review } = reviewed(ask(custody, [over(g2, Y)], { label: "again", body }), first);
    const spentBy = fixtureDigest("another spend");
    expect(review.body.dead).toEqual([{ plan: onX.plan.digest, spentBy, by: ["anna"] }]);
    expect(review.body.plans[0]?.intents[0]).toMatchObject({ generation: 2, intent: g2.intent.body.id });
  });

  test("an approval of the first generation does not reach other coins", () => {
    const { intent } = payout(custody, { intent: { operation: fixtureId("another draft of it") } });
    expect(verdict(over(generation(intent), Y), [dead()])).toBe("G10_NOT_SUPERSEDED");
    expect(verdict(over(g1, Y), [dead()])).toBe("G10_NOT_SUPERSEDED");
  });

  test("a proof counts with as many approvers as the intent's row asks for, none of them the operator", () => {
    expect(verdict(over(g2, Y), [dead({}, [])])).toBe("G10_DEAD_UNSIGNED");
    expect(verdict(over(g2, Y), [dead({}, [OLGA])])).toBe("G10_DEAD_UNSIGNED");
    expect(verdict(over(g2, Y), [dead({}, [OLGA, ANNA])])).toBe("none");
    const people = policyBody().identities.map((each) =>
      each.name === BEN.name ? { ...each, person: OSCAR.person } : each,
    );
    const policy = { ...custody.policy, body: { ...custody.policy.body, identities: people } };
    expect(verdict(over(g2, Y), [dead({}, [BEN])], { ...first, policy })).toBe("G10_DEAD_UNSIGNED");
    expect(verdict(over(g2, Y), [dead({}, [ANNA])], { ...first, policy })).toBe("none");
  });

  test("none of them led the plan out: neither then nor in a later request, whoever asks now", () => {
    // Oscar and Ben take turns as operators; each holds a second key as approver, under another name.
    const second = (who: Cast, name: string) => ({ ...castMember(name), person: who.person });
    const [oscarToo, benToo] = [second(OSCAR, "oscar-2"), second(BEN, "ben-2")];
    const identities = policyBody().identities.map((each) =>
      each.name === BEN.name ? { ...each, roles: ["approver" as const, "operator" as const] } : each,
    );
    const of = ({ name, person, key }: Cast): Policy["identities"][number] => ({
      name,
      person,
      key,
      alg: "ed25519",
      roles: ["approver"],
    });
    const policy = {
      ...custody.policy,
      body: { ...custody.policy.body, identities: [...identities, of(oscarToo), of(benToo)] },
    };
    const by = (who: Cast) =>
      signedDocument(
        makeDocument(DELEGATION, { ...delegation({ custody: custody.id }).body, operator: who.name }),
        [who],
        at("08:05:00"),
      );
    const leads = (state: SignerState, label: string, who: Cast) =>
      after(state, signed(ask(custody, [onX], { label, delegation: by(who) }), state));
    const oscarLed = leads({ ...start, policy }, "first", OSCAR);
    const bothLed = leads(oscarLed, "second", BEN);
    const answer = (state: SignerState, asks: Cast, says: Cast) =>
      codeOf(() =>
        reviewed(
          ask(custody, [over(g2, Y)], {
            label: "follows",
            delegation: by(asks),
            body: { dead: [embed(dead({}, [says]))] },
          }),
          state,
        ),
      );
    expect(answer(oscarLed, BEN, oscarToo)).toBe("G10_DEAD_UNSIGNED");
    expect(answer(oscarLed, BEN, benToo)).toBe("G10_DEAD_UNSIGNED");
    expect(answer(oscarLed, OSCAR, benToo)).toBe("none");
    expect(answer(bothLed, OSCAR, benToo)).toBe("G10_DEAD_UNSIGNED");
    expect(answer(bothLed, OSCAR, ANNA)).toBe("none");
  });

  test("two are needed where the row asks for two", () => {
    const rows = custody.policy.body.rows.map((each) => ({ ...each, quorum: 2 }));
    const policy = { ...custody.policy, body: { ...custody.policy.body, rows } };
    const twice = payout(custody, { supersedes: [g1.intent], approvers: [ANNA, BEN] });
    expect(verdict(over(twice, Y), [dead({}, [BEN])], { ...first, policy })).toBe("G10_DEAD_UNSIGNED");
    expect(verdict(over(twice, Y), [dead({}, [BEN, ANNA])], { ...first, policy })).toBe("none");
  });

  test("it is about this plan, all of its attempts and one of its coins", () => {
    const all = transactionsOf(first);
    expect(all).toHaveLength(2);
    const bad = (changes: Partial<Dead>) => verdict(over(g2, Y), [dead(changes)]);
    expect(bad({ plan: fixtureDigest("another plan") })).toBe("G10_NO_SHARED_COIN");
    expect(bad({ transactions: all.slice(1) })).toBe("G10_DEAD_OTHERWISE");
    expect(bad({ transactions: all.slice(0, 1) })).toBe("G10_DEAD_OTHERWISE");
    expect(bad({ transactions: [...all, fixtureDigest("what another signer signed")] })).toBe("none");
    expect(bad({ conflictKey: over(g2, Y).plan.body.conflictKeys[0] as string })).toBe("G10_DEAD_OTHERWISE");
    expect(bad({ policy: 2 })).toBe("G10_DEAD_UNSIGNED");
  });

  test("F5: its own cancel rung, as it was signed here, proves it; a rung that pays has settled it", () => {
    const [rung, cancel] = transactionsOf(first) as [Digest, Digest];
    const killedBy = (spentBy: Digest, more: readonly Digest[] = []) =>
      verdict(over(g2, Y), [dead({ spentBy, transactions: [rung, cancel, ...more] })]);
    expect(killedBy(cancel)).toBe("none");
    expect(killedBy(rung)).toBe("G10_DEAD_OTHERWISE");
    // What the paper alone says to be an attempt may pay: of another plan, or of a rung that was not signed here.
    const unsigned = fixtureDigest("what another signer signed");
    expect(killedBy(unsigned, [unsigned])).toBe("G10_DEAD_OTHERWISE");
    expect(killedBy(unsigned)).toBe("none");
    // The cancel rung must be vouched for with the rest: it is an attempt as any other.
    expect(verdict(over(g2, Y), [dead({ spentBy: cancel, transactions: [rung] })])).toBe(
      "G10_DEAD_OTHERWISE",
    );
  });

  test("of a ladder no rung that pays proves it, signed here or not", () => {
    const ladder = planned(custody, [g1], { coins: [X], options: THREE_RUNGS });
    const state = after(start, signed(ask(custody, [ladder]), start));
    const all = transactionsOf(state);
    const verdicts = all.map((spentBy) =>
      verdict(over(g2, Y), [dead({ spentBy, transactions: all }, [BEN], ladder)], state),
    );
    expect(verdicts).toEqual([...all.slice(1).map(() => "G10_DEAD_OTHERWISE"), "none"]);
  });

  test("every earlier attempt needs its own", () => {
    const onY = over(g2, Y);
    const second = after(first, signed(ask(custody, [onY], { body: { dead: [embed(dead())] } }), first));
    const g3 = generation(g2.intent, g1.intent);
    const onZ = over(g3, { units: 32_000_000n, index: 3 });
    const ofY = dead({ transactions: transactionsOf(second) }, [BEN], onY);
    expect(verdict(onZ, [dead(), ofY], second)).toBe("none");
    expect(verdict(onZ, [ofY], second)).toBe("G10_NO_SHARED_COIN");
    expect(verdict(onZ, [dead()], second)).toBe("G10_NO_SHARED_COIN");
  });

  test("proofs that nobody asked for, or two of one plan, or from the future, are refused", () => {
    const other = planned(custody, [payout(custody, { label: "order 78" })], { coins: [Y] });
    expect(verdict(other, [])).toBe("none");
    expect(verdict(other, [dead()])).toBe("G10_DEAD_STRAY");
    expect(verdict(over(g2, Y), [dead(), dead({ evidence: fixtureDigest("other") })])).toBe(
      "G4_DOCUMENT_TWICE",
    );
    const signedAt = (time: string) => signedDocument(dead(), [BEN], at(time));
    expect(verdict(over(g2, Y), [signedAt("09:35:00")])).toBe("none");
    expect(verdict(over(g2, Y), [signedAt("09:35:01")])).toBe("G4_SIGNED_AHEAD");
    const elsewhere = { ...dead().body, custody: fixtureDigest("elsewhere") };
    const body = { dead: [elsewhere] };
    expect(codeOf(() => reviewed(ask(custody, [over(g2, Y)], { body }), first))).toBe(
      "G2_DOCUMENT_WRONG_CUSTODY",
    );
  });
});

describe("voids: a family that is closed stays closed (law 3)", () => {
  const close = (state: SignerState, one = g1) => voidFamily(one.intent, SIGNER.seed, state);
  const closed = (state: SignerState, one = g1): SignerState => ({
    ...state,
    journal: withLine(state.journal, close(state, one).line as JournalLine),
  });

  test("it lists every attempt with the rungs that were signed, signed by the signer at journal time", () => {
    const { document, line } = close(first);
    expect(document.body).toMatchObject({
      family: { intent: g1.intent.body.id },
      signer: SIGNER.name,
      epoch: 1,
      attempts: [
        {
          plan: onX.plan.digest,
          generation: 1,
          row: "small",
          conflictKeys: onX.plan.body.conflictKeys,
          transactions: transactionsOf(first),
          cancel: transactionsOf(first).at(-1),
          operators: [OSCAR.person],
        },
      ],
    });
    const [signature] = document.signatures;
    expect(signature?.at).toBe(first.journal.time);
    expect(signature !== undefined && verifySignature(document.digest, signature)).toBe(true);
    expect(line?.entry).toMatchObject({ event: "void", subject: document.digest });
  });

  test("of a plan signed twice it lists one attempt with the rungs of both, in order", () => {
    const ladder = planned(custody, [g1], { coins: [X], options: THREE_RUNGS });
    const request = (label: string) => ask(custody, [ladder], { label });
    const one = after(start, signed(request("dear"), start));
    const both = after(one, signed(request("again"), one));
    const { attempts } = close(both).document.body;
    expect(attempts).toHaveLength(1);
    expect(attempts[0]?.transactions).toEqual(transactionsOf(one));
    expect(attempts[0]?.transactions).toHaveLength(4);
  });

  test("an unknown family is closed with no attempt", () => {
    expect(close(start).document.body.attempts).toEqual([]);
  });

  test("nothing of the family is signed any more: no twin, no generation, not even the same coins", () => {
    const after = closed(first);
    expect(verdict(over(g1, X), [], first)).toBe("none");
    expect(verdict(over(g1, X), [], after)).toBe("G10_FAMILY_VOIDED");
    expect(verdict(over(g2, Y), [dead()], after)).toBe("G10_FAMILY_VOIDED");
    const twin = payout(custody, {
      label: "twin",
      intent: { clientKey: fixtureDigest("client key order 77") },
    });
    expect(verdict(over(twin, X), [], after)).toBe("G10_FAMILY_VOIDED");
    expect(verdict(over(payout(custody, { label: "order 78" }), Y), [], after)).toBe("none");
  });

  test("asked again it gives the same document and writes nothing", () => {
    const once = closed(first);
    expect(close(once)).toEqual({ document: close(first).document, line: undefined });
  });

  test("an intent of another custody, or born under another epoch's policy, is not this signer's to close", () => {
    expect(codeOf(() => close(start))).toBe("none");
    const foreign = payout({ ...custody, id: fixtureDigest("elsewhere") });
    expect(codeOf(() => close(start, foreign))).toBe("G2_DOCUMENT_WRONG_CUSTODY");
    expect(codeOf(() => close(start, payout(custody, { intent: { born: 2 } })))).toBe("G4_BORN_LATER");
    const signers = custody.policy.body.signers.map((signer) => ({ ...signer, since: 2 }));
    const renewed = { ...custody.policy, body: { ...custody.policy.body, signers, number: 2 } };
    expect(codeOf(() => close({ ...start, policy: renewed }))).toBe("G4_BORN_BEFORE_EPOCH");
    const self = { ...start.self, epoch: 2 };
    expect(codeOf(() => close({ ...start, self }))).toBe("G3_EPOCH_UNKNOWN");
  });
});
