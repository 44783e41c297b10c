/** Law 4: a new generation, once everything that was exported for the earlier ones is proven dead. */
import { describe, expect, test } from "vitest";
import { bitcoinCodec } from "../../../src/chains/bitcoin/index.ts";
import type { Digest } from "../../../src/core/digest.ts";
import { makeDocument } from "../../../src/core/document.ts";
import { INTENT, type IntentDocument } from "../../../src/core/documents/intent.ts";
import { REQUEST, type Request } from "../../../src/core/documents/request.ts";
import { heldAccount } from "../../../src/core/ledger.ts";
import { addSeconds } from "../../../src/core/instant.ts";
import type { Id } from "../../../src/core/identifier.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { verifyLedger } from "../../../src/store/integrity.ts";
import { balanceOf } from "../../../src/store/postings.ts";
import { importDead } from "../../../src/withdrawals/bury.ts";
import { DEAD_UNFOUNDED, draftDead, finalCancel } from "../../../src/withdrawals/dead.ts";
import { cancelWithdrawal, DECISION_SUPERSEDED, importClearance } from "../../../src/withdrawals/decide.ts";
import { followAttempt } from "../../../src/withdrawals/follow.ts";
import { attemptsAsBuilt } from "../../../src/withdrawals/plan-bytes.ts";
import { WITHDRAWAL_DENIED } from "../../../src/withdrawals/request.ts";
import {
  SUPERSEDE_CLOSED,
  SUPERSEDE_NOT_EXPIRED,
  SUPERSEDE_UNPROVEN,
  supersedeWithdrawal,
} from "../../../src/withdrawals/supersede.ts";
import { importVoid } from "../../../src/withdrawals/void.ts";
import {
  ask,
  build,
  CUSTOMER,
  decide,
  exported,
  makeDesk,
  receive,
  step,
  type Desk,
} from "../../attack/online.ts";
import { expectRefusal } from "../../bitcoin/refusal.ts";
import { stateFor } from "../../factory/custody.ts";
import { approval, BTC, row, signedDocument } from "../../factory/documents.ts";
import { after, reviewed, signed } from "../../factory/gates.ts";
import { ANNA, at, BEN, fixtureDigest, SESSION, type Cast } from "../../factory/identities.ts";
import { clearance, strict, voided } from "../../factory/online-words.ts";

const COINS_B = [{ units: 70_000_000n, index: 1 }];
const QUARTER = 25_000_000n;

const say = (
  desk: Desk,
  intent: IntentDocument,
  decision: "approve" | "reject",
  who: Cast,
  when = "09:05:00",
) => decide(desk, approval(intent, [who], { custody: desk.custody.id, decision }, at(when)), at(when));
const approve = (desk: Desk, intent: IntentDocument, when?: string) =>
  [ANNA, BEN].map((who) => say(desk, intent, "approve", who, when));

/** One signed payment of a quarter in a band of two approvers. */
function signedOnce() {
  const desk = makeDesk({ ...strict({}), rows: [row("small", "0", "100000000", 2)] });
  const asked = ask(desk, "k", QUARTER);
  approve(desk, asked.intent);
  const { plan } = build(desk);
  const written = signed(exported(desk, plan.id).request, stateFor(desk.custody));
  receive(desk, written.receipt);
  return { desk, asked, plan: plan.id, signer: after(stateFor(desk.custody), written) };
}
type Story = ReturnType<typeof signedOnce>;

/** `who` vouch that a stranger has taken the plan's coin. */
function bury({ desk }: Story, id: Id, who: readonly Cast[], spentBy = fixtureDigest("somebody else's")) {
  const { policy, wallet } = desk.custody;
  const view = { wallet, network: "regtest" as const, highestIndex: 1, own: policy.body.wallets };
  return step(desk, (tx) => {
    const plan = PORTS.getPlan(tx, id);
    const decode = () => attemptsAsBuilt(PORTS, tx, plan, { codec: bitcoinCodec, view: () => view });
    const conflictKey = decode().rungs[0]?.conflictKeys[0] ?? "";
    const spent = { conflictKey, spentBy, block: { hash: fixtureDigest("block"), height: 200 } };
    const dead = signedDocument(draftDead(plan, decode(), spent, policy), who, at("09:18:00"));
    return importDead(PORTS, tx, dead, { policy, decode });
  });
}

