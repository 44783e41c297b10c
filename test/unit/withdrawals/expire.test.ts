/** Nothing waits for ever: what was not planned in time is EXPIRED, which people see and can ask for anew. */
import { describe, expect, test } from "vitest";
import { INTENT } from "../../../src/core/documents/intent.ts";
import { addSeconds, type Instant } from "../../../src/core/instant.ts";
import { heldAccount } from "../../../src/core/ledger.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { verifyAudit } from "../../../src/store/audit.ts";
import { verifyLedger } from "../../../src/store/integrity.ts";
import { leasedKeys } from "../../../src/store/plans.ts";
import { balanceOf } from "../../../src/store/postings.ts";
import { cancelWithdrawal } from "../../../src/withdrawals/deciding/decide.ts";
import { expire as expireOne } from "../../../src/withdrawals/ending/expire.ts";
import { holdWithdrawal, unholdWithdrawal } from "../../../src/withdrawals/stopping/hold.ts";
import { INTENT_LIFE_SECONDS } from "../../../src/withdrawals/intake/request.ts";
import { supersedeWithdrawal } from "../../../src/withdrawals/ending/supersede.ts";
import { advance } from "../../../src/withdrawals/deciding/advance.ts";
import { expireAll } from "../../../watcher/expire.ts";
import {
  expireDue,
  ask,
  build,
  CUSTOMER,
  decide,
  exported,
  makeDesk,
  step,
  type Desk,
} from "../../attack/online.ts";
import { approval, BTC } from "../../factory/documents.ts";
import { ANNA, at, BEN } from "../../factory/identities.ts";
import { strict } from "../../factory/online-words.ts";

const UNITS = 20_000_000n;
/** `ask` asks at 08:50. */
const LAST = addSeconds(at("08:50:00"), INTENT_LIFE_SECONDS);
const DUE = addSeconds(LAST, 1);
type Asked = ReturnType<typeof ask>;

function asked(approved: boolean): { readonly desk: Desk; readonly one: Asked } {
  const desk = makeDesk(strict({}));
  const one = ask(desk, "k", UNITS);
  if (approved) decide(desk, approval(one.intent, [ANNA], { custody: desk.custody.id }));
  return { desk, one };
}

const stateOf = (desk: Desk, { id }: Asked) => step(desk, (tx) => PORTS.getWithdrawal(tx, id).state);
const expire = (desk: Desk, now: Instant) => expireDue(desk, now);
const cancel = (desk: Desk, { id }: Asked) =>
  step(desk, (tx) =>
    cancelWithdrawal(PORTS, tx, PORTS.getWithdrawal(tx, id), { policy: desk.custody.policy }),
  );
const supersede = (desk: Desk, { id }: Asked, now: Instant) =>
  step(desk, (tx) =>
    supersedeWithdrawal(PORTS, tx, PORTS.getWithdrawal(tx, id), {
      policy: desk.custody.policy,
      now,
      operation: tx.operation,
    }),
  );
const held = ({ store }: Desk) => balanceOf(store, heldAccount(CUSTOMER), BTC);

describe("an intent's end", () => {
  test.each([
    ["PENDING_APPROVAL", false],
    ["READY", true],
  ] as const)("%s: good through its last second, EXPIRED after it", (state, approved) => {
    const { desk, one } = asked(approved);
    expect(expire(desk, LAST)).toEqual([]);
    expect(stateOf(desk, one)).toBe(state);
    expect(expire(desk, DUE)).toEqual([{ entity: "withdrawal", id: one.id }]);
    expect(stateOf(desk, one)).toBe("EXPIRED");
    expect(held(desk)).toBe(UNITS);
    expect(expire(desk, DUE)).toEqual([]);
    verifyAudit(desk.store);
  });

  test("a draft plan gives its coins back, for no signer would take it", () => {
    const { desk, one } = asked(true);
    const { plan } = build(desk);
    expect(step(desk, (tx) => leasedKeys(tx, [])).size).toBeGreaterThan(0);
    expire(desk, DUE);
    expect(stateOf(desk, one)).toBe("EXPIRED");
    expect(step(desk, (tx) => PORTS.getPlan(tx, plan.id).state)).toBe("DROPPED");
    expect(step(desk, (tx) => leasedKeys(tx, [])).size).toBe(0);
  });

  test("law 3: what has left is live, whatever the time", () => {
    const { desk, one } = asked(true);
    exported(desk, build(desk).plan.id);
    expect(expire(desk, DUE)).toEqual([]);
    expect(stateOf(desk, one)).toBe("EXPORTED");
  });

  test("one on hold waits for people, and expires when they look at it again", () => {
    const { desk, one } = asked(true);
    step(desk, (tx) => holdWithdrawal(PORTS, tx, PORTS.getWithdrawal(tx, one.id), "odd" as never));
    expect(expire(desk, DUE)).toEqual([]);
    const about = { policy: desk.custody.policy, now: DUE };
    const { withdrawal } = step(desk, (tx) =>
      unholdWithdrawal(PORTS, tx, PORTS.getWithdrawal(tx, one.id), about),
    );
    expect(withdrawal.state).toBe("EXPIRED");
  });
});

