/** What the ledger books when a withdrawal moves, for each move of its hold. */
import { expect, test } from "vitest";
import { bitcoinAsset } from "../../../../src/core/asset.ts";
import { AssertionError } from "../../../../src/core/errors.ts";
import type { Name } from "../../../../src/core/identifier.ts";
import { postingsFor } from "../../../../src/core/states/holds.ts";
import type { WithdrawalState } from "../../../../src/core/states/withdrawal-states.ts";
import { BTC } from "../../../factory/documents.ts";
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

test("a failure's fee is booked in the asset in which the chain takes it", () => {
  // Another network stands for another asset: this chain takes its fees in its only one.
  const feeAsset = bitcoinAsset("mainnet");
  const fee = (changes: object) =>
    postingsFor(PAYMENT, "CONFIRMING", "FAILED_ONCHAIN", { ...SETTLED, ...changes })
      .at(-1)
      ?.entries.map(({ asset }) => asset);
  expect(fee({})).toEqual([BTC, BTC]);
  expect(fee({ feeAsset })).toEqual([feeAsset, feeAsset]);
});