const supersede = ({ desk, asked }: Story, now = at("09:20:00")) =>
  step(
    desk,
    (tx) =>
      supersedeWithdrawal(PORTS, tx, PORTS.getWithdrawal(tx, asked.id), {
        policy: desk.custody.policy,
        now,
        operation: tx.operation,
      }),
    now,
  );
const rowOf = ({ desk, asked }: Story) => step(desk, (tx) => PORTS.getWithdrawal(tx, asked.id));
const held = ({ desk }: Story) => balanceOf(desk.store, heldAccount(CUSTOMER), BTC);

function superseded(): Story & { readonly second: IntentDocument } {
  const story = signedOnce();
  bury(story, story.plan, [ANNA, BEN]);
  return { ...story, second: supersede(story).intent };
}

/** The second generation on other coins, on its way out. */
function leaves({ desk }: Story, coins = COINS_B) {
  const { plan } = build(desk, { coins, now: at("09:22:00") });
  return { plan, request: exported(desk, plan.id, { now: at("09:23:00") }).request };
}

describe("a new generation", () => {
  test("is the same promise with the hold kept, and names what it follows", () => {
    const story = signedOnce();
    bury(story, story.plan, [ANNA, BEN]);
    expect(rowOf(story).state).toBe("EXPIRED");
    const { intent, withdrawal } = supersede(story);
    const { operation: _, expires, ...first } = story.asked.intent.body;
    expect(intent.body).toMatchObject({ ...first, generation: 2, supersedes: [story.asked.intent.digest] });
    expect(intent.body.expires).toBe(addSeconds(at("09:20:00"), 7 * 86_400));
    expect(intent.body.expires > expires).toBe(true);
    expect(withdrawal).toMatchObject({ state: "PENDING_APPROVAL", intent: intent.digest, plan: undefined });
    expect(held(story)).toBe(QUARTER);
    expect(step(story.desk, (tx) => PORTS.findDocument(tx, INTENT, intent.digest)?.body)).toEqual(
      intent.body,
    );
    verifyLedger(story.desk.store);
  });

  test("is approved afresh, signed on other coins with the proof of death, and paid once", () => {
    const story = superseded();
    const { desk, asked, second } = story;
    expect(approve(desk, second, "09:21:00").map(({ effect }) => effect)).toEqual(["collecting", "ready"]);
    const { plan, request } = leaves(story);
    expect(request.body.dead).toHaveLength(1);
    expect(request.body.approvals).toHaveLength(1);
    receive(desk, signed(request, story.signer).receipt);
    expect(rowOf(story)).toMatchObject({ state: "SIGNED", plan: plan.id });
    const [first] = step(desk, (tx) => PORTS.attemptsOf(tx, plan.id));
    const { body: policy } = desk.custody.policy;
    const block = { hash: "b".repeat(64), height: 300 };
    for (const event of ["included", "final"] as const)
      step(desk, (tx) =>
        followAttempt(PORTS, tx, first?.id as never, event, {
          policy,
          block: event === "final" ? undefined : block,
        }),
      );
    expect(rowOf(story).state).toBe("COMPLETED");
    expect(step(desk, (tx) => PORTS.plansOfWithdrawal(tx, asked.id).map(({ state }) => state))).toEqual([
      "DEAD",
      "SETTLED",
    ]);
    expect(held(story)).toBe(0n);
    verifyLedger(desk.store);
  });

  test("F5: without a proof that the quorum has signed, the signer refuses other coins", () => {
    const story = superseded();
    approve(story.desk, story.second, "09:21:00");
    const { request } = leaves(story);
    const refusal = (dead: Request["dead"]) => {
      const changed = makeDocument(REQUEST, { ...request.body, dead });
      return () => reviewed(signedDocument(changed, [SESSION], at("09:23:00")), story.signer);
    };
    const [proof] = request.body.dead as [Request["dead"][number]];
    expect(refusal([])).toThrow(expect.objectContaining({ gate: "G10", rule: "NO_SHARED_COIN" }));
    expect(refusal([{ ...proof, signatures: proof.signatures?.slice(1) }])).toThrow(
      expect.objectContaining({ gate: "G10", rule: "DEAD_UNSIGNED" }),
    );
    expect(() => reviewed(request, story.signer)).not.toThrow();
  });

  test("stands where its own attempts stand, not where a dead plan's were sent", () => {
    const story = signedOnce();
    const { desk, plan } = story;
    const { body: policy } = desk.custody.policy;
    const [sent] = step(desk, (tx) => PORTS.attemptsOf(tx, plan));
    for (const event of ["sending", "broadcast"] as const)
      step(desk, (tx) => followAttempt(PORTS, tx, sent?.id as never, event, { policy }));
    expect(rowOf(story).state).toBe("BROADCAST");
    bury(story, plan, [ANNA, BEN]);
    const { intent } = supersede(story);
    approve(desk, intent, "09:21:00");
    receive(desk, signed(leaves(story).request, story.signer).receipt);
    expect(rowOf(story).state).toBe("SIGNED");
    verifyLedger(desk.store);
  });

  test("a third generation names both before it, and carries both proofs", () => {
    const story = superseded();
    const { desk, asked, second } = story;
    approve(desk, second, "09:21:00");
    const { plan, request } = leaves(story);
    const written = signed(request, story.signer);
    receive(desk, written.receipt);
    bury(story, plan.id, [ANNA, BEN], fixtureDigest("another stranger's"));
    const third = supersede(story, at("09:24:00")).intent;
    expect(third.body).toMatchObject({ generation: 3, supersedes: [second.digest, asked.intent.digest] });
    approve(desk, third, "09:25:00");
    const next = build(desk, { coins: [{ units: 80_000_000n, index: 1 }], now: at("09:26:00") }).plan;
    const last = exported(desk, next.id, { now: at("09:27:00") }).request;
    expect(last.body.dead).toHaveLength(2);
    expect(() => reviewed(last, after(story.signer, written))).not.toThrow();
  });
});

