import type { Name } from "../../../src/core/identifier.ts";
import { describe, expect, test } from "vitest";
import type { SignedAttempt } from "../../../src/core/documents/family.ts";
import type { SignedPlan } from "../../../src/core/documents/receipt.ts";
import type { ReceiptDocument } from "../../../src/core/documents/receipt.ts";
import { availableAccount, heldAccount } from "../../../src/core/ledger.ts";
import type { AttemptEvent } from "../../../src/core/states/attempt.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { verifyLedger } from "../../../src/store/integrity.ts";
import { leasedKeys } from "../../../src/store/plans.ts";
import { balanceOf } from "../../../src/store/postings.ts";
import { followAttempt } from "../../../src/withdrawals/following/follow.ts";
import { openReason } from "../../../src/withdrawals/ending/revoke.ts";
import { importVoid, VOID_UNFOUNDED, VOID_UNSIGNED } from "../../../src/withdrawals/ending/void.ts";
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
import { approval, BTC } from "../../factory/documents.ts";
import { signed } from "../../factory/gates.ts";
import { ANNA, BEN, MALLORY, SIGNER, OSCAR } from "../../factory/identities.ts";
import { voided } from "../../factory/online-words.ts";

type Asked = ReturnType<typeof ask>;

const say = (desk: Desk, { intent }: Asked, decision: "approve" | "reject" = "approve", who = ANNA) =>
  decide(desk, approval(intent, [who], { custody: desk.custody.id, decision }));
const close = (desk: Desk, document: ReturnType<typeof voided>) =>
  step(desk, (tx) => importVoid(PORTS, tx, document, { policy: desk.custody.policy }));
const held = ({ store }: Desk) => balanceOf(store, heldAccount(CUSTOMER), BTC);
const available = ({ store }: Desk) => balanceOf(store, availableAccount(CUSTOMER), BTC);
const stateOf = (desk: Desk, { id }: Asked) => step(desk, (tx) => PORTS.getWithdrawal(tx, id).state);

function out(desk: Desk, ...asked: Asked[]) {
  for (const one of asked) say(desk, one);
  const { plan } = build(desk);
  return { plan, request: exported(desk, plan.id).request };
}

/** What the signer's void would list of a receipt. */
function attemptsIn(receipt: ReceiptDocument): SignedAttempt[] {
  const { outcome } = receipt.body;
  const plans = outcome.type === "signed" ? outcome.plans : [];
  return plans.map((plan: SignedPlan) => ({
    plan: plan.plan,
    generation: 1,
    row: plan.intents[0]?.row as Name,
    operators: [OSCAR.person],
    conflictKeys: plan.conflictKeys,
    transactions: plan.rungs.map(({ transaction }) => transaction),
  }));
}

