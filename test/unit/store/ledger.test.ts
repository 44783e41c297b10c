import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Id } from "../../../src/core/identifier.ts";
import {
  availableAccount,
  heldAccount,
  networkFeeAccount,
  postDeposit,
  postHold,
  postRelease,
  postSend,
  postSettle,
  postUnsettle,
  transitAccount,
  walletAccount,
  type Posting,
} from "../../../src/core/ledger.ts";
import { isError } from "../../../src/core/errors.ts";
import { STATE_CONFLICT, type WithdrawalState } from "../../../src/core/states/edges.ts";
import { insertCustomer } from "../../../src/store/customers.ts";
import type { Store } from "../../../src/store/database.ts";
import { findHold } from "../../../src/store/holds.ts";
import { LEDGER_BROKEN, verifyLedger } from "../../../src/store/integrity.ts";
import {
  INSUFFICIENT_BALANCE,
  availableOf,
  balanceOf,
  listBalances,
  listPostings,
  post,
  postingsAbout,
} from "../../../src/store/postings.ts";
import { write } from "../../../src/store/transaction.ts";
import { insertWithdrawal } from "../../../src/store/withdrawals.ts";
import { verifyAudit } from "../../../src/store/audit.ts";
import { BTC, CONTEXT, CUSTOMER, VAULT, furnish, id, request, requested, scratch } from "./scratch.ts";

const payment = (number: number, units: bigint, customer = CUSTOMER) => ({
  withdrawal: id(number),
  customer,
  asset: BTC,
  units,
});
const book = (store: Store, posting: Posting) => write(store, CONTEXT, (tx) => post(tx, posting));

/** Puts a withdrawal into the state that its hold belongs to, past the guards: these tests are about money alone. */
function force(store: Store, withdrawal: Id, state: WithdrawalState): void {
  for (const guard of [
    "withdrawal_edge",
    "withdrawal_next_version",
    "withdrawal_update_audited",
    "withdrawal_planned_in_draft",
    "withdrawal_paid_elsewhere",
  ]) {
    store.database.exec(`DROP TRIGGER IF EXISTS ${guard}`);
  }
  store.database.prepare("UPDATE withdrawal SET state = ? WHERE id = ?").run(state, withdrawal);
}