describe("F5: a plan that its own cancel rung has ended", () => {
  function cancelled() {
    const story = signedOnce();
    const { desk, plan } = story;
    const { body: policy } = desk.custody.policy;
    const cancel = step(desk, (tx) => PORTS.attemptsOf(tx, plan).find(({ kind }) => kind === "cancel"));
    const block = { hash: "b".repeat(64), height: 200 };
    for (const event of ["included", "final"] as const)
      step(desk, (tx) =>
        followAttempt(PORTS, tx, cancel?.id as never, event, {
          policy,
          block: event === "final" ? undefined : block,
        }),
      );
    const seen = step(desk, (tx) => finalCancel(PORTS, tx, PORTS.getPlan(tx, plan)));
    expect(seen).toBe(cancel?.txid);
    return { ...story, killer: cancel?.txid as Digest };
  }

  test("is followed by a new generation once people have signed that, and the signer takes other coins", () => {
    const story = cancelled();
    const { desk, plan, killer } = story;
    expect(rowOf(story).state).toBe("EXPIRED");
    const { hint } = expectRefusal(() => supersede(story), SUPERSEDE_UNPROVEN);
    expect(hint).toBe(`custody withdraw dead ${plan} --out dead.json`);
    bury(story, plan, [ANNA], killer);
    expectRefusal(() => supersede(story), SUPERSEDE_UNPROVEN);
    expect(bury(story, plan, [BEN], killer)).toMatchObject({ plan: { state: "CANCELLED" } });
    const { intent } = supersede(story);
    approve(desk, intent, "09:21:00");
    const { request } = leaves(story);
    expect(request.body.dead).toMatchObject([{ spentBy: killer }]);
    receive(desk, signed(request, story.signer).receipt);
    expect(rowOf(story).state).toBe("SIGNED");
    verifyLedger(desk.store);
  });

  test("is not taken for dead by a rung that pays, neither here nor at the signer", () => {
    const story = signedOnce();
    const { desk, plan } = story;
    const rung = step(desk, (tx) => PORTS.attemptsOf(tx, plan).find(({ kind }) => kind === "rung"))?.txid;
    expect(step(desk, (tx) => finalCancel(PORTS, tx, PORTS.getPlan(tx, plan)))).toBeUndefined();
    expectRefusal(() => bury(story, plan, [ANNA, BEN], rung), DEAD_UNFOUNDED);
  });
});

