/** I1: what each event posts, entry by entry, and that its reverse takes exactly that back. */
import { describe, expect, test } from "vitest";
import { bitcoinAsset, feeAsset } from "../../../src/core/asset.ts";
import { AssertionError } from "../../../src/core/errors.ts";
import type { Name } from "../../../src/core/identifier.ts";
import {
  balanceChanges,
  feeShare,
  growsBy,
  lossAccount,
  networkFeeAccount,
  postDeposit,
  postFailure,
  postFee,
  postFreeze,
  postHold,
  postMove,
  postPaymentFee,
  postPaymentUnfee,
  postRelease,
  postSend,
  postSettle,
  postUnfailure,
  postUnfee,
  postUnfreeze,
  postUnmove,
  postUnsend,
  postUnsettle,
  receivableAccount,
  type Entry,
  type Posting,
} from "../../../src/core/ledger.ts";
import { BTC } from "../../factory/documents.ts";
import { USDC } from "../../factory/evm-token.ts";
import { fixtureId } from "../../factory/identities.ts";

const [W, C, M] = [fixtureId("withdrawal"), fixtureId("customer"), fixtureId("movement")];
const [VAULT, POOL] = ["vault" as Name, "pool" as Name];
const PAYMENT = { withdrawal: W, customer: C, asset: BTC, units: 700n };
const FEE = { wallet: VAULT, asset: BTC, units: 11n };
const PLAN_FEE = { plan: M, ...FEE };
const DEPOSIT = { coin: "coin", wallet: VAULT, customer: C, asset: BTC, units: 9n };
const NOWHERE = { movement: M, wallet: VAULT, asset: BTC, units: 50n, feeUnits: 3n };
const TRANSFER = { ...NOWHERE, destination: POOL };
const [HELD, AVAILABLE, FROZEN] = ["held", "available", "frozen"].map((part) => `customer:${C}:${part}`);
const TRANSIT = `transit:${W}`;

const told = ({ reason, subject, entries }: Posting) => [
  reason,
  subject,
  ...entries.map(({ account, side, asset, units }) => {
    expect(asset).toBe(BTC);
    return `${side} ${account} ${units}`;
  }),
];

test.each<[Posting, ...string[]]>([
  [postDeposit(DEPOSIT), "deposit", "coin", "debit wallet:vault 9", `credit ${AVAILABLE} 9`],
  [postHold(PAYMENT), "hold", W, `debit ${AVAILABLE} 700`, `credit ${HELD} 700`],
  [postRelease(PAYMENT), "release", W, `debit ${HELD} 700`, `credit ${AVAILABLE} 700`],
  [postSend(PAYMENT), "send", W, `debit ${HELD} 700`, `credit ${TRANSIT} 700`],
  [
    postSettle(PAYMENT, VAULT, 11n),
    "settle",
    W,
    `debit ${TRANSIT} 700`,
    "debit expense:network-fee 11",
    "credit wallet:vault 711",
  ],
  [postFreeze(PAYMENT), "freeze", W, `debit ${HELD} 700`, `credit ${FROZEN} 700`],
  [postFailure(PAYMENT, FEE), "fail", W, "debit expense:network-fee 11", "credit wallet:vault 11"],
  [postFee(PLAN_FEE), "fee", M, "debit expense:network-fee 11", "credit wallet:vault 11"],
  [
    postMove(TRANSFER),
    "move",
    M,
    "debit expense:network-fee 3",
    "debit wallet:pool 50",
    "credit wallet:vault 53",
  ],
  [postMove(NOWHERE), "move", M, "debit expense:network-fee 3", "credit wallet:vault 3"],
])("what is posted is told entry by entry, and balances (%#)", (posting, ...entries) => {
  expect(told(posting)).toEqual(entries);
  expect(() => balanceChanges(posting)).not.toThrow();
});

test.each<[string, Posting, Posting]>([
  ["unsend", postSend(PAYMENT), postUnsend(PAYMENT)],
  ["unsettle", postSettle(PAYMENT, VAULT, 11n), postUnsettle(PAYMENT, VAULT, 11n)],
  ["unfreeze", postFreeze(PAYMENT), postUnfreeze(PAYMENT)],
  ["unfail", postFailure(PAYMENT, FEE), postUnfailure(PAYMENT, FEE)],
  ["unfee", postFee(PLAN_FEE), postUnfee(PLAN_FEE)],
  ["unmove", postMove(TRANSFER), postUnmove(TRANSFER)],
])("%s: the same entries, each on the other side", (reason, posting, back) => {
  expect(back.reason).toBe(reason);
  expect(back.subject).toBe(posting.subject);
  const other = { debit: "credit", credit: "debit" } as const;
  expect(back.entries).toEqual(posting.entries.map((entry) => ({ ...entry, side: other[entry.side] })));
});

