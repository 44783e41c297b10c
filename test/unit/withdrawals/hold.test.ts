/** F25: what speaks against a payment later stops it, in sight and with a way out; it is never passed over in silence. */
import { describe, expect, test } from "vitest";
import type { Digest } from "../../../src/core/digest.ts";
import type { Name } from "../../../src/core/identifier.ts";
import { addSeconds, type Instant } from "../../../src/core/instant.ts";
import { availableAccount, frozenAccount, heldAccount } from "../../../src/core/ledger.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { listAuditRows, verifyAudit } from "../../../src/store/audit.ts";
import { verifyLedger } from "../../../src/store/integrity.ts";
import { moveKyc } from "../../../src/store/kyc.ts";
import { balanceOf } from "../../../src/store/postings.ts";
import { advance } from "../../../src/withdrawals/deciding/advance.ts";
import { cancelWithdrawal, WITHDRAWAL_BLOCKED } from "../../../src/withdrawals/deciding/decide.ts";
import { evidenceOf, haltsNow } from "../../../src/withdrawals/deciding/evidence.ts";
import { importHalt } from "../../../src/withdrawals/stopping/halt.ts";
import {
  blockWithdrawal,
  HOLD_OF_ANOTHER,
  HOLD_TOO_LATE,
  holdWithdrawal,
  unblockWithdrawal,
  unholdWithdrawal,
} from "../../../src/withdrawals/stopping/hold.ts";
import type { WithdrawalPorts } from "../../../src/withdrawals/ports.ts";
import { isInvalid } from "../../../src/withdrawals/deciding/screen.ts";
import type { Tx } from "../../../src/store/transaction.ts";
import { STATE_CONFLICT } from "../../../src/core/states/edges.ts";
import { ask, build, CUSTOMER, decide, exported, makeDesk, step, type Desk } from "../../attack/online.ts";
import { expectRefusal } from "../../bitcoin/refusal.ts";
import { approval, BTC } from "../../factory/documents.ts";
import { ANNA, at, BEN, fixtureDigest, type Cast } from "../../factory/identities.ts";
import { halt, strict } from "../../factory/online-words.ts";

const CODE = "sanctions-hit" as Name;
const NOW = at("09:10:00");
const UNITS = 20_000_000n;
type Asked = ReturnType<typeof ask>;

/** @param approved READY, else nobody has said anything yet */
function asked(approved = true, key = "k"): { readonly desk: Desk; readonly asked: Asked } {
  const desk = makeDesk(strict({}));
  const one = ask(desk, key, UNITS);
  if (approved) say(desk, one);
  return { desk, asked: one };
}

function say(desk: Desk, { intent }: Asked, decision: "approve" | "reject" = "approve", who: Cast = ANNA) {
  return decide(desk, approval(intent, [who], { custody: desk.custody.id, decision }));
}

const rowOf = (desk: Desk, { id }: Asked) => step(desk, (tx) => PORTS.getWithdrawal(tx, id));
const stateOf = (desk: Desk, one: Asked) => rowOf(desk, one).state;
const hold = (desk: Desk, { id }: Asked, code = CODE) =>
  step(desk, (tx) => holdWithdrawal(PORTS, tx, PORTS.getWithdrawal(tx, id), code));
const unhold = (desk: Desk, { id }: Asked, ports: WithdrawalPorts<Tx> = PORTS, now = NOW) =>
  step(desk, (tx) =>
    unholdWithdrawal(ports, tx, PORTS.getWithdrawal(tx, id), { policy: desk.custody.policy, now }),
  );
const block = (desk: Desk, { id }: Asked) =>
  step(desk, (tx) =>
    blockWithdrawal(PORTS, tx, PORTS.getWithdrawal(tx, id), {
      code: CODE,
      warrant: fixtureDigest("warrant"),
    }),
  );