describe("what was said of an earlier generation", () => {
  test("counts no more: the old approvals, and the same ones brought again", () => {
    const story = superseded();
    const { desk, asked, second } = story;
    expectRefusal(() => say(desk, asked.intent, "approve", ANNA), DECISION_SUPERSEDED);
    expect(say(desk, second, "approve", ANNA, "09:21:00").effect).toBe("collecting");
    expect(rowOf(story).state).toBe("PENDING_APPROVAL");
    expect(say(desk, second, "approve", BEN, "09:21:00").effect).toBe("ready");
  });

  test("a clearance of it counts no more, one of the newest is taken", () => {
    const story = superseded();
    const { desk, asked, second } = story;
    const bring = (intent: IntentDocument) =>
      step(desk, (tx) =>
        importClearance(
          PORTS,
          tx,
          clearance(desk, [intent]),
          { policy: desk.custody.policy, now: at("09:21:00") },
          (work) => {
            try {
              return work();
            } catch {
              return undefined;
            }
          },
        ),
      );
    expectRefusal(() => bring(asked.intent), DECISION_SUPERSEDED);
    expect(bring(second)).toMatchObject([{ effect: "collecting" }]);
  });

  test("a no to it is a no to the promise, which stays live until it is voided (law 3)", () => {
    const story = superseded();
    expect(say(story.desk, story.asked.intent, "reject", BEN, "09:21:00").effect).toBe("revoking");
    expect(held(story)).toBe(QUARTER);
  });

  test("the quorum that it had keeps the hold when the newest is cancelled before any approval (law 3)", () => {
    const story = superseded();
    const { desk, asked } = story;
    const { policy } = desk.custody;
    const ended = step(desk, (tx) =>
      cancelWithdrawal(PORTS, tx, PORTS.getWithdrawal(tx, asked.id), { policy }),
    );
    expect(ended.state).toBe("REVOKING");
    expect(held(story)).toBe(QUARTER);
  });
});

describe("no new generation", () => {
  test("while the plan may still settle, by one approver's word, or twice", () => {
    const story = signedOnce();
    expectRefusal(() => supersede(story), SUPERSEDE_NOT_EXPIRED);
    bury(story, story.plan, [ANNA]);
    expectRefusal(() => supersede(story), SUPERSEDE_NOT_EXPIRED);
    bury(story, story.plan, [BEN]);
    expect(supersede(story).withdrawal.state).toBe("PENDING_APPROVAL");
    expectRefusal(() => supersede(story), SUPERSEDE_NOT_EXPIRED);
  });

  test("with a plan that another one's end has killed, until people have signed that", () => {
    const story = signedOnce();
    const { desk, plan } = story;
    // As when a replacement that left this withdrawal out has become final.
    step(desk, (tx) => PORTS.movePlan(tx, plan, { version: 3, to: "DEAD", event: "test" }));
    step(desk, (tx) => {
      const { version } = PORTS.getWithdrawal(tx, story.asked.id);
      PORTS.moveWithdrawal(tx, story.asked.id, { version, to: "EXPIRED", event: "test" });
    });
    const { message, hint } = expectRefusal(() => supersede(story), SUPERSEDE_UNPROVEN);
    expect(message).toContain(plan);
    expect(hint).toMatch(new RegExp(`^custody withdraw dead ${plan} .*--out dead.json$`));
    bury(story, plan, [ANNA, BEN]);
    expect(supersede(story).withdrawal.state).toBe("PENDING_APPROVAL");
  });

  test("of a family that its signers have voided", () => {
    const story = signedOnce();
    const { desk, asked, plan } = story;
    bury(story, plan, [ANNA, BEN]);
    step(desk, (tx) => importVoid(PORTS, tx, voided(desk, asked.intent), { policy: desk.custody.policy }));
    expectRefusal(() => supersede(story), SUPERSEDE_CLOSED);
  });

  test("that policy denies whoever approves", () => {
    const story = signedOnce();
    bury(story, story.plan, [ANNA, BEN]);
    expectRefusal(() => supersede(story, at("09:20:00").replace("2026", "2029") as never), WITHDRAWAL_DENIED);
    expect(rowOf(story).state).toBe("EXPIRED");
    expect(supersede(story).withdrawal.state).toBe("PENDING_APPROVAL");
  });
});

test("an intent of any generation finds its withdrawal", () => {
  const { desk, asked, second } = superseded();
  const find = (digest: Digest) => step(desk, (tx) => PORTS.findWithdrawalByIntent(tx, digest)?.id);
  expect([find(asked.intent.digest), find(second.digest)]).toEqual([asked.id, asked.id]);
  expect(find(fixtureDigest("nobody's"))).toBeUndefined();
});
