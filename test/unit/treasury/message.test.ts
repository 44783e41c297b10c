/** A message that our keys sign: asked for, approved, signed, and completed without anything that could be sent. */
import { BITCOIN_CHAINS } from "../../../src/core/chain.ts";
import { describe, expect, test } from "vitest";
import { bitcoinCodec } from "../../../src/chains/bitcoin/index.ts";
import type { Id } from "../../../src/core/identifier.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { attemptsIn, livePlans } from "../../../src/store/attempts.ts";
import { verifyAudit } from "../../../src/store/audit.ts";
import { databaseProblems, verifyLedger } from "../../../src/store/integrity.ts";
import { leasedKeys } from "../../../src/store/plans.ts";
import { getMovement } from "../../../src/store/treasury.ts";
import { signedMessage } from "../../../src/treasury/message.ts";
import type { Wish } from "../../../src/treasury/request.ts";
import { exported, receive, step } from "../../attack/online.ts";
import { stateFor } from "../../factory/custody.ts";
import { BTC } from "../../factory/documents.ts";
import { signed } from "../../factory/gates.ts";
import { codeOf } from "../../factory/thrown.ts";
import { world } from "../../factory/watching.ts";
import { plan, say, sign, transferOf, treasuryDesk, VAULT, wish, word } from "../../factory/treasury.ts";

const MESSAGE = "reserves of 2026-11-22";
const saying = (coins: boolean, message = MESSAGE): Wish => ({
  type: "attest",
  wallet: VAULT,
  asset: BTC,
  message,
  coins,
});

type Desk = ReturnType<typeof treasuryDesk>;

/** An approved message with its plan. */
function planned(coins: boolean, desk = treasuryDesk(), label = "message") {
  const { movement, intent } = wish(desk, saying(coins), label);
  say(desk, movement.id, word(desk, intent));
  return { desk, id: movement.id, intent, ...plan(desk, movement.id) };
}

const stateOf = (desk: Desk, id: Id) => getMovement(desk.store, id).state;
const planState = (desk: Desk, id: Id) => step(desk, (tx) => PORTS.getPlan(tx, id).state);
const textOf = (desk: Desk, id: Id) =>
  step(desk, (tx) =>
    signedMessage(PORTS, tx, PORTS.getMovement(tx, id), {
      codec: () => bitcoinCodec,
      view: () => ({
        wallet: desk.custody.wallet,
        network: "regtest",
        highestIndex: 1,
        own: desk.custody.policy.body.wallets,
        tokens: [],
      }),
    }),
  );