describe("law 3: after approval a hold is released by closed families alone", () => {
  test("a rejected member of an exported batch is released when its wallet's signer has voided it, unsigned", () => {
    const desk = makeDesk();
    const [bad, good] = [ask(desk, "bad", 10_000_000n), ask(desk, "good", 20_000_000n)];
    out(desk, bad, good);
    expect(say(desk, bad, "reject", BEN).effect).toBe("revoking");
    expect(step(desk, (tx) => openReason(PORTS, tx, PORTS.getWithdrawal(tx, bad.id)))).toMatch(
      /1 signer of wallet vault must void it, 0 have/,
    );
    expect(held(desk)).toBe(30_000_000n);
    expect(close(desk, voided(desk, bad.intent))).toMatchObject({ withdrawal: { state: "REJECTED" } });
    expect(held(desk)).toBe(20_000_000n);
    expect(available(desk)).toBe(80_000_000n);
    expect(stateOf(desk, good)).toBe("EXPORTED");
    expect(leasedKeys(desk.store).size).toBe(1);
    verifyLedger(desk.store);
  });

  test("a plan whose members have all been closed gives its coins back", () => {
    const desk = makeDesk();
    const bad = ask(desk, "bad", 10_000_000n);
    const { plan } = out(desk, bad);
    say(desk, bad, "reject", BEN);
    close(desk, voided(desk, bad.intent));
    expect(step(desk, (tx) => PORTS.getPlan(tx, plan.id).state)).toBe("DEAD");
    expect(leasedKeys(desk.store).size).toBe(0);
  });

  test("a void that came before the no counts when the no comes", () => {
    const desk = makeDesk();
    const bad = ask(desk, "bad", 10_000_000n);
    out(desk, bad);
    expect(close(desk, voided(desk, bad.intent))).toMatchObject({ withdrawal: { state: "EXPORTED" } });
    expect(say(desk, bad, "reject", BEN).effect).toBe("rejected");
    expect(held(desk)).toBe(0n);
  });

  test("a void that lists a signed plan releases nothing while that plan may settle", () => {
    const desk = makeDesk();
    const bad = ask(desk, "bad", 10_000_000n);
    const { request } = out(desk, bad);
    const { receipt } = signed(request, stateFor(desk.custody));
    receive(desk, receipt);
    expect(say(desk, bad, "reject", BEN).effect).toBe("revoking");
    const closed = close(desk, voided(desk, bad.intent, attemptsIn(receipt)));
    expect(closed.open).toMatch(/was signed and is not dead yet/);
    expect(held(desk)).toBe(10_000_000n);
  });

  test("the cancel rung that became final has killed it, and the hold goes back to its customer", () => {
    const desk = makeDesk();
    const bad = ask(desk, "bad", 10_000_000n);
    const { plan, request } = out(desk, bad);
    const { receipt } = signed(request, stateFor(desk.custody));
    receive(desk, receipt);
    say(desk, bad, "reject", BEN);
    close(desk, voided(desk, bad.intent, attemptsIn(receipt)));
    const cancel = step(desk, (tx) => PORTS.attemptsOf(tx, plan.id).find(({ kind }) => kind === "cancel"));
    const { body: policy } = desk.custody.policy;
    const block = { hash: "b".repeat(64), height: 200 };
    for (const event of ["included", "final"] as const)
      step(desk, (tx) =>
        followAttempt(PORTS, tx, cancel?.id as never, event, {
          policy,
          block: event === "final" ? undefined : block,
        }),
      );
    expect(stateOf(desk, bad)).toBe("REJECTED");
    expect(available(desk)).toBe(100_000_000n);
    expect(step(desk, (tx) => PORTS.getPlan(tx, plan.id).state)).toBe("CANCELLED");
    verifyLedger(desk.store);
  });

  test("what is revoked is paid all the same when a block holds it: it won the race", () => {
    const desk = makeDesk();
    const bad = ask(desk, "bad", 10_000_000n);
    const { plan, request } = out(desk, bad);
    receive(desk, signed(request, stateFor(desk.custody)).receipt);
    say(desk, bad, "reject", BEN);
    const [first] = step(desk, (tx) => PORTS.attemptsOf(tx, plan.id));
    const { body: policy } = desk.custody.policy;
    const follow = (event: AttemptEvent) =>
      step(desk, (tx) =>
        followAttempt(PORTS, tx, first?.id as never, event, {
          policy,
          block:
            event === "included"
              ? { hash: "b".repeat(64), height: 200 }
              : event === "final"
                ? undefined
                : null,
        }),
      );
    follow("included");
    expect(stateOf(desk, bad)).toBe("CONFIRMING");
    follow("final");
    expect(stateOf(desk, bad)).toBe("COMPLETED");
    verifyLedger(desk.store);
    follow("settlement reorganised away");
    expect(stateOf(desk, bad)).toBe("REVOKING");
    expect(held(desk)).toBe(10_000_000n);
    verifyLedger(desk.store);
  });
});

describe("a void is believed from its maker alone", () => {
  test("not by a stranger, not over a family that is not here", () => {
    const desk = makeDesk();
    const bad = ask(desk, "bad", 10_000_000n);
    out(desk, bad);
    say(desk, bad, "reject", BEN);
    const forged = voided(desk, bad.intent, [], { ...MALLORY, name: SIGNER.name });
    expectRefusal(() => close(desk, forged), VOID_UNSIGNED);
    const other = { ...bad.intent, body: { ...bad.intent.body, id: "0".repeat(32) as never } };
    expectRefusal(() => close(desk, voided(desk, other)), VOID_UNFOUNDED);
    expect(held(desk)).toBe(10_000_000n);
    expect(close(desk, voided(desk, bad.intent))).toMatchObject({ withdrawal: { state: "REJECTED" } });
  });

  test("n - m + 1 distinct wallet keys, whatever their epochs: one signer's word twice is one", () => {
    const wallets = makeDesk().custody.policy.body.wallets.map((wallet) => ({
      ...wallet,
      threshold: 2,
      signers: [SIGNER.name, "signer-2" as never, "signer-3" as never],
    }));
    const base = makeDesk();
    const bad = ask(base, "bad", 10_000_000n);
    say(base, bad);
    // The policy that asks for two of three is only looked at, nothing is signed under it here.
    const body = { ...base.custody.policy.body, wallets };
    const ports = {
      ...PORTS,
      findDocuments: ((tx, type, digests) =>
        type.kind === "policy"
          ? [{ ...base.custody.policy, body }]
          : PORTS.findDocuments(tx, type, digests)) as typeof PORTS.findDocuments,
    };
    close(base, voided(base, bad.intent));
    close(base, voided(base, bad.intent, [], SIGNER, "2026-11-22T10:00:00Z" as never));
    expect(step(base, (tx) => openReason(ports, tx, PORTS.getWithdrawal(tx, bad.id)))).toMatch(
      /2 signers of wallet vault must void it, 1 has/,
    );
  });
});
