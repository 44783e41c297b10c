import { describe, expect, test } from "vitest";
import { networkFeeAccount, walletAccount } from "../../../src/core/ledger.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { getWallet } from "../../../src/store/wallets.ts";
import { verifyAudit } from "../../../src/store/audit.ts";
import { verifyLedger } from "../../../src/store/integrity.ts";
import { balanceOf } from "../../../src/store/postings.ts";
import { getMovement } from "../../../src/store/treasury.ts";
import { endMovement } from "../../../src/treasury/decide.ts";
import { amount } from "../../../src/core/amount.ts";
import { exported, step } from "../../attack/online.ts";
import { BTC } from "../../factory/documents.ts";
import { codeOf } from "../../factory/thrown.ts";
import { BEN, MALLORY, RUTH } from "../../factory/identities.ts";
import {
  follow,
  plan,
  RESERVE,
  say,
  sign,
  transferOf,
  treasuryDesk,
  VAULT,
  wish,
  word,
} from "../../factory/treasury.ts";

const UNITS = 20_000_000n;

/** An approved transfer. */
function approved() {
  const desk = treasuryDesk();
  const { movement, intent } = wish(desk, transferOf(UNITS));
  say(desk, movement.id, word(desk, intent));
  return { desk, id: movement.id, intent };
}

const stateOf = (desk: ReturnType<typeof treasuryDesk>, id: Parameters<typeof getMovement>[1]) =>
  getMovement(desk.store, id).state;

describe("a transfer between our wallets", () => {
  test("goes its way like a withdrawal, through the real signer, and is booked when it is final", () => {
    const { desk, id } = approved();
    expect(stateOf(desk, id)).toBe("READY");
    const planned = plan(desk, id);
    expect(stateOf(desk, id)).toBe("PLANNED");
    sign(desk, planned.plan.id);
    expect(stateOf(desk, id)).toBe("SIGNED");
    follow(desk, planned.plan.id, "sending", "broadcast", "included", "final");
    expect(stateOf(desk, id)).toBe("COMPLETED");
    const fee = BigInt(planned.built.rungs[0]?.feeUnits ?? "0");
    expect(balanceOf(desk.store, walletAccount(RESERVE), BTC)).toBe(UNITS);
    expect(balanceOf(desk.store, walletAccount(VAULT), BTC)).toBe(-UNITS - fee);
    expect(balanceOf(desk.store, networkFeeAccount, BTC)).toBe(fee);
    verifyLedger(desk.store);
    verifyAudit(desk.store);
  });

  test("F10: a deep reorganisation takes the booking back, and it is booked again", () => {
    const { desk, id } = approved();
    const planned = plan(desk, id);
    sign(desk, planned.plan.id);
    follow(desk, planned.plan.id, "sending", "broadcast", "included", "final", "settlement reorganised away");
    expect(stateOf(desk, id)).toBe("BROADCAST");
    expect(balanceOf(desk.store, walletAccount(RESERVE), BTC)).toBe(0n);
    follow(desk, planned.plan.id, "included", "final");
    expect(balanceOf(desk.store, walletAccount(RESERVE), BTC)).toBe(UNITS);
    verifyLedger(desk.store);
  });

  test("takes the destination's next address, which nobody else gets", () => {
    const { desk, id } = approved();
    const planned = plan(desk, id);
    expect(getWallet(desk.store, RESERVE).nextReceive).toBe(1);
    expect(planned.document.body.intents).toHaveLength(1);
  });
});

