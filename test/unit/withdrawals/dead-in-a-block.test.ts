/** F5, F10: people have declared a plan dead, its withdrawal has a later generation, and a block holds the dead one. */
import { describe, expect, test } from "vitest";
import { bitcoinCodec } from "../../../src/chains/bitcoin/index.ts";
import type { IntentDocument } from "../../../src/core/documents/intent.ts";
import type { Id } from "../../../src/core/identifier.ts";
import { heldAccount } from "../../../src/core/ledger.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { attemptsOf } from "../../../src/store/attempts.ts";
import { listAuditRows, verifyAudit } from "../../../src/store/audit.ts";
import { verifyLedger } from "../../../src/store/integrity.ts";
import { balanceOf } from "../../../src/store/postings.ts";
import { importDead } from "../../../src/withdrawals/ending/bury.ts";
import { bumpPlan } from "../../../src/withdrawals/following/bump.ts";
import { DEAD_UNFOUNDED, draftDead } from "../../../src/withdrawals/ending/dead.ts";
import { attemptsBuilt } from "../../../src/withdrawals/ending/deceased.ts";
import { PLAN_NOT_ALLOWED } from "../../../src/withdrawals/crossing/export.ts";
import { attemptsAsBuilt } from "../../../src/withdrawals/planning/plan-bytes.ts";
import { supersedeWithdrawal } from "../../../src/withdrawals/ending/supersede.ts";
import { ask, build, CUSTOMER, decide, exported, makeDesk, receive, step } from "../../attack/online.ts";
import { expectRefusal } from "../../bitcoin/refusal.ts";
import { stateFor } from "../../factory/custody.ts";
import { approval, BTC, row, signedDocument } from "../../factory/documents.ts";
import { after, signed } from "../../factory/gates.ts";
import { ANNA, at, BEN, fixtureDigest } from "../../factory/identities.ts";
import { strict } from "../../factory/online-words.ts";
import { world } from "../../factory/watching.ts";

const QUARTER = 25_000_000n;
const OTHER_COINS = [{ units: 70_000_000n, index: 1 }];

/** One signed payment, whose plan people declare dead. */
function buried() {
  const desk = makeDesk({ ...strict({}), rows: [row("small", "0", "100000000", 2)] });
  const asked = ask(desk, "k", QUARTER);
  approve({ desk }, asked.intent, "09:05:00");
  const { plan } = build(desk);
  const written = signed(exported(desk, plan.id).request, stateFor(desk.custody));
  receive(desk, written.receipt);
  const story = { desk, id: asked.id, first: plan.id, signer: after(stateFor(desk.custody), written) };
  bury(story);
  return story;
}
type Story = ReturnType<typeof buried>;

function approve({ desk }: Pick<Story, "desk">, intent: IntentDocument, when: string): void {
  for (const who of [ANNA, BEN])
    decide(desk, approval(intent, [who], { custody: desk.custody.id }, at(when)), at(when));
}

function bury({ desk, first }: Pick<Story, "desk" | "first">) {
  const { policy, wallet } = desk.custody;
  const view = { wallet, network: "regtest" as const, highestIndex: 1, own: policy.body.wallets, tokens: [] };
  return step(desk, (tx) => {
    const plan = PORTS.getPlan(tx, first);
    const decoded = attemptsAsBuilt(PORTS, tx, plan, { codec: () => bitcoinCodec, view: () => view });
    const conflictKey = decoded.rungs[0]?.conflictKeys[0] ?? "";
    const block = { hash: fixtureDigest("block"), height: 200 };
    const spent = { conflictKey, spentBy: fixtureDigest("somebody else's"), block };
    const dead = signedDocument(
      draftDead(attemptsBuilt(plan, decoded), spent, policy),
      [ANNA, BEN],
      at("09:18:00"),
    );
    return importDead(PORTS, tx, dead, { policy, decode: () => decoded });
  });
}

/** Its second generation, approved: READY. */
function superseded(): Story {
  const story = buried();
  const { desk, id } = story;
  const now = at("09:20:00");
  const about = { policy: desk.custody.policy, now };
  const { intent } = step(
    desk,
    (tx) =>
      supersedeWithdrawal(PORTS, tx, PORTS.getWithdrawal(tx, id), { ...about, operation: tx.operation }),
    now,
  );
  approve(story, intent, "09:21:00");
  return story;
}

