/** Law 4: what is dead, and who has to say so. */
import type { Name } from "../../../src/core/identifier.ts";
import { describe, expect, test } from "vitest";
import { bitcoinCodec } from "../../../src/chains/bitcoin/index.ts";
import type { DeadDocument } from "../../../src/core/documents/dead.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { verifyLedger } from "../../../src/store/integrity.ts";
import { leasedKeys } from "../../../src/store/plans.ts";
import { DEAD_UNSIGNED, importDead } from "../../../src/withdrawals/ending/bury.ts";
import { DEAD_UNFOUNDED, draftDead, proofOfDeath } from "../../../src/withdrawals/ending/dead.ts";
import { attemptsBuilt } from "../../../src/withdrawals/ending/deceased.ts";
import { attemptsAsBuilt } from "../../../src/withdrawals/planning/plan-bytes.ts";
import { followAttempt } from "../../../src/withdrawals/following/follow.ts";
import { importVoid } from "../../../src/withdrawals/ending/void.ts";
import { ask, build, decide, exported, makeDesk, receive, step, type Desk } from "../../attack/online.ts";
import { expectRefusal } from "../../bitcoin/refusal.ts";
import { stateFor } from "../../factory/custody.ts";
import { approval, row, signedDocument } from "../../factory/documents.ts";
import { signed } from "../../factory/gates.ts";
import { ANNA, at, BEN, fixtureDigest, MALLORY, OSCAR, type Cast } from "../../factory/identities.ts";
import { strict, voided } from "../../factory/online-words.ts";

/** A payment of a quarter in a band of two approvers, built. */
function unsignedDesk() {
  const changes = { ...strict({}), rows: [row("small", "0", "100000000", 2)] };
  const desk = makeDesk(changes);
  const asked = ask(desk, "k", 25_000_000n);
  for (const who of [ANNA, BEN]) decide(desk, approval(asked.intent, [who], { custody: desk.custody.id }));
  return { desk, asked, plan: build(desk).plan.id };
}

/** The same, signed. */
function signedDesk() {
  const story = unsignedDesk();
  const { request } = exported(story.desk, story.plan);
  receive(story.desk, signed(request, stateFor(story.desk.custody)).receipt);
  return story;
}
type Story = ReturnType<typeof signedDesk>;

const view = ({ custody }: Desk) => ({
  wallet: custody.wallet,
  network: "regtest" as const,
  highestIndex: 1,
  own: custody.policy.body.wallets,
  tokens: [],
});
const attempts = ({ desk, plan }: Story) =>
  step(desk, (tx) =>
    attemptsAsBuilt(PORTS, tx, PORTS.getPlan(tx, plan), {
      codec: () => bitcoinCodec,
      view: () => view(desk),
    }),
  );
const planOf = ({ desk, plan }: Story) => step(desk, (tx) => PORTS.getPlan(tx, plan));

function draft(story: Story, changes: { spentBy?: string; conflictKey?: string } = {}): DeadDocument {
  const decoded = attempts(story);
  const spent = {
    conflictKey: decoded.rungs[0]?.conflictKeys[0] ?? "",
    spentBy: fixtureDigest("somebody else's"),
    block: { hash: fixtureDigest("block"), height: 200 },
    ...changes,
  };
  return draftDead(attemptsBuilt(planOf(story), decoded), spent as never, story.desk.custody.policy);
}
const bring = (story: Story, dead: DeadDocument, ...who: readonly Cast[]) =>
  step(story.desk, (tx) =>
    importDead(PORTS, tx, signedDocument(dead, who, at("10:00:00")), {
      policy: story.desk.custody.policy,
      decode: () => attempts(story),
    }),
  );
const stateOf = ({ desk, asked }: Story) => step(desk, (tx) => PORTS.getWithdrawal(tx, asked.id).state);

