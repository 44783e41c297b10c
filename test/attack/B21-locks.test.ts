/**
 * B21: a lock time or relative lock that nobody expects: people believe a payment can be sent, and it cannot, or only
 * after the date on which they give up. Locks are said in words in the review that the officer confirms.
 */
import { describe, expect, test } from "vitest";
import { decode, TRANSACTION_EMPTY, TRANSACTION_VERSION } from "../../src/chains/bitcoin/decode.ts";
import type { Transaction } from "../../src/chains/bitcoin/transaction.ts";
import { editPsbt } from "../bitcoin/edit-psbt.ts";
import { expectRefusal } from "../bitcoin/refusal.ts";
import { goodPsbt, testWallet, viewOf } from "../bitcoin/regtest-wallet.ts";
import { locksOf, offered, onePayment, withTransaction } from "./one-payment.ts";
import { pair } from "./pair.ts";

pair("B21", "the transaction is locked until a block in years", {
  good: () => withTransaction(onePayment(), { lockTime: 0 }),
  bad: (papers) => withTransaction(papers, { lockTime: 1_900_000 }),
  judge: locksOf,
  accepted: "no lock",
  refused: "lock time: block 1,900,000",
  removes: ["lock times are said"],
  without: "no lock",
});

pair("B21", "an input is locked for weeks after its coin", {
  good: () => withTransaction(onePayment(), { lockTime: 0 }),
  bad: (papers) => withTransaction(papers, { lockTime: 0 }, 4032),
  judge: locksOf,
  accepted: "no lock",
  refused: "relative lock: 4032 blocks after its coins confirmed",
  removes: ["relative locks are said"],
  without: "no lock",
});

pair("B21", "the transaction has a version whose locks nobody here knows", {
  good: onePayment,
  bad: (papers) => withTransaction(papers, { version: 3 }),
  judge: offered,
  accepted: "signed",
  refused: "G8 TRANSACTION_VERSION",
  removes: ["a transaction is of version 1 or 2"],
  without: "signed",
});

const wallet = testWallet();
const view = viewOf(wallet);
const good = goodPsbt(wallet);
const edited = (change: (transaction: Transaction) => Transaction) =>
  editPsbt(good, (psbt) => void (psbt.unsigned = change(psbt.unsigned)));

describe("B21: locks", () => {
  const locks = (lockTime: number, sequence: number, version = 2) =>
    decode(
      edited((tx) => ({
        ...tx,
        version,
        lockTime,
        inputs: tx.inputs.map((input) => ({ ...input, sequence })),
      })),
      view,
    );

  test("says lock times in words", () => {
    expect(decode(good, view).locks).toEqual(["lock time: block 800"]);
    expect(locks(800_000, 0xffff_fffe).locks).toEqual(["lock time: block 800,000"]);
    expect(locks(1_795_334_400, 0xffff_fffd).locks).toEqual(["lock time: 2026-11-22T08:00:00Z"]);
    expect(locks(0, 0xffff_fffd).locks).toEqual([]);
  });

  test("says relative locks (BIP-68), and when a lock time or replacement is off", () => {
    expect(locks(0, 144).locks).toEqual(["relative lock: 144 blocks after its coins confirmed"]);
    expect(locks(0, 0x0040_0002).locks).toEqual(["relative lock: 1024 seconds after its coins confirmed"]);
    expect(locks(0, 144, 1).locks).toEqual([]);
    expect(locks(800, 0xffff_ffff).locks).toEqual([]);
    expect(locks(800, 0xffff_ffff).warnings.join()).toMatch(/not signalled.*no effect/);
  });
});

test("refuses other transaction versions and a transaction without outputs", () => {
  expect(
    decode(
      edited((tx) => ({ ...tx, version: 1 })),
      view,
    ).effects,
  ).toHaveLength(2);
  for (const version of [0, 3, 0xffff_ffff])
    expectRefusal(
      () =>
        decode(
          edited((tx) => ({ ...tx, version })),
          view,
        ),
      TRANSACTION_VERSION,
    );
  const empty = editPsbt(good, (psbt) => {
    psbt.unsigned = { ...psbt.unsigned, outputs: [] };
    psbt.outputs = [];
  });
  expectRefusal(() => decode(empty, view), TRANSACTION_EMPTY);
});