describe("I1: debits equal credits in each asset", () => {
  const posting = (...entries: readonly (readonly [Entry["side"], string, bigint, string?])[]): Posting => ({
    reason: "move",
    subject: W,
    entries: entries.map(([side, account, units, asset = BTC]) => ({
      side,
      account,
      units,
      asset: asset as Entry["asset"],
    })),
  });
  const other = bitcoinAsset("mainnet");

  test.each([
    ["one side is larger", posting(["debit", "wallet:a", 5n], ["credit", "wallet:b", 4n])],
    ["both are debits", posting(["debit", "wallet:a", 5n], ["debit", "wallet:b", 5n])],
    ["the sides are of two assets", posting(["debit", "wallet:a", 5n], ["credit", "wallet:b", 5n, other])],
    ["an amount is negative", posting(["debit", "wallet:a", -5n], ["credit", "wallet:b", -5n])],
  ])("%s: a bug, caught", (_name, wrong) => {
    expect(() => balanceChanges(wrong)).toThrow(AssertionError);
  });

  describe("a token's payment: each posting is of one asset", () => {
    const payment = { ...PAYMENT, asset: USDC };
    const fee = { wallet: VAULT, asset: feeAsset(USDC), units: 11n };
    const entries = (posting: Posting) =>
      posting.entries.map(({ account, side, asset, units }) => [side, account, asset, units]);

    test("what is paid leaves the wallet in the token, the fee in the coin", () => {
      expect(entries(postSettle(payment, VAULT, 0n))).toEqual([
        ["debit", TRANSIT, USDC, 700n],
        ["credit", "wallet:vault", USDC, 700n],
      ]);
      expect(entries(postPaymentFee(payment, fee))).toEqual([
        ["debit", "expense:network-fee", fee.asset, 11n],
        ["credit", "wallet:vault", fee.asset, 11n],
      ]);
      expect(postPaymentFee(payment, fee).subject).toBe(W);
    });

    test("a fee beside the token in one posting is a bug, caught; so is a movement of tokens", () => {
      expect(() => postSettle(payment, VAULT, 1n)).toThrow(AssertionError);
      expect(() => postMove({ ...TRANSFER, asset: USDC })).toThrow(AssertionError);
    });

    test("what takes the fee back is its exact reverse", () => {
      const sides = ({ entries: all }: Posting) => all.map(({ account, side }) => `${side} ${account}`);
      expect(sides(postPaymentUnfee(payment, fee))).toEqual([
        "credit expense:network-fee",
        "debit wallet:vault",
      ]);
    });
  });

  test("several entries on one side, and nothing at all, balance", () => {
    const fine = posting(
      ["debit", "wallet:a", 2n],
      ["debit", "wallet:a", 3n],
      ["credit", "customer:1:held", 5n],
      ["debit", "wallet:b", 0n],
      ["credit", "wallet:b", 0n, other],
    );
    expect([...balanceChanges(fine)]).toEqual([
      ["wallet:a", 5n],
      ["customer:1:held", 5n],
      ["wallet:b", 0n],
    ]);
  });
});

test("what we have and what we have lost grows by debit, what we owe by credit, whatever a customer is called", () => {
  for (const account of ["wallet:vault", receivableAccount(C), networkFeeAccount, lossAccount])
    expect(growsBy(account), account).toBe("debit");
  for (const account of [TRANSIT, HELD, "customer:wallet:held", "transit:expense:1"])
    expect(growsBy(account as string), account).toBe("credit");
});

describe("a fee's shares", () => {
  test.each([
    [11n, [4n, 4n, 3n]],
    [12n, [4n, 4n, 4n]],
    [2n, [1n, 1n, 0n]],
    [0n, [0n, 0n, 0n]],
  ])("of %s base units among three add up, the first ones bear the remainder", (fee, shares) => {
    expect(shares.map((_, index) => feeShare(fee, index, 3))).toEqual(shares);
  });

  test.each([-1, 3, 4])("there is no share %i of three", (index) => {
    expect(() => feeShare(11n, index, 3)).toThrow(AssertionError);
    expect(feeShare(11n, 2, 3)).toBe(3n);
  });
});