describe("a message", () => {
  test.each([
    [false, "smp", 0],
    [true, "pof", 1],
  ] as const)("with coins %s is completed by its signatures", (coins, prefix, shown) => {
    const { desk, id, plan: row } = planned(coins);
    expect([stateOf(desk, id), textOf(desk, id)]).toEqual(["PLANNED", undefined]);
    sign(desk, row.id);
    expect([stateOf(desk, id), planState(desk, row.id)]).toEqual(["COMPLETED", "ATTESTED"]);
    const text = textOf(desk, id);
    expect(text).toMatchObject({ message: MESSAGE, coins: shown });
    expect(text?.signature.slice(0, 3)).toBe(prefix);
    verifyLedger(desk.store);
    verifyAudit(desk.store);
    expect(databaseProblems(desk.store)).toEqual([]);
  });

  test("takes no coin: what it shows is free for others, also while it waits", () => {
    const { desk } = planned(true);
    expect([...leasedKeys(desk.store)]).toEqual([]);
    const { movement, intent } = wish(desk, transferOf(20_000_000n), "transfer");
    say(desk, movement.id, word(desk, intent));
    plan(desk, movement.id);
    expect(stateOf(desk, movement.id)).toBe("PLANNED");
    // And the other way round: a coin that is promised is still ours to show.
    const later = planned(true, desk, "message later");
    expect(later.built.previous).toHaveLength(1);
  });

  test("a receipt that comes twice changes nothing", () => {
    const { desk, id, plan: row } = planned(false);
    sign(desk, row.id);
    const before = textOf(desk, id);
    sign(desk, row.id);
    expect([stateOf(desk, id), textOf(desk, id)]).toEqual(["COMPLETED", before]);
  });

  test("one that nobody wants ends before it leaves; after, it is signed or it is not", () => {
    const early = planned(false);
    expect(say(early.desk, early.id, word(early.desk, early.intent, "reject")).movement.state).toBe(
      "REJECTED",
    );
    const late = planned(false);
    const { request } = exported(late.desk, late.plan.id);
    expect(say(late.desk, late.id, word(late.desk, late.intent, "reject")).movement.state).toBe("REVOKING");
    // What has left can be signed all the same, and then it is.
    receive(late.desk, signed(request, stateFor(late.desk.custody)).receipt);
    expect(stateOf(late.desk, late.id)).toBe("COMPLETED");
  });

  test("one that no signer would sign is not asked for", () => {
    const desk = treasuryDesk();
    const asked = (message: string) => codeOf(() => wish(desk, saying(false, message)));
    expect(asked("two\nlines")).toBe("MESSAGE_UNSIGNABLE");
    expect(asked("one line")).toBe("none");
  });

  test("its plan is no target of a cancel", () => {
    const { desk, plan: row } = planned(false);
    sign(desk, row.id);
    const target = step(desk, (tx) => PORTS.getPlan(tx, row.id));
    expect(codeOf(() => wish(desk, { type: "cancel", plan: target, asset: BTC }, "cancel"))).toBe(
      "CANCEL_TARGET",
    );
  });
});

describe("the watcher has nothing to send, and could not be given it", () => {
  test("no attempt, no plan that it looks at", async () => {
    const { desk, plan: row } = planned(true);
    sign(desk, row.id);
    const watcher = world(desk);
    await watcher.run();
    expect([watcher.sent, watcher.events]).toEqual([[], []]);
    expect(livePlans(desk.store)).toEqual([]);
    expect(
      attemptsIn(desk.store, BITCOIN_CHAINS.regtest, "SIGNED", "BROADCASTING", "UNCERTAIN", "FINAL"),
    ).toEqual([]);
  });

  test("the database refuses what would make it a payment", () => {
    const { desk, id, plan: row } = planned(true);
    const attempt = { id, plan: row.id, rung: 0, kind: "rung", feeUnits: 0n, txid: row.digest } as const;
    const insert = () =>
      step(desk, (tx) => PORTS.insertAttempt(tx, { ...attempt, bytes: new Uint8Array(1) }));
    expect(insert).toThrow("what signs a message is no transaction to send");
    exported(desk, row.id);
    const send = () =>
      step(desk, (tx) => {
        const { version } = PORTS.getPlan(tx, row.id);
        PORTS.movePlan(tx, row.id, { version, to: "SIGNED", event: "test" });
      });
    expect(send).toThrow("one that signs a message is never SIGNED");
    const forward = () =>
      step(desk, (tx) => {
        const { version } = PORTS.getMovement(tx, id);
        PORTS.moveMovement(tx, id, { version, to: "SIGNED", event: "test" });
      });
    expect(forward).toThrow("it is never on its way to a block");
  });

  test("and a transfer is not completed by its signatures", () => {
    const desk = treasuryDesk();
    const { movement, intent } = wish(desk, transferOf(20_000_000n));
    say(desk, movement.id, word(desk, intent));
    const { plan: row } = plan(desk, movement.id);
    exported(desk, row.id);
    const attested = () =>
      step(desk, (tx) => {
        const { version } = PORTS.getPlan(tx, row.id);
        PORTS.movePlan(tx, row.id, { version, to: "ATTESTED", event: "test" });
      });
    expect(attested).toThrow("only such a one is ATTESTED");
    const completed = () =>
      step(desk, (tx) => {
        const { version } = PORTS.getMovement(tx, movement.id);
        PORTS.moveMovement(tx, movement.id, { version, to: "COMPLETED", event: "test" });
      });
    expect(completed).toThrow("only a message is completed by its signatures");
  });
});
