/** Law 4: a new generation, once everything that was exported for the earlier ones is proven dead. */
import { describe, expect, test } from "vitest";
import type { Digest } from "../../../src/core/digest.ts";
import { makeDocument } from "../../../src/core/document.ts";
import { INTENT } from "../../../src/core/documents/intent.ts";
import { REQUEST, type Request } from "../../../src/core/documents/request.ts";
import { addSeconds } from "../../../src/core/instant.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { verifyLedger } from "../../../src/store/integrity.ts";
import { DEAD_UNFOUNDED, finalEnd } from "../../../src/withdrawals/ending/dead.ts";
import { followAttempt } from "../../../src/withdrawals/following/follow.ts";
import { WITHDRAWAL_DENIED } from "../../../src/withdrawals/intake/request.ts";
import {
  SUPERSEDE_CLOSED,
  SUPERSEDE_NOT_EXPIRED,
  SUPERSEDE_UNPROVEN,
} from "../../../src/withdrawals/ending/supersede.ts";
import { importVoid } from "../../../src/withdrawals/ending/void.ts";
import { build, exported, receive, step } from "../../attack/online.ts";
import { expectRefusal } from "../../bitcoin/refusal.ts";
import { signedDocument } from "../../factory/documents.ts";
import { after, reviewed, signed } from "../../factory/gates.ts";
import { ANNA, at, BEN, fixtureDigest, SESSION } from "../../factory/identities.ts";
import { voided } from "../../factory/online-words.ts";
import {
  QUARTER,
  approve,
  signedOnce,
  bury,
  supersede,
  rowOf,
  held,
  superseded,
  leaves,
} from "./generations.ts";

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
    const seen = step(desk, (tx) => finalEnd(PORTS, tx, PORTS.getPlan(tx, plan))?.txid);
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
    expect(step(desk, (tx) => finalEnd(PORTS, tx, PORTS.getPlan(tx, plan))?.txid)).toBeUndefined();
    expectRefusal(() => bury(story, plan, [ANNA, BEN], rung), DEAD_UNFOUNDED);
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
