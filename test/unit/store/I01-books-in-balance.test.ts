/** I1, I2: whatever is booked, in whatever order, the books balance; and a recount finds what was changed behind them. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  availableAccount,
  heldAccount,
  networkFeeAccount,
  postDeposit,
  postRelease,
  postSend,
  postSettle,
  postUnsettle,
  walletAccount,
} from "../../../src/core/ledger.ts";
import { isError } from "../../../src/core/errors.ts";
import { STATE_CONFLICT } from "../../../src/core/states/edges.ts";
import type { Store } from "../../../src/store/database.ts";
import { findHold } from "../../../src/store/holds.ts";
import { LEDGER_BROKEN, verifyLedger } from "../../../src/store/integrity.ts";
import { INSUFFICIENT_BALANCE, balanceOf, listBalances } from "../../../src/store/postings.ts";
import { write } from "../../../src/store/transaction.ts";
import { verifyAudit } from "../../../src/store/audit.ts";
import { BTC, CONTEXT, CUSTOMER, VAULT, furnish, id, requested, scratch } from "./scratch.ts";
import { payment, book, force } from "./books.ts";

describe("I1, I2: any sequence of postings", () => {
  type Model = { available: bigint; held: bigint; transit: bigint; wallet: bigint; fees: bigint };
  type Step = {
    readonly what: "deposit" | "hold" | "release" | "send" | "settle" | "unsettle";
    readonly pick: number;
    readonly units: bigint;
  };
  const step: fc.Arbitrary<Step> = fc.record({
    what: fc.constantFrom("deposit", "hold", "hold", "release", "send", "settle", "unsettle"),
    pick: fc.nat(),
    units: fc.bigInt({ min: 1n, max: 2_000_000_000n }),
  });
  const STATE = {
    PLACED: "READY",
    FROZEN: "BLOCKED",
    RELEASED: "REJECTED",
    SENT: "BROADCAST",
    SETTLED: "COMPLETED",
  } as const;

  test("keeps the books balanced, no debt below zero, and a recount equals the balances", () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), (steps) => {
        const { store } = scratch();
        furnish(store, 1_000_000_000n);
        const model: Model = {
          available: 1_000_000_000n,
          held: 0n,
          transit: 0n,
          wallet: 1_000_000_000n,
          fees: 0n,
        };
        const open: { number: number; units: bigint; fee: bigint }[] = [];
        steps.forEach((each, turn) => attempt(store, model, open, each, turn));
        const sum = (prefix: string) =>
          listBalances(store, { prefix }, { limit: 1000 }).reduce((total, { units }) => total + units, 0n);
        expect(balanceOf(store, availableAccount(CUSTOMER), BTC)).toBe(model.available);
        expect(balanceOf(store, heldAccount(CUSTOMER), BTC)).toBe(model.held);
        expect(sum("transit:")).toBe(model.transit);
        expect(balanceOf(store, walletAccount(VAULT), BTC)).toBe(model.wallet);
        expect(balanceOf(store, networkFeeAccount, BTC)).toBe(model.fees);
        expect(sum("wallet:") + sum("expense:")).toBe(sum("customer:") + sum("transit:"));
        expect(model.available >= 0n && model.held >= 0n && model.transit >= 0n).toBe(true);
        for (const { number } of open)
          force(store, id(number), STATE[findHold(store, id(number)) ?? "PLACED"]);
        verifyLedger(store);
        verifyAudit(store);
      }),
      { numRuns: 25 },
    );
  });

  /** Tries a step; the model changes exactly when the store says yes, and the store says no exactly when it must. */
  function attempt(
    store: Store,
    model: Model,
    open: { number: number; units: bigint; fee: bigint }[],
    { what, pick, units }: Step,
    turn: number,
  ): void {
    if (what === "deposit") {
      book(
        store,
        postDeposit({ coin: `deposit-${turn}`, wallet: VAULT, customer: CUSTOMER, asset: BTC, units }),
      );
      model.available += units;
      model.wallet += units;
      return;
    }
    if (what === "hold") {
      const hold = () => write(store, CONTEXT, (tx) => requested(tx, turn + 1, units));
      if (units > model.available) {
        expect(hold).toThrow(expect.objectContaining({ code: INSUFFICIENT_BALANCE.code }));
        return;
      }
      hold();
      model.available -= units;
      model.held += units;
      open.push({ number: turn + 1, units, fee: units % 1000n });
      return;
    }
    const chosen = open[pick % Math.max(open.length, 1)];
    if (chosen === undefined) return;
    const pay = payment(chosen.number, chosen.units);
    const needed = { release: "PLACED", send: "PLACED", settle: "SENT", unsettle: "SETTLED" } as const;
    const legal = findHold(store, id(chosen.number)) === needed[what];
    const posting = {
      release: postRelease(pay),
      send: postSend(pay),
      settle: postSettle(pay, VAULT, chosen.fee),
      unsettle: postUnsettle(pay, VAULT, chosen.fee),
    }[what];
    try {
      book(store, posting);
      expect(legal, `${what} was booked`).toBe(true);
    } catch (error) {
      if (legal || !isError(error, STATE_CONFLICT)) throw error;
      return;
    }
    const { units: moved, fee } = chosen;
    const sign = what === "unsettle" ? -1n : 1n;
    if (what === "release" || what === "send") model.held -= moved;
    if (what === "release") model.available += moved;
    if (what === "send") model.transit += moved;
    if (what === "settle" || what === "unsettle") {
      model.transit -= sign * moved;
      model.wallet -= sign * (moved + fee);
      model.fees += sign * fee;
    }
  }
});

describe("the recount finds", () => {
  const OPEN = ["account_balance_no_delete", "entry_no_update", "entry_no_delete", "hold_edge"];

  test.each([
    [
      "a balance that was raised",
      `UPDATE account_balance SET units = '601' WHERE account = '${availableAccount(CUSTOMER)}'`,
      `account ${availableAccount(CUSTOMER)} has 601`,
    ],
    [
      "a balance that is gone",
      `DELETE FROM account_balance WHERE account = '${walletAccount(VAULT)}'`,
      "has entries and no balance",
    ],
    [
      "one side of a posting changed",
      "UPDATE entry SET units = '999' WHERE posting = 1 AND line = 0",
      "does not balance",
    ],
    [
      "both sides of a posting changed",
      "UPDATE entry SET units = '999' WHERE posting = 1",
      "is not what its audit row says",
    ],
    ["entries that are gone", "DELETE FROM entry WHERE posting = 1", "does not balance"],
    ["a hold that says it was released", "UPDATE hold SET state = 'RELEASED'", "its hold is RELEASED"],
  ])("%s", (_, tamper, message) => {
    const { store } = scratch();
    furnish(store, 1000n);
    write(store, CONTEXT, (tx) => requested(tx, 1, 400n));
    expect(verifyLedger(store).postings).toBe(2);
    for (const guard of OPEN) store.database.exec(`DROP TRIGGER ${guard}`);
    store.database.exec(tamper);
    expect(() => verifyLedger(store)).toThrow(
      expect.objectContaining({
        code: LEDGER_BROKEN.code,
        message: expect.stringContaining(message) as string,
      }),
    );
  });
});