describe("what is not allowed", () => {
  test("a policy without a row, and an amount beyond it, deny it before anybody is asked", () => {
    const desk = treasuryDesk();
    expect(codeOf(() => wish(desk, transferOf(2_000_000_000n)))).toBe("MOVEMENT_DENIED");
    const toItself = { ...transferOf(UNITS), destination: VAULT } as ReturnType<typeof transferOf>;
    expect(codeOf(() => wish(desk, toItself))).toBe("MOVEMENT_DENIED");
    expect(wish(desk, transferOf(UNITS)).movement.state).toBe("PENDING_APPROVAL");
  });

  test("nobody approves who may not, or who asked for it", () => {
    const desk = treasuryDesk();
    const { movement, intent } = wish(desk, transferOf(UNITS));
    expect(codeOf(() => say(desk, movement.id, word(desk, intent, "approve", MALLORY)))).toBe(
      "DECISION_UNSIGNED",
    );
    expect(codeOf(() => say(desk, movement.id, word(desk, intent, "approve", RUTH)))).toBe(
      "DECISION_UNSIGNED",
    );
    expect(codeOf(() => plan(desk, movement.id))).toBe("MOVEMENT_NOT_READY");
    expect(say(desk, movement.id, word(desk, intent, "approve", BEN)).movement.state).toBe("READY");
  });

  test("law 13: a no before the export ends it; after, it is live and follows only into a block", () => {
    const early = approved();
    const draft = plan(early.desk, early.id);
    expect(say(early.desk, early.id, word(early.desk, early.intent, "reject")).movement.state).toBe(
      "REJECTED",
    );
    expect(codeOf(() => exported(early.desk, draft.plan.id))).toBe("MOVEMENT_NOT_ALLOWED");

    const late = approved();
    const { plan: left } = plan(late.desk, late.id);
    sign(late.desk, left.id);
    expect(say(late.desk, late.id, word(late.desk, late.intent, "reject")).movement.state).toBe("REVOKING");
    follow(late.desk, left.id, "sending", "broadcast");
    expect(stateOf(late.desk, late.id)).toBe("REVOKING");
    follow(late.desk, left.id, "included", "final");
    expect(stateOf(late.desk, late.id)).toBe("COMPLETED");
  });
});

test("a consolidation makes one coin of many, and costs its fee alone", () => {
  const desk = treasuryDesk();
  const wanted = { type: "consolidate", wallet: VAULT, amount: amount(BTC, 900_000_000n) } as const;
  const { movement, intent } = wish(desk, wanted);
  say(desk, movement.id, word(desk, intent));
  const coins = [
    { units: 3_000_000n, index: 1 },
    { units: 4_000_000n, index: 2 },
  ];
  const planned = plan(desk, movement.id, { coins });
  expect(planned.document.body.conflictKeys).toHaveLength(2);
  sign(desk, planned.plan.id);
  follow(desk, planned.plan.id, "sending", "broadcast", "included", "final");
  const fee = BigInt(planned.built.rungs[0]?.feeUnits ?? "0");
  expect(balanceOf(desk.store, walletAccount(VAULT), BTC)).toBe(-fee);
  expect(stateOf(desk, movement.id)).toBe("COMPLETED");
});

test("a cancel brings back the coins of a plan that left without a cancel rung; whichever wins, the other is dead", () => {
  const { desk, id } = approved();
  const target = plan(desk, id);
  const asked = () =>
    wish(
      desk,
      { type: "cancel", plan: PORTS.getPlan(desk.store as never, target.plan.id), asset: BTC },
      "cancel",
    );
  expect(codeOf(asked)).toBe("CANCEL_TARGET");
  exported(desk, target.plan.id);
  const { movement, intent } = asked();
  say(desk, movement.id, word(desk, intent));
  const planned = plan(desk, movement.id);
  expect(planned.document.body.conflictKeys).toEqual(target.document.body.conflictKeys);
  expect(PORTS.getPlan(desk.store as never, target.plan.id).state).toBe("REPLACED");
  sign(desk, planned.plan.id);
  follow(desk, planned.plan.id, "sending", "broadcast", "included", "final");
  expect(stateOf(desk, movement.id)).toBe("COMPLETED");
  expect(PORTS.getPlan(desk.store as never, target.plan.id).state).toBe("DEAD");
  expect(stateOf(desk, id)).toBe("EXPIRED");
  verifyLedger(desk.store);
});

test("the operator ends what nobody has approved", () => {
  const desk = treasuryDesk();
  const { movement } = wish(desk, transferOf(UNITS));
  const end = () =>
    step(desk, (tx) =>
      endMovement(PORTS, tx, PORTS.getMovement(tx, movement.id), {
        end: "CANCELLED",
        reason: "not needed",
        policy: desk.custody.policy.body,
      }),
    );
  expect(end().state).toBe("CANCELLED");
  expect(codeOf(end)).toBe("DECISION_TOO_LATE");
});