describe("a proof of death", () => {
  test("takes the band's quorum, from as many desks as there are approvers", () => {
    const story = signedDesk();
    const dead = draft(story);
    expect(bring(story, dead, ANNA)).toMatchObject({ signed: 1, needed: 2, plan: { state: "SIGNED" } });
    expect(stateOf(story)).toBe("SIGNED");
    expect(bring(story, dead, BEN)).toMatchObject({ plan: { state: "DEAD" } });
    expect(stateOf(story)).toBe("EXPIRED");
    expect(leasedKeys(story.desk.store).size).toBe(0);
    verifyLedger(story.desk.store);
  });

  test("is nobody else's to sign", () => {
    const story = signedDesk();
    expectRefusal(() => bring(story, draft(story), MALLORY), DEAD_UNSIGNED);
    expectRefusal(() => bring(story, draft(story), OSCAR), DEAD_UNSIGNED);
    expect(stateOf(story)).toBe("SIGNED");
  });

  test("names something that the plan spends, and not one of its own attempts that pay", () => {
    const story = signedDesk();
    expectRefusal(() => draft(story, { conflictKey: "another coin" }), DEAD_UNFOUNDED);
    const [rung] = attempts(story).rungs;
    expectRefusal(() => draft(story, { spentBy: rung?.transaction ?? "" }), DEAD_UNFOUNDED);
    expect(draft(story).body.spentBy).toBe(fixtureDigest("somebody else's"));
  });

  test("may name the plan's own cancel rung, which the watcher then brings to its end", () => {
    const story = signedDesk();
    const dead = draft(story, { spentBy: attempts(story).cancel?.transaction ?? "" });
    expect(bring(story, dead, ANNA, BEN)).toMatchObject({ signed: 2, needed: 2, plan: { state: "SIGNED" } });
    const { body: policy } = story.desk.custody.policy;
    const cancel = step(story.desk, (tx) =>
      PORTS.attemptsOf(tx, story.plan).find(({ kind }) => kind === "cancel"),
    );
    const block = { hash: "b".repeat(64), height: 200 };
    for (const event of ["included", "final"] as const)
      step(story.desk, (tx) =>
        followAttempt(PORTS, tx, cancel?.id as never, event, {
          policy,
          block: event === "final" ? undefined : block,
        }),
      );
    expect(planOf(story).state).toBe("CANCELLED");
    expect(stateOf(story)).toBe("EXPIRED");
    verifyLedger(story.desk.store);
  });

  test("that leaves an attempt out proves nothing: that one may still settle", () => {
    const story = signedDesk();
    const { body, ...dead } = draft(story);
    const short = { ...dead, body: { ...body, transactions: body.transactions.slice(1) } };
    expectRefusal(() => bring(story, short, ANNA, BEN), DEAD_UNFOUNDED);
  });

  test("releases with the voids what nobody wants any more (law 3)", () => {
    const story = signedDesk();
    const { desk, asked } = story;
    decide(desk, approval(asked.intent, [BEN], { custody: desk.custody.id, decision: "reject" }));
    const [decoded] = [attempts(story)];
    const attempt = {
      plan: planOf(story).digest,
      generation: 1,
      row: "small" as Name,
      operators: [OSCAR.person],
      conflictKeys: [...(decoded.rungs[0]?.conflictKeys ?? [])],
      transactions: decoded.rungs.map(({ transaction }) => transaction),
    };
    const closed = step(desk, (tx) =>
      importVoid(PORTS, tx, voided(desk, asked.intent, [attempt]), { policy: desk.custody.policy }),
    );
    expect(closed.open).toMatch(/not dead yet/);
    bring(story, draft(story), ANNA, BEN);
    expect(stateOf(story)).toBe("REJECTED");
    verifyLedger(desk.store);
  });

  test("F5: is none for a successor that one of its approvers leads out (gate G10)", () => {
    const story = signedDesk();
    bring(story, draft(story), ANNA, BEN);
    const { body: policy } = story.desk.custody.policy;
    const proof = (leads?: Cast) =>
      step(
        story.desk,
        (tx) => proofOfDeath(PORTS, tx, policy, planOf(story), leads?.name)?.signatures.length,
      );
    expect([proof(), proof(OSCAR), proof(BEN), proof(MALLORY)]).toEqual([2, 2, undefined, undefined]);
  });

  test("F9: covers what signers list in their voids, of a plan that is a draft here too", () => {
    const story = unsignedDesk();
    const [decoded] = [attempts(story)];
    const listed = {
      plan: planOf(story).digest,
      generation: 1,
      row: "small" as Name,
      operators: [OSCAR.person],
      conflictKeys: [...(decoded.rungs[0]?.conflictKeys ?? [])],
      transactions: decoded.rungs.map(({ transaction }) => transaction),
    };
    const { desk, asked } = story;
    decide(desk, approval(asked.intent, [BEN], { custody: desk.custody.id, decision: "reject" }));
    step(desk, (tx) =>
      importVoid(PORTS, tx, voided(desk, asked.intent, [listed]), { policy: desk.custody.policy }),
    );
    expect(stateOf(story)).toBe("REVOKING");
    bring(story, draft(story), ANNA, BEN);
    expect(stateOf(story)).toBe("REJECTED");
    expect(planOf(story).state).toBe("DRAFT");
    verifyLedger(desk.store);
  });

  test("is not kept from counting by a signer that lies of it in the void of another payment", () => {
    const story = signedDesk();
    const { desk } = story;
    const [decoded] = [attempts(story)];
    const other = ask(desk, "another", 10_000_000n);
    const lie = {
      plan: planOf(story).digest,
      generation: 1,
      row: "small" as Name,
      operators: [ANNA.person, BEN.person, OSCAR.person],
      conflictKeys: [...(decoded.rungs[0]?.conflictKeys ?? [])],
      transactions: [
        ...decoded.rungs.map(({ transaction }) => transaction),
        fixtureDigest("no attempt of it"),
      ],
    };
    step(desk, (tx) =>
      importVoid(PORTS, tx, voided(desk, other.intent, [lie]), { policy: desk.custody.policy }),
    );
    expect(bring(story, draft(story), ANNA, BEN)).toMatchObject({ plan: { state: "DEAD" }, signed: 2 });
    expect(stateOf(story)).toBe("EXPIRED");
  });
});