const unblock = (desk: Desk, { id }: Asked) =>
  step(desk, (tx) =>
    unblockWithdrawal(PORTS, tx, PORTS.getWithdrawal(tx, id), {
      code: "cleared" as Name,
      policy: desk.custody.policy.body,
    }),
  );
const look = (desk: Desk, { id }: Asked, ports: WithdrawalPorts<Tx> = PORTS) =>
  step(desk, (tx) =>
    advance(ports, tx, PORTS.getWithdrawal(tx, id), {
      policy: desk.custody.policy,
      now: NOW,
      halts: haltsNow(PORTS, tx),
    }),
  ).withdrawal;
const suspend = (desk: Desk) =>
  step(desk, (tx) => moveKyc(tx, CUSTOMER, { version: 3, to: "SUSPENDED", event: "suspended" }));
const accept = (desk: Desk) =>
  step(desk, (tx) => {
    const changes = { tier: "basic" as Name, expires: "2027-01-01T00:00:00Z" as never };
    moveKyc(tx, CUSTOMER, { version: 4, to: "ACCEPTED", event: "accepted" }, changes);
  });
const money = ({ store }: Desk) =>
  [availableAccount, heldAccount, frozenAccount].map((account) => balanceOf(store, account(CUSTOMER), BTC));

/** The destination has become ours. */
const OURS: WithdrawalPorts<Tx> = {
  ...PORTS,
  findAddress: () => ({ wallet: "vault" as Name }),
};
/** The signed beneficiary is gone. */
const LOST: WithdrawalPorts<Tx> = {
  ...PORTS,
  findDocument: (tx, type, digest) =>
    type.kind === "beneficiary" ? undefined : PORTS.findDocument(tx, type, digest),
};

describe("on hold by itself", () => {
  test("what was ready when the customer was suspended, and ready again once somebody has looked", () => {
    const { desk, asked: one } = asked();
    suspend(desk);
    expect(look(desk, one)).toMatchObject({ state: "ON_HOLD", code: "kyc-suspended" });
    expect(() => build(desk)).toThrow(/no withdrawal is ready/);
    expect(unhold(desk, one).withdrawal).toMatchObject({ state: "ON_HOLD", code: "kyc-suspended" });
    accept(desk);
    expect(stateOf(desk, one)).toBe("ON_HOLD");
    expect(unhold(desk, one).withdrawal).toMatchObject({ state: "READY", code: undefined });
    expect(build(desk).withdrawals).toHaveLength(1);
    verifyLedger(desk.store);
    verifyAudit(desk.store);
  });

  test("what waits for approval goes back there: unhold approves nothing", () => {
    const { desk, asked: one } = asked(false);
    hold(desk, one);
    expect(unhold(desk, one).withdrawal.state).toBe("PENDING_APPROVAL");
  });

  test("an approval that comes while it is on hold is kept, and counts when it is screened again", () => {
    const { desk, asked: one } = asked(false);
    hold(desk, one);
    expect(say(desk, one)).toMatchObject({ effect: "noted", withdrawal: { state: "ON_HOLD" } });
    expect(unhold(desk, one).withdrawal.state).toBe("READY");
  });

  test("a halt holds nothing, for it ends by itself; what is under one can still be screened", () => {
    const { desk, asked: one } = asked();
    step(desk, (tx) => importHalt(PORTS, tx, halt(desk, ANNA), desk.custody.policy));
    expect(look(desk, one).state).toBe("READY");
    hold(desk, one);
    expect(unhold(desk, one).withdrawal.state).toBe("READY");
  });
});

