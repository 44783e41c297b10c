import { describe, expect, test } from "vitest";
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
} from "../../../src/core/ledger.ts";
import { insertCustomer } from "../../../src/store/customers.ts";
import { findHold } from "../../../src/store/holds.ts";
import { verifyLedger } from "../../../src/store/integrity.ts";
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
import { BTC, CONTEXT, CUSTOMER, VAULT, furnish, id, request, requested, scratch } from "./scratch.ts";
import { payment, book, force } from "./books.ts";

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
        hint: "ask for at most 0.00001000 BTC (1,000 sat)",
      }),
    );
    expect(findHold(store, id(1))).toBeUndefined();
    ask(1000n);
    expect(availableOf(store, CUSTOMER, BTC)).toBe(0n);
    expect(() => write(store, CONTEXT, (tx) => requested(tx, 2, 1n))).toThrow(
      expect.objectContaining({ hint: "custody-watcher once   (credits deposits that are deep enough)" }),
    );
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

  test("a posting is of one asset, and of some", () => {
    const { store } = scratch();
    furnish(store, 1000n);
    const { entries, ...hold } = postHold(payment(1, 400n));
    const [debit, credit] = entries as [(typeof entries)[number], (typeof entries)[number]];
    const other = { ...credit, asset: "bitcoin:other" as typeof BTC };
    for (const wrong of [[], [debit, other], [other, debit]])
      expect(() => book(store, { ...hold, entries: wrong })).toThrow(/a posting is of one asset/);
  });

  test("no account but a wallet's falls below zero, though its posting balances", () => {
    const { store } = scratch();
    furnish(store, 1000n);
    const { entries } = postSettle(payment(1, 400n), VAULT, 1n);
    // A fee has no hold that would have to move first.
    expect(() => book(store, { reason: "fee", subject: id(1), entries })).toThrow(
      `${transitAccount(id(1))} would fall below zero`,
    );
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
    const [credited, held] = listPostings(store, {}, { limit: 100 });
    expect([credited?.seq, held?.seq]).toEqual([1, 2]);
    expect(held?.entries).toEqual(postHold(payment(1, 400n)).entries);
    expect(listPostings(store, {}, { limit: 100, after: 1 }).map(({ seq }) => seq)).toEqual([2]);
  });
});
