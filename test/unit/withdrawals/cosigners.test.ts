/** Receipts of several signers: verified one by one, complete together (2 of 3), and each in its signer's journal. */
import { describe, expect, test } from "vitest";
import { headOf } from "../../../src/core/journal-entry.ts";
import { PORTS } from "../../../src/home/ports.ts";
import { attemptsOf } from "../../../src/store/attempts.ts";
import { JOURNAL_FORKED } from "../../../src/store/receipts.ts";
import {
  RECEIPT_FOREIGN,
  RECEIPT_MISMATCH,
  RECEIPT_UNSIGNED,
} from "../../../src/withdrawals/crossing/receive.ts";
import { JOURNAL_UNCONNECTED } from "../../../src/withdrawals/crossing/signer-journal.ts";
import { receive, step } from "../../attack/online.ts";
import { signAll } from "../../bitcoin/regtest-wallet.ts";
import { expectRefusal } from "../../bitcoin/refusal.ts";
import { at, fixtureDigest, MALLORY, SIGNER } from "../../factory/identities.ts";
import { WALLET, initOf, exportedPlan, decoded, receiptBy } from "../../factory/cosigned.ts";

describe("two of three signers", () => {
  test("one receipt completes nothing; the second completes every rung, from the very same request", () => {
    const story = exportedPlan();
    const [first] = receive(story.desk, receiptBy(story, 0)).plans;
    expect(first).toMatchObject({ complete: [], plan: { state: "EXPORTED" } });
    expect(attemptsOf(story.desk.store, story.plan.id)).toEqual([]);
    const [second] = receive(story.desk, receiptBy(story, 2)).plans;
    expect(second?.plan.state).toBe("SIGNED");
    const attempts = attemptsOf(story.desk.store, story.plan.id);
    expect(attempts.map(({ kind }) => kind)).toEqual(["rung", "rung", "rung", "cancel"]);
    expect(step(story.desk, (tx) => PORTS.getWithdrawal(tx, story.id).state)).toBe("SIGNED");
    expect(receive(story.desk, receiptBy(story, 1)).plans[0]?.complete).toHaveLength(4);
  });

  test("one signer's receipt twice is one", () => {
    const story = exportedPlan();
    receive(story.desk, receiptBy(story, 0));
    expect(receive(story.desk, receiptBy(story, 0)).plans[0]?.complete).toEqual([]);
  });

  test("a signature that another key made is not taken for this one's", () => {
    const story = exportedPlan();
    const [other] = signAll(WALLET, decoded(story).rungs[0]?.tx as never, [WALLET.seeds[1] as never]);
    const forged = receiptBy(story, 0, {
      signatures: (all) => all.map((one) => ({ ...one, signature: other?.signature ?? "" })),
    });
    expect(() => receive(story.desk, forged)).toThrow(expect.objectContaining({ code: "SIGNATURE_INVALID" }));
    expect(attemptsOf(story.desk.store, story.plan.id)).toEqual([]);
  });

  test.each([
    ["signed by somebody else", { by: MALLORY }, RECEIPT_UNSIGNED],
    ["of a signer nobody named", { body: { signer: "signer-9" as never } }, RECEIPT_UNSIGNED],
    ["of an epoch nobody named", { body: { epoch: 2 } }, RECEIPT_UNSIGNED],
    ["for another request", { body: { request: fixtureDigest("other") } }, RECEIPT_FOREIGN],
  ])("a receipt %s is refused", (_, changes, kind) => {
    const story = exportedPlan();
    expectRefusal(() => receive(story.desk, receiptBy(story, 0, changes)), kind);
  });

  test("one that countersigns another place of the audit tree is refused", () => {
    const story = exportedPlan();
    const good = receiptBy(story, 0);
    const { outcome } = good.body;
    if (outcome.type !== "signed") throw new Error("it signs");
    const audit = { ...outcome.audit, root: fixtureDigest("another root") };
    expectRefusal(
      () => receive(story.desk, receiptBy(story, 0, { body: { outcome: { ...outcome, audit } } })),
      RECEIPT_MISMATCH,
    );
    receive(story.desk, good);
  });
});

describe("law 7: a signer's journal continues what it has shown", () => {
  test("the next request names the head, and a receipt that brings the rest is taken", () => {
    const story = exportedPlan();
    const one = receiptBy(story, 0);
    receive(story.desk, one);
    const own = headOf({
      number: 1,
      previous: headOf(initOf(SIGNER)),
      event: "receipt",
      subject: one.digest,
      at: at("09:20:00"),
    });
    const [head] = step(story.desk, (tx) => PORTS.lastHeads(tx));
    expect(head).toMatchObject({ signer: SIGNER.name, number: 1, head: own });
  });

  test("another history of the same signer is an alarm", () => {
    const story = exportedPlan();
    receive(story.desk, receiptBy(story, 0));
    const refusal = { type: "refused", gate: "G4", rule: "HALTED" } as const;
    const forked = receiptBy(story, 0, { body: { outcome: refusal } });
    expectRefusal(() => receive(story.desk, forked), JOURNAL_FORKED);
  });

  test("entries that follow nothing known, and a journal that leaves out its own beginning", () => {
    const story = exportedPlan();
    const lost = { number: 5, previous: fixtureDigest("unknown head") };
    expectRefusal(
      () => receive(story.desk, receiptBy(story, 0, { body: { journal: [], place: lost } })),
      JOURNAL_UNCONNECTED,
    );
    const late = { number: 2, previous: headOf(initOf(SIGNER)) };
    expectRefusal(
      () => receive(story.desk, receiptBy(story, 0, { body: { place: late } })),
      JOURNAL_UNCONNECTED,
    );
  });
});