describe("a withdrawal's money", () => {
  test("goes available, held, in transit, out; and back in transit when a reorganisation takes it back", () => {
    const { store } = scratch();
    furnish(store, 1000n);
    const pay = payment(1, 400n);
    const balances = () =>
      [
        availableAccount(CUSTOMER),
        heldAccount(CUSTOMER),
        transitAccount(id(1)),
        walletAccount(VAULT),
        networkFeeAccount,
      ].map((account) => balanceOf(store, account, BTC));
    write(store, CONTEXT, (tx) => requested(tx, 1, 400n));
    expect(balances()).toEqual([600n, 400n, 0n, 1000n, 0n]);
    book(store, postSend(pay));
    expect(balances()).toEqual([600n, 0n, 400n, 1000n, 0n]);
    book(store, postSettle(pay, VAULT, 7n));
    expect(balances()).toEqual([600n, 0n, 0n, 593n, 7n]);
    book(store, postUnsettle(pay, VAULT, 7n));
    expect(balances()).toEqual([600n, 0n, 400n, 1000n, 0n]);
    book(store, postSettle(pay, VAULT, 9n));
    expect(balances()).toEqual([600n, 0n, 0n, 591n, 9n]);
    expect(postingsAbout(store, id(1)).map(({ reason, turn }) => [reason, turn])).toEqual([
      ["hold", 1],
      ["send", 1],
      ["settle", 1],
      ["unsettle", 1],
      ["settle", 2],
    ]);
    expect(availableOf(store, CUSTOMER, BTC)).toBe(600n);
    force(store, id(1), "COMPLETED");
    expect(verifyLedger(store)).toEqual({ postings: 6, accounts: 5, assets: 1 });
  });

  test("more than is available is denied, naming both, and nothing is booked", () => {
    const { store } = scratch();
    furnish(store, 1000n);
    const ask = (units: bigint) => write(store, CONTEXT, (tx) => requested(tx, 1, units));
    expect(() => ask(1001n)).toThrow(
      expect.objectContaining({
        code: INSUFFICIENT_BALANCE.code,
        exit: "denied",
        details: { availableUnits: "1000", askedUnits: "1001" },
      }),
    );
    expect(findHold(store, id(1))).toBeUndefined();
    ask(1000n);
    expect(availableOf(store, CUSTOMER, BTC)).toBe(0n);
  });

  test.each([
    ["held twice", [], postHold(payment(1, 400n))],
    ["released twice (F12)", [postRelease(payment(1, 400n))], postRelease(payment(1, 400n))],
    ["sent twice", [postSend(payment(1, 400n))], postSend(payment(1, 400n))],
    ["released after it was sent (F27)", [postSend(payment(1, 400n))], postRelease(payment(1, 400n))],
    ["sent after it was released (F12)", [postRelease(payment(1, 400n))], postSend(payment(1, 400n))],
    ["settled before it was sent", [], postSettle(payment(1, 400n), VAULT, 1n)],
    [
      "settled twice (I5)",
      [postSend(payment(1, 400n)), postSettle(payment(1, 400n), VAULT, 1n)],
      postSettle(payment(1, 400n), VAULT, 1n),
    ],
    [
      "taken back twice (F13)",
      [
        postSend(payment(1, 400n)),
        postSettle(payment(1, 400n), VAULT, 1n),
        postUnsettle(payment(1, 400n), VAULT, 1n),
      ],
      postUnsettle(payment(1, 400n), VAULT, 1n),
    ],
  ] as const)("is never %s, though others' money is there", (_, before, wrong) => {
    const { store } = scratch();
    furnish(store, 10_000n);
    write(store, CONTEXT, (tx) => {
      requested(tx, 1, 400n);
      requested(tx, 2, 400n);
      post(tx, postSend(payment(2, 400n)));
      for (const posting of before) post(tx, posting);
    });
    const balances = listBalances(store, {}, { limit: 100 });
    expect(() => book(store, wrong)).toThrow();
    expect(listBalances(store, {}, { limit: 100 })).toEqual(balances);
  });

  test("a deposit is booked once", () => {
    const { store } = scratch();
    furnish(store, 1000n);
    const deposit = { wallet: VAULT, customer: CUSTOMER, asset: BTC, units: 5n };
    book(store, postDeposit({ ...deposit, coin: "coin-1" }));
    expect(() => book(store, postDeposit({ ...deposit, coin: "coin-1" }))).toThrow(
      /what was booked and what takes it back alternate/,
    );
    expect(availableOf(store, CUSTOMER, BTC)).toBe(1005n);
  });

  test("another amount or another customer's money than the withdrawal's is a bug, caught", () => {
    const { store } = scratch();
    furnish(store, 1000n);
    write(store, CONTEXT, (tx) => {
      insertCustomer(tx, { id: id(0xc2), ref: "c-2" });
      post(tx, postDeposit({ coin: "coin-9", wallet: VAULT, customer: id(0xc2), asset: BTC, units: 900n }));
      insertWithdrawal(tx, request(1, 400n));
    });
    expect(() => book(store, postHold(payment(1, 399n)))).toThrow(/is of its amount/);
    expect(() => book(store, postHold(payment(1, 400n, id(0xc2))))).toThrow(/is of its amount/);
    book(store, postHold(payment(1, 400n)));
  });

  test("balances and postings are listed in pages", () => {
    const { store } = scratch();
    furnish(store, 1000n);
    write(store, CONTEXT, (tx) => requested(tx, 1, 400n));
    const all = listBalances(store, {}, { limit: 100 });
    const [first] = listBalances(store, {}, { limit: 1 });
    expect([first, ...listBalances(store, {}, { limit: 100, after: first })]).toEqual(all);
    expect(listBalances(store, { prefix: "customer:" }, { limit: 100 }).map(({ units }) => units)).toEqual([
      600n,
      400n,
    ]);
    expect(
      listPostings(store, { account: heldAccount(CUSTOMER) }, { limit: 100 }).map(({ reason }) => reason),
    ).toEqual(["hold"]);
    expect(listPostings(store, {}, { limit: 100 }).map(({ seq }) => seq)).toEqual([1, 2]);
    expect(listPostings(store, {}, { limit: 100, after: 1 }).map(({ seq }) => seq)).toEqual([2]);
  });
});

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