describe("on hold by somebody's word", () => {
  test("a draft plan with it is dropped, and its other members are ready", () => {
    const { desk, asked: one } = asked();
    const other = ask(desk, "other", 1_000_000n);
    say(desk, other);
    const { plan } = build(desk);
    expect(hold(desk, one)).toMatchObject({ state: "ON_HOLD", code: CODE, plan: undefined });
    expect(stateOf(desk, other)).toBe("READY");
    expect(step(desk, (tx) => PORTS.getPlan(tx, plan.id).state)).toBe("DROPPED");
    const events = listAuditRows(desk.store, { entity: "withdrawal", entityId: one.id }, { limit: 20 });
    expect(events.map(({ event }) => event)).toEqual([
      "requested",
      "screening",
      "admitted",
      "approved",
      "planned",
      "plan dropped",
      "held",
    ]);
  });

  test("one person does not undo what another has stopped: who holds it lifts it, or two of compliance", () => {
    const { desk, asked: one } = asked();
    const held = step(desk, (tx) =>
      holdWithdrawal(PORTS, tx, PORTS.getWithdrawal(tx, one.id), CODE, "carla"),
    );
    expect(held).toMatchObject({ state: "ON_HOLD", holder: "carla" });
    const lift = (about: { by?: string; warrant?: Digest }) =>
      step(desk, (tx) =>
        unholdWithdrawal(PORTS, tx, PORTS.getWithdrawal(tx, one.id), {
          policy: desk.custody.policy,
          now: NOW,
          ...about,
        }),
      ).withdrawal;
    expectRefusal(() => lift({ by: "oscar" }), HOLD_OF_ANOTHER);
    expectRefusal(() => lift({}), HOLD_OF_ANOTHER);
    expect(lift({ by: "carla" })).toMatchObject({ state: "READY", holder: undefined });
    step(desk, (tx) => holdWithdrawal(PORTS, tx, PORTS.getWithdrawal(tx, one.id), CODE, "carla"));
    expect(lift({ by: "oscar", warrant: fixtureDigest("warrant") }).state).toBe("READY");
  });

  test("it is somebody's for as long as it stands: nobody else is written in, and nobody written out", () => {
    const { desk, asked: one } = asked();
    const { version } = step(desk, (tx) =>
      holdWithdrawal(PORTS, tx, PORTS.getWithdrawal(tx, one.id), CODE, "carla"),
    );
    const screened = { version, to: "SCREENING", event: "screening" } as const;
    expect(() => step(desk, (tx) => PORTS.moveWithdrawal(tx, one.id, screened, { code: null }))).toThrow(
      /who holds it by hand/,
    );
    block(desk, one);
    expect(rowOf(desk, one)).toMatchObject({ state: "BLOCKED", holder: "carla" });
    expect(unblock(desk, one)).toMatchObject({ state: "ON_HOLD", holder: undefined });
  });

  test("law 3: not once its plan has left, and not twice", () => {
    const { desk, asked: one } = asked();
    exported(desk, build(desk).plan.id);
    expectRefusal(() => hold(desk, one), HOLD_TOO_LATE);
    const again = asked();
    hold(again.desk, again.asked);
    expectRefusal(() => hold(again.desk, again.asked), HOLD_TOO_LATE);
    expectRefusal(() => unhold(desk, one), STATE_CONFLICT);
  });

  test("a no ends it: at will while nobody has approved, by law 3 after", () => {
    const early = asked(false);
    hold(early.desk, early.asked);
    expect(say(early.desk, early.asked, "reject", BEN).effect).toBe("rejected");
    expect(money(early.desk)).toEqual([100_000_000n, 0n, 0n]);
    const late = asked();
    hold(late.desk, late.asked);
    expect(say(late.desk, late.asked, "reject", BEN).effect).toBe("revoking");
    expect(money(late.desk)[1]).toBe(UNITS);
  });
});

