/** What the ledger books when a withdrawal moves, for each move of its hold. */
import { describe, expect, test } from "vitest";
import { feeAsset } from "../../../../src/core/asset.ts";
import { AssertionError } from "../../../../src/core/errors.ts";
import type { Name } from "../../../../src/core/identifier.ts";
import { postingsFor } from "../../../../src/core/states/holds.ts";
import type { WithdrawalState } from "../../../../src/core/states/withdrawal-states.ts";
import { BTC } from "../../../factory/documents.ts";
import { USDC } from "../../../factory/evm-token.ts";
import { fixtureId } from "../../../factory/identities.ts";

const PAYMENT = {
  withdrawal: fixtureId("withdrawal"),
  customer: fixtureId("customer"),
  asset: BTC,
  units: 700n,
};
const SETTLED = { wallet: "vault" as Name, feeUnits: 11n };
const booked = (from: WithdrawalState, to: WithdrawalState) =>
  postingsFor(PAYMENT, from, to, SETTLED).map(({ reason }) => reason);

test.each<[WithdrawalState, WithdrawalState, ...string[]]>([
  ["REQUESTED", "SCREENING"],
  ["PENDING_APPROVAL", "REJECTED", "release"],
  ["ON_HOLD", "BLOCKED", "freeze"],
  ["BLOCKED", "ON_HOLD", "unfreeze"],
  ["BLOCKED", "CONFIRMING", "unfreeze", "send"],
  ["CONFIRMING", "BLOCKED", "unsend", "freeze"],
  ["SIGNED", "BROADCASTING", "send"],
  ["BROADCAST", "EXPIRED", "unsend"],
  ["CONFIRMING", "COMPLETED", "settle"],
  ["EXPIRED", "COMPLETED", "send", "settle"],
  ["BLOCKED", "COMPLETED", "unfreeze", "send", "settle"],
  ["COMPLETED", "CONFIRMING", "unsettle"],
  ["COMPLETED", "ON_HOLD", "unsettle", "unsend"],
  ["COMPLETED", "BLOCKED", "unsettle", "unsend", "freeze"],
  ["CONFIRMING", "FAILED_ONCHAIN", "unsend", "fail"],
  ["FAILED_ONCHAIN", "CONFIRMING", "unfail", "send"],
  ["FAILED_ONCHAIN", "REVOKING"],
])("%s to %s", (from, to, ...reasons) => {
  expect(booked(from, to)).toEqual(reasons);
});

test.each<[WithdrawalState, WithdrawalState]>([
  ["REJECTED", "READY"],
  ["CANCELLED", "BROADCASTING"],
  ["COMPLETED", "REJECTED"],
  ["BLOCKED", "REJECTED"],
])("from %s no hold ever goes to %s: a bug, caught", (from, to) => {
  expect(() => booked(from, to)).toThrow(AssertionError);
});

test("nobody settles without the wallet that paid and its fee", () => {
  expect(() => postingsFor(PAYMENT, "CONFIRMING", "COMPLETED", undefined)).toThrow(AssertionError);
  const [settle] = postingsFor(PAYMENT, "CONFIRMING", "COMPLETED", SETTLED);
  expect(settle?.entries.map(({ units }) => units)).toEqual([700n, 11n, 711n]);
});

describe("a token's payment", () => {
  const payment = { ...PAYMENT, asset: USDC };
  const ether = feeAsset(USDC);
  const posted = (from: WithdrawalState, to: WithdrawalState, changes: object = {}) =>
    postingsFor(payment, from, to, { ...SETTLED, ...changes }).map(({ reason, entries }) => [
      reason,
      ...new Set(entries.map(({ asset, units }) => `${units} ${asset}`)),
    ]);

  test("is booked in the token, its fee beside it in the chain's coin, and both are taken back", () => {
    const settle = ["settle", `700 ${USDC}`];
    expect(posted("CONFIRMING", "COMPLETED")).toEqual([settle, ["fee", `11 ${ether}`]]);
    expect(posted("EXPIRED", "COMPLETED")).toEqual([["send", `700 ${USDC}`], settle, ["fee", `11 ${ether}`]]);
    expect(posted("COMPLETED", "CONFIRMING")).toEqual([
      ["unfee", `11 ${ether}`],
      ["unsettle", `700 ${USDC}`],
    ]);
    expect(posted("COMPLETED", "BLOCKED").map(([reason]) => reason)).toEqual([
      "unfee",
      "unsettle",
      "unsend",
      "freeze",
    ]);
  });

  test("that fails costs the fee alone, in the coin, whether the host names it or not", () => {
    const failed = [
      ["unsend", `700 ${USDC}`],
      ["fail", `11 ${ether}`],
    ];
    expect(posted("CONFIRMING", "FAILED_ONCHAIN")).toEqual(failed);
    expect(posted("CONFIRMING", "FAILED_ONCHAIN", { feeAsset: ether })).toEqual(failed);
  });
});

test("a coin's failure is booked in the coin", () => {
  const fail = postingsFor(PAYMENT, "CONFIRMING", "FAILED_ONCHAIN", SETTLED).at(-1);
  expect(fail?.entries.map(({ asset }) => asset)).toEqual([BTC, BTC]);
});
