/** F6: what `withdraw show` says of a payment whose signed plan was replaced: what is signed is not sent. */
import { beforeEach, expect, test } from "vitest";
import type { Id } from "../../../src/core/identifier.ts";
import { refusalHint } from "../../../src/commands/withdraw/refusal-hint.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { stepPlan } from "../../../src/withdrawals/step.ts";
import { ask, build, decide, exported, step } from "../../attack/online.ts";
import { approval } from "../../factory/documents.ts";
import { fund, homeDesk } from "../../factory/home-desk.ts";
import { ANNA, at } from "../../factory/identities.ts";
import { onlineHome, type OnlineHome } from "../../factory/online-home.ts";

const NOW = at("09:30:00");
let home: OnlineHome;
let withdrawal: Id;
let plan: Id;
beforeEach(async () => {
  home = await onlineHome();
  home.inside((store) => {
    const desk = homeDesk(store);
    fund(desk);
    const asked = ask(desk, "k", 25_000_000n);
    withdrawal = asked.id;
    decide(desk, approval(asked.intent, [ANNA], { custody: desk.custody.id }));
    plan = build(desk).plan.id;
    exported(desk, plan);
    step(desk, (tx) => {
      stepPlan(PORTS, tx, PORTS.getPlan(tx, plan), { type: "signed" });
      const { version } = PORTS.getWithdrawal(tx, withdrawal);
      PORTS.moveWithdrawal(tx, withdrawal, { version, to: "SIGNED", event: "test" });
    });
  });
});

test("a replacement that has left and is not signed: it waits for signers, and is exported again", async () => {
  const other = home.inside((store) => {
    const desk = homeDesk(store);
    const replacement = build(desk, { replaces: plan, feeRatesMilli: [20_000n, 40_000n] }).plan.id;
    exported(desk, replacement);
    return replacement;
  });
  const { data } = await home.run(`withdraw show ${withdrawal}`, { now: NOW });
  expect(data.state).toBe("SIGNED");
  expect(data.waits).toContain(`nothing is sent before plan ${other} is signed`);
  expect(data.waits).toContain(`custody withdraw export ${other} --out request.json`);
});

test("twin: nothing has taken its place, so that it waits for the watcher", async () => {
  const { data } = await home.run(`withdraw show ${withdrawal}`, { now: NOW });
  expect(data.state).toBe("SIGNED");
  expect(data.waits).toBeUndefined();
});

test("POLICY_EXPIRED at a signer: the same plan is exported again, once the next policy is pinned", () => {
  const hint = (rule: string) => refusalHint({ gate: "G3", rule }, { id: plan, wallet: "vault" as never });
  const again = `custody withdraw export ${plan} --out request.json`;
  expect(hint("POLICY_EXPIRED")).toBe(
    `${again}   (once the next policy is pinned: docs/runbooks/policy-ends.md)`,
  );
  // The signer is behind, and the request is good.
  expect(hint("POLICY_NEWER")).toMatch(/^custody policy show --out policy.json {3}\(that signer pins it/);
  expect(hint("AUDIT_BEHIND")).toBe(`${again}   (afresh, after: custody status)`);
});

test.each(["QUORUM_NOT_MET", "NOT_RELEASED", "CLEARANCE_MISSING"])(
  "%s at a signer: the same plan is exported again, for a new one would leave the payment out",
  (rule) => {
    const about = { id: plan, wallet: "vault" as never };
    expect(refusalHint({ gate: "G4", rule }, about)).toMatch(`custody withdraw export ${plan} --out`);
    expect(refusalHint({ gate: "G4", rule: "REJECTED" }, about)).toMatch(`--replace ${plan}`);
  },
);