const buildSecond = ({ desk }: Story): Id => build(desk, { coins: OTHER_COINS, now: at("09:22:00") }).plan.id;
const leave = ({ desk }: Story, plan: Id) => exported(desk, plan, { now: at("09:23:00") });

/** The second generation, signed and not yet sent. */
function signedTwice(): Story & { readonly second: Id } {
  const story = superseded();
  const second = buildSecond(story);
  receive(story.desk, signed(leave(story, second).request, story.signer).receipt);
  return { ...story, second };
}

const rowOf = ({ desk, id }: Story) => step(desk, (tx) => PORTS.getWithdrawal(tx, id));
const planState = ({ desk }: Story, plan: Id) => step(desk, (tx) => PORTS.getPlan(tx, plan).state);
const txidOf = ({ desk }: Story, plan: Id) => attemptsOf(desk.store, plan)[0]?.txid ?? "";
const held = ({ desk }: Story) => balanceOf(desk.store, heldAccount(CUSTOMER), BTC);

describe("F5: the dead plan of an earlier generation is in a block", () => {
  test("the later one is not sent, and the payment is settled once, by what is in the block", async () => {
    const story = signedTwice();
    const { desk, first, second } = story;
    const { run, mine, sent, cries } = world(desk);
    mine(txidOf(story, first), 1);
    await run();
    expect(sent).toEqual([]);
    expect(cries).toEqual(["dead plan in a block"]);
    expect(rowOf(story)).toMatchObject({ state: "CONFIRMING" });
    expect(rowOf(story).reason).toMatch(
      /^paid by transaction .* of an earlier generation, whose plan .* was declared dead$/,
    );
    expect(planState(story, first)).toBe("SIGNED");
    mine(txidOf(story, first), 3);
    await run();
    expect(sent).toEqual([]);
    expect(rowOf(story).state).toBe("COMPLETED");
    expect([planState(story, first), planState(story, second)]).toEqual(["SETTLED", "SIGNED"]);
    expect(held(story)).toBe(0n);
    verifyLedger(desk.store);
    verifyAudit(desk.store);
  });

  test("twin: while no block holds it, the later one is sent and settles", async () => {
    const story = signedTwice();
    const { desk, first, second } = story;
    const { run, mine, sent, cries } = world(desk);
    await run();
    expect(sent).toEqual([txidOf(story, second)]);
    mine(txidOf(story, second), 3);
    await run();
    expect(rowOf(story)).toMatchObject({ state: "COMPLETED", reason: undefined });
    expect([planState(story, first), planState(story, second)]).toEqual(["DEAD", "SETTLED"]);
    expect(cries).toEqual([]);
    verifyLedger(desk.store);
  });

  test("a node that would put it into a block holds the later one back, for as long as it would", async () => {
    const story = signedTwice();
    const { run, sent, cries, mempool } = world(story.desk);
    mempool.push(txidOf(story, story.first));
    await run();
    expect([sent, cries]).toEqual([[], ["dead plan seen"]]);
    expect(rowOf(story)).toMatchObject({ state: "SIGNED", reason: undefined });
    mempool.splice(0);
    await run();
    expect(sent).toEqual([txidOf(story, story.second)]);
  });

  test("what people have done is in the audit log, by the watcher", async () => {
    const story = signedTwice();
    const { run, mine } = world(story.desk);
    mine(txidOf(story, story.first), 1);
    await run();
    const events = (entity: string, entityId: Id) =>
      listAuditRows(story.desk.store, { entity, entityId }, { limit: 100 }).map(({ actor, event }) => [
        actor,
        event,
      ]);
    expect(events("plan", story.first)).toContainEqual(["watcher", "declared dead, but in a block"]);
    expect(events("withdrawal", story.id)).toContainEqual(["watcher", "paid by an earlier generation"]);
  });

  test.each(["READY", "PLANNED", "EXPORTED"] as const)(
    "one that is %s is neither built nor exported",
    async (state) => {
      const story = superseded();
      const plan = state === "READY" ? undefined : buildSecond(story);
      if (state === "EXPORTED") leave(story, plan as Id);
      expect(rowOf(story).state).toBe(state);
      const { run, mine } = world(story.desk);
      mine(txidOf(story, story.first), 1);
      await run();
      if (plan === undefined)
        expect(() => buildSecond(story)).toThrow(expect.objectContaining({ code: "NOTHING_TO_BUILD" }));
      else
        expect(expectRefusal(() => leave(story, plan), PLAN_NOT_ALLOWED).message).toContain("declared dead");
      mine(txidOf(story, story.first), 3);
      await run();
      expect(rowOf(story).state).toBe("COMPLETED");
      verifyLedger(story.desk.store);
    },
  );

  test.each(["READY", "PLANNED", "EXPORTED"] as const)(
    "twin: one that is %s goes on while no block holds it",
    async (state) => {
      const story = superseded();
      const plan = state === "READY" ? undefined : buildSecond(story);
      if (state === "EXPORTED") leave(story, plan as Id);
      await world(story.desk).run();
      expect(leave(story, plan ?? buildSecond(story)).plan.state).toBe("EXPORTED");
    },
  );

  test("when both are in blocks, people are told that it was paid twice, and the books say once", async () => {
    const story = signedTwice();
    const { run, mine, cries } = world(story.desk);
    await run();
    mine(txidOf(story, story.second), 3);
    await run();
    mine(txidOf(story, story.first), 3);
    await run();
    expect(cries).toEqual(["dead plan in a block", "paid twice"]);
    expect(rowOf(story).state).toBe("COMPLETED");
    verifyLedger(story.desk.store);
  });
});