describe("ways out of EXPIRED", () => {
  test("at will while no quorum has approved: the hold is released", () => {
    const { desk, one } = asked(false);
    expire(desk, DUE);
    expect(cancel(desk, one).state).toBe("CANCELLED");
    expect(held(desk)).toBe(0n);
    verifyLedger(desk.store);
  });

  test("law 3: its approvals may lie at a signer, so that an approved one is revoked", () => {
    const { desk, one } = asked(true);
    expire(desk, DUE);
    expect(cancel(desk, one).state).toBe("REVOKING");
    expect(held(desk)).toBe(UNITS);
  });

  test("a new generation, though no plan ever had the first: it is approved afresh, and a late no to the first is heard", () => {
    const { desk, one } = asked(true);
    expire(desk, DUE);
    // The fixtures' destination and approvals end with their day; the clock that people see is set back for them.
    const now = at("09:30:00");
    const { withdrawal, intent } = supersede(desk, one, now);
    expect(withdrawal).toMatchObject({ state: "PENDING_APPROVAL", intent: intent.digest });
    expect(intent.body).toMatchObject({ generation: 2, supersedes: [one.intent.digest] });
    expect(step(desk, (tx) => PORTS.getWithdrawal(tx, one.id).expires)).toBe(intent.body.expires);
    const again = {
      ...one,
      intent: step(desk, (tx) => PORTS.findDocument(tx, INTENT, intent.digest)) as never,
    };
    const yes = approval(again.intent, [ANNA], { custody: desk.custody.id });
    expect(decide(desk, yes).effect).toBe("ready");
    const no = approval(one.intent, [BEN], { custody: desk.custody.id, decision: "reject" });
    expect(decide(desk, no)).toMatchObject({ effect: "revoking", withdrawal: { id: one.id } });
  });
});

describe("an approval has a life of its own", () => {
  const look = (desk: Desk, { id }: Asked, now: Instant) =>
    step(desk, (tx) =>
      advance(PORTS, tx, PORTS.getWithdrawal(tx, id), { policy: desk.custody.policy, now, halts: [] }),
    ).withdrawal;

  test("what was ready is asked for again under the same intent once it lapses", () => {
    const desk = makeDesk(strict({}));
    const one = ask(desk, "k", UNITS);
    const short = approval(one.intent, [ANNA], { custody: desk.custody.id, expires: at("09:20:00") });
    expect(decide(desk, short).effect).toBe("ready");
    expect(look(desk, one, at("09:20:00")).state).toBe("READY");
    expect(look(desk, one, at("09:20:01")).state).toBe("PENDING_APPROVAL");
    const fresh = approval(one.intent, [BEN], { custody: desk.custody.id }, at("09:21:00"));
    expect(decide(desk, fresh, at("09:22:00")).effect).toBe("ready");
  });
});

describe("the watcher", () => {
  function watching(desk: Desk) {
    const events: string[] = [];
    const io = { now: () => DUE, random: (length: number) => new Uint8Array(length).fill(7), argv: ["once"] };
    const online = { store: desk.store, network: "regtest", call: { io, dryRun: false, home: "" } };
    const log = ({ event, reason }: { event: string; reason?: string }) =>
      events.push(`${event}: ${reason ?? ""}`);
    return { events, pass: () => expireAll({ online, log } as never) };
  }

  test("moves what is overdue in each pass, once, and says so", async () => {
    const { desk, one } = asked(true);
    const { events, pass } = watching(desk);
    await pass();
    await pass();
    expect(events).toEqual([`intent expired: withdrawal ${one.id} was not planned in time`]);
    expect(stateOf(desk, one)).toBe("EXPIRED");
  });

  test("F16: one that cannot be moved keeps none of the others; without it all are moved", async () => {
    const { desk, one } = asked(true);
    const other = ask(desk, "k2", UNITS);
    desk.store.database.exec(
      `CREATE TEMP TRIGGER stuck BEFORE UPDATE ON withdrawal WHEN NEW.id = '${one.id}' BEGIN SELECT RAISE(ABORT, 'stuck'); END`,
    );
    const { events, pass } = watching(desk);
    await pass();
    expect([stateOf(desk, one), stateOf(desk, other)]).toEqual(["READY", "EXPIRED"]);
    expect(events.filter((event) => event.startsWith("step failed: "))).toHaveLength(1);
    desk.store.database.exec("DROP TRIGGER stuck");
    expect(expireDue(desk, DUE)).toEqual([{ entity: "withdrawal", id: one.id }]);
  });

  test("what was planned, or asked for anew, between the look and the step stays", () => {
    const { desk, one } = asked(true);
    const due = { entity: "withdrawal", id: one.id } as const;
    expect(step(desk, (tx) => expireOne(PORTS, tx, due, LAST))).toBe(false);
    expect(step(desk, (tx) => expireOne(PORTS, tx, due, DUE), DUE)).toBe(true);
    expect(step(desk, (tx) => expireOne(PORTS, tx, due, DUE), DUE)).toBe(false);
  });
});