describe("BLOCKED: two of compliance have confirmed a hit", () => {
  test("its funds are frozen, and nothing but an unblock moves it", () => {
    const { desk, asked: one } = asked();
    hold(desk, one);
    expect(block(desk, one)).toMatchObject({ state: "BLOCKED", warrant: fixtureDigest("warrant") });
    expect(money(desk)).toEqual([80_000_000n, 0n, UNITS]);
    expectRefusal(() => unhold(desk, one), STATE_CONFLICT);
    expectRefusal(
      () =>
        step(desk, (tx) =>
          cancelWithdrawal(PORTS, tx, PORTS.getWithdrawal(tx, one.id), { policy: desk.custody.policy }),
        ),
      WITHDRAWAL_BLOCKED,
    );
    expect(say(desk, one, "reject", BEN)).toMatchObject({
      effect: "noted",
      withdrawal: { state: "BLOCKED" },
    });
    verifyLedger(desk.store);
    expect(unblock(desk, one)).toMatchObject({ state: "ON_HOLD", warrant: undefined });
    expect(money(desk)).toEqual([80_000_000n, UNITS, 0n]);
    // The no that came meanwhile is heard when it is screened: it had been approved, so law 3 keeps the hold.
    expect(unhold(desk, one).withdrawal.state).toBe("REVOKING");
    verifyLedger(desk.store);
    verifyAudit(desk.store);
  });

  test("what somebody has put back into the queue meanwhile is put on hold and blocked at once", () => {
    const { desk, asked: one } = asked();
    expect(block(desk, one).state).toBe("BLOCKED");
    const left = asked();
    exported(left.desk, build(left.desk).plan.id);
    expectRefusal(() => block(left.desk, left.asked), HOLD_TOO_LATE);
  });

  test("the database asks for the warrant as well", () => {
    const { desk, asked: one } = asked();
    const { version } = hold(desk, one);
    const to = { version, to: "BLOCKED", event: "blocked" } as const;
    expect(() => step(desk, (tx) => PORTS.moveWithdrawal(tx, one.id, to, { code: CODE }))).toThrow(
      /BLOCKED goes by a warrant/,
    );
    const held = { version, to: "SCREENING", event: "screening" } as const;
    expect(() =>
      step(desk, (tx) => PORTS.moveWithdrawal(tx, one.id, held, { warrant: fixtureDigest("w") })),
    ).toThrow(/BLOCKED goes by a warrant/);
  });
});

describe("INVALID: it can never be paid as it was asked for", () => {
  test.each([
    ["its destination has become ours", OURS, "destination-is-ours", /^DESTINATION_IS_OURS/],
    ["its beneficiary was lost", LOST, "beneficiary-lost", /^BENEFICIARY_LOST/],
  ] as const)("%s: held first, ended when it is screened again", (_, ports, code, reason) => {
    const { desk, asked: one } = asked(false);
    expect(look(desk, one, ports)).toMatchObject({ state: "ON_HOLD", code });
    expect(unhold(desk, one, ports).withdrawal).toMatchObject({
      state: "INVALID",
      reason: expect.stringMatching(reason),
    });
    expect(money(desk)).toEqual([100_000_000n, 0n, 0n]);
    verifyLedger(desk.store);
  });

  test("law 3: what a quorum has approved is revoked instead", () => {
    const { desk, asked: one } = asked();
    look(desk, one, LOST);
    expect(unhold(desk, one, LOST).withdrawal.state).toBe("REVOKING");
    expect(money(desk)[1]).toBe(UNITS);
  });

  test("a destination whose time is over is one; one whose time is to come is not", () => {
    const { desk, asked: one } = asked(false);
    const row = rowOf(desk, one);
    const judged = (rule: "BENEFICIARY_NOT_IN_FORCE" | "KYC_EXPIRED", now: Instant) =>
      step(desk, (tx) => isInvalid(PORTS, tx, row, { rule }, now));
    const { expires } = step(desk, (tx) => evidenceOf(PORTS, tx, row)).beneficiary.body;
    expect(judged("BENEFICIARY_NOT_IN_FORCE", expires)).toBe(false);
    expect(judged("BENEFICIARY_NOT_IN_FORCE", addSeconds(expires, 1))).toBe(true);
    expect(judged("KYC_EXPIRED", addSeconds(expires, 1))).toBe(false);
  });
});
