/**
 * F09, F03: in a wallet that is marked `exactlyOnce: online` two groups of signers need share none. What the lost hours had
 * one of them sign, another would sign again; so what may lack rows is paid from no such wallet.
 */
import { describe, expect, test } from "vitest";
import type { Id } from "../../../src/core/identifier.ts";
import { addSeconds } from "../../../src/core/instant.ts";
import type { PolicyWallet } from "../../../src/core/policy/policy.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { endQuarantine, openQuarantine, type QuarantineCause } from "../../../src/store/quarantine.ts";
import { cancelWithdrawal } from "../../../src/withdrawals/deciding/decide.ts";
import { haltsNow } from "../../../src/withdrawals/deciding/evidence.ts";
import { PLAN_NOT_ALLOWED } from "../../../src/withdrawals/crossing/export.ts";
import { WITHDRAWAL_DENIED } from "../../../src/withdrawals/intake/request.ts";
import { screen } from "../../../src/withdrawals/deciding/screen.ts";
import { supersedeWithdrawal } from "../../../src/withdrawals/ending/supersede.ts";
import { importVoid } from "../../../src/withdrawals/ending/void.ts";
import { ask, build, decide, expireDue, exported, makeDesk, step, type Desk } from "../../attack/online.ts";
import { makeCustody } from "../../factory/custody.ts";
import { approval } from "../../factory/documents.ts";
import { ANNA, at, fixtureDigest, fixtureId } from "../../factory/identities.ts";
import { voided } from "../../factory/online-words.ts";
import { codeOf } from "../../factory/thrown.ts";

const UNITS = 20_000_000n;

type Once = PolicyWallet["exactlyOnce"];

const deskOf = (exactlyOnce: Once) => makeDesk({ wallets: [{ ...makeCustody().wallet, exactlyOnce }] });

function ready(desk: Desk, key: string) {
  const asked = ask(desk, key, UNITS);
  decide(desk, approval(asked.intent, [ANNA], { custody: desk.custody.id }));
  return asked;
}

/** Set back, found out, and signed off by two admins. */
function restore(desk: Desk, cause: QuarantineCause = "restored") {
  step(desk, (tx) => openQuarantine(tx, { id: fixtureId(cause), cause, subject: "copy", detail: "test" }));
  step(desk, (tx) => endQuarantine(tx, fixtureId(cause), fixtureDigest("warrant")));
}

const membersOf = (desk: Desk, plan: Id) =>
  step(desk, (tx) => PORTS.withdrawalsOf(tx, plan).map(({ id }) => id));

describe("after a restore", () => {
  test("a batch from a wallet of groups apart leaves out what began before, and takes what began after", () => {
    const desk = deskOf("online");
    const before = ready(desk, "before");
    restore(desk);
    const later = ready(desk, "after");
    const { plan, leftOut } = build(desk);
    expect(leftOut.map(({ withdrawal, why }) => [withdrawal.id, why.split(":")[0]])).toEqual([
      [before.id, "LOST_ROWS"],
    ]);
    expect(membersOf(desk, plan.id)).toEqual([later.id]);
  });

  test.each([
    ["signers that always meet know of it themselves", "signers", "restored"],
    ["a quarantine that is about no lost rows has lost no payment", "online", "foreign-spend"],
  ] as const)("twin: %s", (_why, exactlyOnce, cause) => {
    const desk = deskOf(exactlyOnce);
    const before = ready(desk, "before");
    restore(desk, cause);
    const { plan, leftOut } = build(desk);
    expect(leftOut).toEqual([]);
    expect(membersOf(desk, plan.id)).toEqual([before.id]);
  });

  test.each([
    ["online", PLAN_NOT_ALLOWED.code],
    ["signers", "none"],
  ] as const)(
    "a draft that was built before leaves the host as its wallet (%s) lets it: %s",
    (once, code) => {
      const desk = deskOf(once);
      ready(desk, "before");
      const { plan } = build(desk);
      restore(desk);
      expect(codeOf(() => exported(desk, plan.id))).toBe(code);
    },
  );

  test("twin: what had left before is built anew over the same coins, and leaves", () => {
    const desk = deskOf("online");
    const { id } = ready(desk, "before");
    const { plan } = build(desk, { feeRatesMilli: [2000n] });
    exported(desk, plan.id);
    restore(desk);
    const next = build(desk, { replaces: plan.id, feeRatesMilli: [9000n] }).plan;
    exported(desk, next.id);
    expect(membersOf(desk, next.id)).toEqual([id]);
  });

  test.each([
    ["online", WITHDRAWAL_DENIED.code],
    ["signers", "none"],
  ] as const)("a new generation is made as its row's wallets (%s) let it: %s", (once, code) => {
    const desk = deskOf(once);
    const { id } = ready(desk, "before");
    restore(desk);
    const now = addSeconds(at("09:00:00"), 90 * 86_400);
    expireDue(desk, now);
    const about = { policy: desk.custody.policy, now: at("09:20:00") };
    const again = () =>
      step(desk, (tx) =>
        supersedeWithdrawal(PORTS, tx, PORTS.getWithdrawal(tx, id), { ...about, operation: tx.operation }),
      );
    expect(step(desk, (tx) => PORTS.getWithdrawal(tx, id).state)).toBe("EXPIRED");
    expect(codeOf(again)).toBe(code);
  });

  test("people are told while it waits, held or not", () => {
    const desk = deskOf("online");
    const { id } = ready(desk, "before");
    const asked = (state: "READY" | "ON_HOLD") =>
      step(desk, (tx) => {
        const about = { policy: desk.custody.policy, now: at("09:10:00"), halts: haltsNow(PORTS, tx) };
        return screen(PORTS, tx, { ...PORTS.getWithdrawal(tx, id), state }, about);
      });
    expect(asked("READY")).toMatchObject({ allowed: true });
    restore(desk);
    expect(asked("READY")).toMatchObject({ allowed: false, rule: "LOST_ROWS" });
    expect(asked("ON_HOLD")).toMatchObject({ allowed: false, rule: "LOST_ROWS" });
  });

  test("its signers' voids end it, and it is paid under a new key", () => {
    const desk = deskOf("online");
    const before = ready(desk, "before");
    const { policy } = desk.custody;
    restore(desk);
    step(desk, (tx) => cancelWithdrawal(PORTS, tx, PORTS.getWithdrawal(tx, before.id), { policy }));
    const closed = step(desk, (tx) => importVoid(PORTS, tx, voided(desk, before.intent), { policy }));
    expect(closed.withdrawal.state).toBe("CANCELLED");
    const again = ready(desk, "again");
    expect(membersOf(desk, build(desk).plan.id)).toEqual([again.id]);
  });
});
