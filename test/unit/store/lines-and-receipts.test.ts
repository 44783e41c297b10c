/** What leaves and what comes back: plans that take each other's place, receipts of several signers, their journal heads. */
import { describe, expect, test } from "vitest";
import type { Name } from "../../../src/core/identifier.ts";
import type { Instant } from "../../../src/core/instant.ts";
import {
  CONFLICT_KEY_LEASED,
  leasedKeys,
  lineOf,
  movePlan,
  spendingsSince,
} from "../../../src/store/plans.ts";
import {
  countersigned,
  insertHeads,
  insertReceipt,
  insertRequest,
  JOURNAL_FORKED,
  lastHeads,
  numberOfHead,
  RECEIPT_CONFLICT,
  receiptsOf,
  type StoredReceipt,
} from "../../../src/store/receipts.ts";
import { write } from "../../../src/store/transaction.ts";
import { getWithdrawal } from "../../../src/store/withdrawals.ts";
import { CONTEXT, digest, draftPlan, furnish, id, requested, scratch } from "./scratch.ts";

const code = (kind: { readonly code: string }) => expect.objectContaining({ code: kind.code });

describe("receipts", () => {
  const signed = (label: string, signer: string, request = "request"): StoredReceipt => ({
    receipt: digest(label),
    request: digest(request),
    signer: signer as Name,
    epoch: 1,
    refusal: undefined,
    audit: { epoch: 1, size: 3 },
  });

  function prepared() {
    const { store } = scratch();
    furnish(store, 100n);
    write(store, CONTEXT, (tx) => {
      draftPlan(tx, 11);
      insertRequest(tx, { request: digest("request"), plans: [id(11)], audit: { epoch: 1, size: 3 } });
    });
    return store;
  }

  test("each signer of a request gives one that signs", () => {
    const store = prepared();
    const note = (receipt: StoredReceipt) => write(store, CONTEXT, (tx) => insertReceipt(tx, receipt));
    note(signed("one", "signer-1"));
    note(signed("one", "signer-1"));
    note(signed("two", "signer-2"));
    expect(() => note(signed("another", "signer-1"))).toThrow(code(RECEIPT_CONFLICT));
    expect(receiptsOf(store, id(11)).map(({ signer }) => signer)).toEqual(["signer-1", "signer-2"]);
    expect(countersigned(store)).toEqual([
      { signer: "signer-1", epoch: 1, size: 3 },
      { signer: "signer-2", epoch: 1, size: 3 },
    ]);
  });

  test("a refused request is judged again: any number of refusals, then a signature", () => {
    const store = prepared();
    const refusal = { gate: "G4", rule: "HALTED" };
    const refused = (label: string) => ({ ...signed(label, "signer-1"), refusal, audit: undefined });
    write(store, CONTEXT, (tx) => {
      insertReceipt(tx, refused("no"));
      insertReceipt(tx, refused("no again"));
      insertReceipt(tx, signed("yes", "signer-1"));
    });
    expect(receiptsOf(store, id(11)).map((receipt) => receipt.refusal)).toEqual([
      refusal,
      refusal,
      undefined,
    ]);
  });

  test("a journal that shows another entry of the same number was set back", () => {
    const store = prepared();
    const name = "signer-1" as Name;
    const show = (number: number, head: string) =>
      write(store, CONTEXT, (tx) => insertHeads(tx, name, 1, [{ number, head: digest(head) }]));
    show(0, "a");
    show(1, "b");
    show(1, "b");
    expect(() => show(1, "c")).toThrow(code(JOURNAL_FORKED));
    expect(lastHeads(store)).toEqual([{ signer: name, epoch: 1, number: 1, head: digest("b") }]);
    expect(numberOfHead(store, { signer: name, epoch: 1, head: digest("a") })).toBe(0);
    expect(numberOfHead(store, { signer: name, epoch: 2, head: digest("a") })).toBeUndefined();
  });
});

describe("plans that take each other's place", () => {
  test("share their conflict keys, and are found as one line from any of them", () => {
    const { store } = scratch();
    furnish(store, 100n);
    write(store, CONTEXT, (tx) => {
      const first = draftPlan(tx, 11, ["coin-1", "coin-2"]);
      movePlan(tx, first.id, { version: 1, to: "EXPORTED", event: "exported" });
      expect(() => draftPlan(tx, 12, ["coin-1"])).toThrow(code(CONFLICT_KEY_LEASED));
    });
    write(store, CONTEXT, (tx) => {
      draftPlan(tx, 13, ["coin-1", "coin-2", "coin-3"], [], id(11));
      movePlan(tx, id(11), { version: 2, to: "REPLACED", event: "replaced" });
    });
    for (const number of [11, 13])
      expect(lineOf(store, id(number)).map((plan) => plan.id)).toEqual([id(11), id(13)]);
    expect([...leasedKeys(store)].sort()).toEqual(["coin-1", "coin-2", "coin-3"]);
    expect([...leasedKeys(store, [id(11), id(13)])]).toEqual([]);
    write(store, CONTEXT, (tx) => movePlan(tx, id(13), { version: 1, to: "DROPPED", event: "dropped" }));
    expect([...leasedKeys(store)].sort()).toEqual(["coin-1", "coin-2"]);
    expect(lineOf(store, id(11)).map((plan) => plan.id)).toEqual([id(11)]);
  });

  test("what is spent is counted once, in the newest plan; dropped and dead ones cost nothing", () => {
    const { store } = scratch();
    furnish(store, 1000n);
    const counted = () =>
      spendingsSince(store, "2026-01-01T00:00:00Z" as Instant, []).map(({ units, feeUnits }) => [
        units,
        feeUnits,
      ]);
    write(store, CONTEXT, (tx) => {
      const asked = requested(tx, 1, 70n);
      draftPlan(tx, 11, ["coin-1"], [asked]);
      movePlan(tx, id(11), { version: 1, to: "EXPORTED", event: "exported" });
    });
    expect(counted()).toEqual([[70n, 100n]]);
    expect(spendingsSince(store, "2026-01-01T00:00:00Z" as Instant, [id(11)])).toEqual([]);
    expect(spendingsSince(store, "2027-01-01T00:00:00Z" as Instant, [])).toEqual([]);
    write(store, CONTEXT, (tx) => draftPlan(tx, 13, ["coin-1"], [getWithdrawal(tx, id(1))], id(11)));
    expect(counted()).toEqual([[70n, 100n]]);
    write(store, CONTEXT, (tx) => {
      movePlan(tx, id(13), { version: 1, to: "DROPPED", event: "dropped" });
      movePlan(tx, id(11), { version: 2, to: "DEAD", event: "proven dead" });
    });
    expect(counted()).toEqual([]);
    expect([...leasedKeys(store)]).toEqual([]);
  });
});
