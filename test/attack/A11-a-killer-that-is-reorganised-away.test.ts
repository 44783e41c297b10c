/**
 * A11: a plan was dead by its own cancel rung, people have signed that, and a later generation is under way. Then a
 * reorganisation, deeper than the policy's depth, takes the cancel rung out of its block (failures F5, F10).
 */
import { describe, expect, test } from "vitest";
import { bitcoinCodec } from "../../src/chains/bitcoin/index.ts";
import type { IntentDocument } from "../../src/core/documents/intent.ts";
import type { Id } from "../../src/core/identifier.ts";
import { PORTS } from "../../src/home/ports.ts";
import { attemptsOf } from "../../src/store/attempts.ts";
import { verifyLedger } from "../../src/store/integrity.ts";
import { importDead } from "../../src/withdrawals/ending/bury.ts";
import { bumpPlan } from "../../src/withdrawals/following/bump.ts";
import { draftDead } from "../../src/withdrawals/ending/dead.ts";
import { attemptsBuilt } from "../../src/withdrawals/ending/deceased.ts";
import { GENERATION_REVIVED } from "../../src/withdrawals/crossing/export.ts";
import { attemptsAsBuilt } from "../../src/withdrawals/planning/plan-bytes.ts";
import { supersedeWithdrawal } from "../../src/withdrawals/ending/supersede.ts";
import { expectRefusal } from "../bitcoin/refusal.ts";
import { stateFor } from "../factory/custody.ts";
import { approval, row, signedDocument } from "../factory/documents.ts";
import { after, signed } from "../factory/gates.ts";
import { ANNA, at, BEN, fixtureDigest } from "../factory/identities.ts";
import { strict } from "../factory/online-words.ts";
import { world } from "../factory/watching.ts";
import { ask, build, decide, exported, makeDesk, receive, step, type Desk } from "./online.ts";

const UNDER_WAY = ["PENDING_APPROVAL", "READY", "PLANNED", "EXPORTED", "SIGNED"] as const;
const OTHER_COINS = [{ units: 70_000_000n, index: 1 }];

function approve(desk: Desk, intent: IntentDocument, when: string): void {
  for (const who of [ANNA, BEN])
    decide(desk, approval(intent, [who], { custody: desk.custody.id }, at(when)), at(when));
}

/** A payment that was sent and then ended by its cancel rung, which is final; people have signed that it is dead. */
async function ended() {
  const desk = makeDesk({ ...strict({}), rows: [row("small", "0", "100000000", 2)] });
  const asked = ask(desk, "k", 25_000_000n);
  approve(desk, asked.intent, "09:05:00");
  const first = build(desk).plan.id;
  const written = signed(exported(desk, first).request, stateFor(desk.custody));
  receive(desk, written.receipt);
  const chain = world(desk);
  await chain.run();
  step(desk, (tx) => bumpPlan(PORTS, tx, PORTS.getPlan(tx, first), { cancel: true }));
  await chain.run();
  const [rung, cancel] = [0, -1].map((place) => attemptsOf(desk.store, first).at(place)?.txid ?? "");
  chain.mine(cancel as string, 3);
  await chain.run();
  return {
    desk,
    chain,
    id: asked.id,
    first,
    rung: rung as string,
    cancel: cancel as string,
    signer: after(stateFor(desk.custody), written),
  };
}
type Story = Awaited<ReturnType<typeof ended>>;

function bury({ desk, first, cancel }: Story): void {
  const { policy, wallet } = desk.custody;
  const view = { wallet, network: "regtest" as const, highestIndex: 1, own: policy.body.wallets, tokens: [] };
  step(desk, (tx) => {
    const plan = PORTS.getPlan(tx, first);
    const decoded = attemptsAsBuilt(PORTS, tx, plan, { codec: () => bitcoinCodec, view: () => view });
    const conflictKey = decoded.rungs[0]?.conflictKeys[0] ?? "";
    const block = { hash: fixtureDigest("block"), height: 250 };
    const spent = { conflictKey, spentBy: cancel as never, block };
    const dead = signedDocument(
      draftDead(attemptsBuilt(plan, decoded), spent, policy),
      [ANNA, BEN],
      at("09:18:00"),
    );
    importDead(PORTS, tx, dead, { policy, decode: () => decoded });
  });
}