describe("F10: it surfaces where there is no later generation, and leaves its block again", () => {
  test("it is paid by it after all, and cannot be declared dead a second time", async () => {
    const story = buried();
    expect(rowOf(story).state).toBe("EXPIRED");
    const { run, mine, cries } = world(story.desk);
    mine(txidOf(story, story.first), 1);
    await run();
    expect(cries).toEqual(["dead plan in a block"]);
    expect(rowOf(story)).toMatchObject({ state: "CONFIRMING", reason: undefined });
    expectRefusal(() => bury(story), DEAD_UNFOUNDED);
    mine(txidOf(story, story.first), 3);
    await run();
    expect(rowOf(story).state).toBe("COMPLETED");
    verifyLedger(story.desk.store);
  });

  test("a reorganisation takes it out: what has a later generation stays stopped, and nothing of it is sent", async () => {
    const story = signedTwice();
    const { run, mine, sent, blocks } = world(story.desk);
    mine(txidOf(story, story.first), 1);
    await run();
    blocks.clear();
    await run();
    await run();
    expect(rowOf(story).state).toBe("REVOKING");
    expect(sent).toEqual([]);
    expectRefusal(() => leave(story, story.second), PLAN_NOT_ALLOWED);
    expect(held(story)).toBe(QUARTER);
    verifyLedger(story.desk.store);
  });

  test("its cancel rung is no surprise: the later generation goes on, and the fee is booked", async () => {
    const story = signedTwice();
    const { run, mine, sent, cries } = world(story.desk);
    mine(attemptsOf(story.desk.store, story.first).at(-1)?.txid ?? "", 3);
    await run();
    expect(cries).toEqual([]);
    expect(planState(story, story.first)).toBe("CANCELLED");
    expect(sent).toEqual([txidOf(story, story.second)]);
    expect(rowOf(story)).toMatchObject({ state: "BROADCAST", reason: undefined });
    verifyLedger(story.desk.store);
  });

  test("it is watched until the later one is settled as deep as settlements are followed", async () => {
    const story = signedTwice();
    const asked = (tip: number) => async () => {
      const seen: string[] = [];
      const made = world(story.desk);
      made.node.tip = async () => ({ height: tip, hash: "a".repeat(64), time: at("09:00:00") });
      const { status } = made.node;
      made.node.status = async (txid) => {
        seen.push(txid);
        return status(txid);
      };
      made.mine(txidOf(story, story.second), 3);
      await made.run();
      return seen.includes(txidOf(story, story.first));
    };
    expect(await asked(252)()).toBe(true);
    expect(rowOf(story).state).toBe("COMPLETED");
    expect(await asked(250 + 102)()).toBe(true);
    expect(await asked(250 + 103)()).toBe(false);
  });
});

test("the cancel rung of a later generation may still be sent, to end what would pay twice", async () => {
  const story = signedTwice();
  const { run, mine, sent } = world(story.desk);
  mine(txidOf(story, story.first), 1);
  await run();
  step(story.desk, (tx) => bumpPlan(PORTS, tx, PORTS.getPlan(tx, story.second), { cancel: true }));
  await run();
  expect(sent).toEqual([attemptsOf(story.desk.store, story.second).at(-1)?.txid]);
});
