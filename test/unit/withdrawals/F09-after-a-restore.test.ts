/**
 * F09, F27, I10: what the lost hours have approved is not known here. What began before the quarantine over them ended
 * counts as approved for ever: signers may hold the payment, so that voids alone release its hold.
 */
import { describe, expect, test } from "vitest";
import type { Id } from "../../../src/core/identifier.ts";
import type { Instant } from "../../../src/core/instant.ts";
import { heldAccount, postRelease } from "../../../src/core/ledger.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { decisionsOf } from "../../../src/store/decisions.ts";
import { verifyLedger } from "../../../src/store/integrity.ts";
import { balanceOf } from "../../../src/store/postings.ts";
import { endQuarantine, openQuarantine, type QuarantineCause } from "../../../src/store/quarantine.ts";
import { endMovement } from "../../../src/treasury/decide.ts";
import { cancelWithdrawal } from "../../../src/withdrawals/deciding/decide.ts";
import { releaseIfClosed } from "../../../src/withdrawals/ending/revoke.ts";
import { paymentOf } from "../../../src/withdrawals/step.ts";
import { importVoid } from "../../../src/withdrawals/ending/void.ts";
import { ask, CUSTOMER, decide, makeDesk, step, type Desk } from "../../attack/online.ts";
import { approval, BTC } from "../../factory/documents.ts";
import { ANNA, at, BEN, fixtureDigest, fixtureId } from "../../factory/identities.ts";
import { voided } from "../../factory/online-words.ts";
import { codeOf } from "../../factory/thrown.ts";
import { transferOf, treasuryDesk, wish } from "../../factory/treasury.ts";

const UNITS = 20_000n;
const NOW = at("09:10:00");
type Asked = ReturnType<typeof ask>;

const begin = (desk: Desk, cause: QuarantineCause = "restored") =>
  step(desk, (tx) => openQuarantine(tx, { id: fixtureId(cause), cause, subject: "copy", detail: "test" }));
const end = (desk: Desk, cause: QuarantineCause = "restored", now: Instant = NOW) =>
  step(desk, (tx) => endQuarantine(tx, fixtureId(cause), fixtureDigest("warrant")), now);
const cancel = (desk: Desk, id: Id) =>
  step(desk, (tx) =>
    cancelWithdrawal(PORTS, tx, PORTS.getWithdrawal(tx, id), { policy: desk.custody.policy }),
  );
const say = (desk: Desk, { intent }: Asked, decision: "approve" | "reject", who = BEN) =>
  decide(desk, approval(intent, [who], { custody: desk.custody.id, decision }));
const close = (desk: Desk, { intent }: Asked) =>
  step(desk, (tx) => importVoid(PORTS, tx, voided(desk, intent), { policy: desk.custody.policy }));
const held = ({ store }: Desk) => balanceOf(store, heldAccount(CUSTOMER), BTC);

describe("after a quarantine over lost rows was signed off", () => {
  test.each(["restored", "set-back", "witness-missing", "signer-ahead"] as const)(
    "%s: what nobody has approved here is revoked, not released; its signers' voids release it",
    (cause) => {
      const desk = makeDesk();
      const one = ask(desk, "k", UNITS);
      begin(desk, cause);
      end(desk, cause);
      expect(cancel(desk, one.id).state).toBe("REVOKING");
      expect(held(desk)).toBe(UNITS);
      expect(close(desk, one)).toMatchObject({ withdrawal: { state: "CANCELLED" }, open: undefined });
      expect(held(desk)).toBe(0n);
      verifyLedger(desk.store);
    },
  );

  test("twin: what is asked for afterwards is released at will", () => {
    const desk = makeDesk();
    begin(desk);
    end(desk);
    expect(cancel(desk, ask(desk, "k", UNITS).id).state).toBe("CANCELLED");
  });

  test("twin: so is what stood through a quarantine that is about no lost rows", () => {
    const desk = makeDesk();
    const one = ask(desk, "k", UNITS);
    begin(desk, "foreign-spend");
    end(desk, "foreign-spend");
    expect(cancel(desk, one.id).state).toBe("CANCELLED");
  });

  test("places in the audit log decide, not clocks: one that was set back makes nothing younger", () => {
    const desk = makeDesk();
    const one = ask(desk, "k", UNITS);
    step(desk, (tx) => openQuarantine(tx, { ...QUARANTINE, detail: "" }), "2026-01-01T00:00:00Z" as Instant);
    end(desk, "restored", "2026-01-01T00:00:00Z" as Instant);
    expect(cancel(desk, one.id).state).toBe("REVOKING");
  });

  test("the database asks for the voids as well, whoever does not", () => {
    const desk = makeDesk();
    const [before, after] = [ask(desk, "before", UNITS), ask];
    begin(desk);
    end(desk);
    const release = (id: Id) =>
      step(desk, (tx) => PORTS.post(tx, postRelease(paymentOf(PORTS.getWithdrawal(tx, id)))));
    expect(() => release(before.id)).toThrow(/voids alone release it/);
    cancel(desk, before.id);
    expect(() => release(before.id)).toThrow(/voids alone release it/);
    expect(() => release(after(desk, "after", UNITS).id)).not.toThrow();
  });

  test("a movement of ours is not said to have ended either; one that is asked for afterwards is", () => {
    const desk = treasuryDesk();
    const { movement } = wish(desk, transferOf(UNITS), "before");
    begin(desk);
    end(desk);
    const later = wish(desk, transferOf(UNITS), "after").movement;
    const said = { end: "CANCELLED", reason: "test", policy: desk.custody.policy.body } as const;
    const ended = (id: Id) =>
      step(desk, (tx) => endMovement(PORTS, tx, PORTS.getMovement(tx, id), said)).state;
    expect(ended(movement.id)).toBe("REVOKING");
    expect(ended(later.id)).toBe("CANCELLED");
  });
});