/** Its second generation, which has come as far as `state`. */
async function superseded(state: (typeof UNDER_WAY)[number]) {
  const story = await ended();
  const { desk, id, signer } = story;
  bury(story);
  const [policy, now] = [desk.custody.policy, at("09:20:00")];
  const { intent } = step(
    desk,
    (tx) =>
      supersedeWithdrawal(PORTS, tx, PORTS.getWithdrawal(tx, id), { policy, now, operation: tx.operation }),
    now,
  );
  const reached = UNDER_WAY.indexOf(state);
  if (reached >= 1) approve(desk, intent, "09:21:00");
  const second = reached >= 2 ? buildSecond(story) : undefined;
  const request = reached >= 3 ? leave(story, second as Id).request : undefined;
  if (reached >= 4) receive(desk, signed(request as NonNullable<typeof request>, signer).receipt);
  expect(rowOf(story).state).toBe(state);
  story.chain.sent.splice(0);
  return { ...story, second };
}

const buildSecond = ({ desk }: Story): Id => build(desk, { coins: OTHER_COINS, now: at("09:22:00") }).plan.id;
const leave = ({ desk }: Story, plan: Id) => exported(desk, plan, { now: at("09:23:00") });
const rowOf = ({ desk, id }: Story) => step(desk, (tx) => PORTS.getWithdrawal(tx, id));
const planState = ({ desk }: Story, plan: Id) => step(desk, (tx) => PORTS.getPlan(tx, plan).state);

/** Another block stands where the cancel rung's stood. */
function reorganise({ chain }: Story): void {
  chain.blocks.clear();
  (chain.node as { blockHash: (height: number) => Promise<string | undefined> }).blockHash = async () =>
    "c".repeat(64);
}

describe.each(UNDER_WAY)("A11: a second generation that is %s", (state) => {
  test("is stopped when the first one's payment takes the cancel rung's place, and is paid once", async () => {
    const story = await superseded(state);
    const { chain, rung, cancel, first } = story;
    reorganise(story);
    chain.mine(rung, 1);
    await chain.run();
    expect(rowOf(story).state).toBe("CONFIRMING");
    expect(rowOf(story).reason).toMatch(/^paid by transaction .* of an earlier generation/);
    expect(chain.cries).toEqual(["superseded plan in a block"]);
    chain.mine(rung, 3);
    await chain.run();
    await chain.run();
    expect(rowOf(story).state).toBe("COMPLETED");
    expect(planState(story, first)).toBe("SETTLED");
    expect(chain.sent.filter((txid) => txid !== cancel)).toEqual([]);
    verifyLedger(story.desk.store);
  });

  test("waits while neither is in a block, and the cancel rung is sent again", async () => {
    const story = await superseded(state);
    const { chain, cancel, first } = story;
    reorganise(story);
    await chain.run();
    await chain.run();
    expect(rowOf(story)).toMatchObject({ state, reason: undefined });
    expect(planState(story, first)).toBe("SIGNED");
    expect([...new Set(chain.sent)]).toEqual([cancel]);
    verifyLedger(story.desk.store);
  });

  test("twin: it goes on once the cancel rung is as deep again", async () => {
    const story = await superseded(state);
    const { chain, cancel, first, second } = story;
    reorganise(story);
    await chain.run();
    chain.mine(cancel, 3);
    await chain.run();
    expect(planState(story, first)).toBe("CANCELLED");
    expect(rowOf(story).reason).toBeUndefined();
    await chain.run();
    if (state === "SIGNED")
      expect(chain.sent.at(-1)).toBe(attemptsOf(story.desk.store, second as Id)[0]?.txid);
    else if (state === "PENDING_APPROVAL") expect(rowOf(story).state).toBe(state);
    else expect(leave(story, second ?? buildSecond(story)).plan.state).toBe("EXPORTED");
    verifyLedger(story.desk.store);
  });
});

test.each(["PLANNED", "EXPORTED"] as const)(
  "A11: a second generation that is %s does not leave, with a proof that is false, while the first lives",
  async (state) => {
    const story = await superseded(state);
    reorganise(story);
    await story.chain.run();
    const refused = expectRefusal(() => leave(story, story.second as Id), GENERATION_REVIVED);
    expect(refused.message).toContain(`plan ${story.first}, of another generation, is SIGNED again`);
  },
);