const QUARANTINE = { id: fixtureId("restored"), cause: "restored", subject: "copy" } as const;

describe("in quarantine", () => {
  test("a no is kept, and what it says begins; nothing is released before people have signed", () => {
    const desk = makeDesk();
    const [one, other] = [ask(desk, "rejected", UNITS), ask(desk, "cancelled", UNITS)];
    begin(desk);
    expect(say(desk, one, "reject")).toMatchObject({ effect: "revoking", withdrawal: { state: "REVOKING" } });
    expect(decisionsOf(desk.store, one.id, "approval")).toHaveLength(1);
    expect(cancel(desk, other.id).state).toBe("REVOKING");
    expect(held(desk)).toBe(2n * UNITS);
  });

  test("so is a void: its hold goes back when the quarantine has ended, and law 3 is met", () => {
    const desk = makeDesk();
    const one = ask(desk, "k", UNITS);
    begin(desk);
    say(desk, one, "reject");
    expect(close(desk, one)).toMatchObject({
      withdrawal: { state: "REVOKING" },
      open: "the database is in quarantine",
    });
    end(desk);
    const { body } = desk.custody.policy;
    const released = step(desk, (tx) => releaseIfClosed(PORTS, tx, PORTS.getWithdrawal(tx, one.id), body));
    expect(released.state).toBe("REJECTED");
    verifyLedger(desk.store);
  });

  test("a no about a spend that nobody knows is kept like any other", () => {
    const desk = makeDesk();
    const one = ask(desk, "k", UNITS);
    begin(desk, "foreign-spend");
    expect(say(desk, one, "reject").effect).toBe("revoking");
    end(desk, "foreign-spend");
    expect(close(desk, one).withdrawal.state).toBe("REJECTED");
  });

  test("an approval does not get past it: refused, and taken when it has ended", () => {
    const desk = makeDesk();
    const one = ask(desk, "k", UNITS);
    begin(desk);
    expect(codeOf(() => say(desk, one, "approve", ANNA))).toBe("QUARANTINED");
    end(desk);
    expect(say(desk, one, "approve", ANNA).withdrawal.state).toBe("READY");
  });
});

describe("F14: a client's key on a restored backup", () => {
  test("one that the backup has gets the old answer, in quarantine and after", () => {
    const desk = makeDesk();
    const { id } = ask(desk, "known", UNITS);
    begin(desk);
    expect(ask(desk, "known", UNITS).id).toBe(id);
    end(desk);
    expect(ask(desk, "known", UNITS).id).toBe(id);
    expect(held(desk)).toBe(UNITS);
  });

  test("one that went with the lost hours is refused until people have looked, then it is a new request", () => {
    const desk = makeDesk();
    begin(desk);
    expect(codeOf(() => ask(desk, "lost", UNITS))).toBe("QUARANTINED");
    expect(held(desk)).toBe(0n);
    end(desk);
    expect(PORTS.getWithdrawal(desk.store as never, ask(desk, "lost", UNITS).id).state).toBe(
      "PENDING_APPROVAL",
    );
  });

  test("twin: a quarantine that is about no lost rows refuses no request", () => {
    const desk = makeDesk();
    begin(desk, "foreign-spend");
    expect(codeOf(() => ask(desk, "new", UNITS))).toBe("none");
  });
});
