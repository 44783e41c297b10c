/**
 * B7: change so far up that no scan reaches it, to be held for ransom. The gap counts from what this signer has signed
 * for, or from the highest input; where dust was planted far up, the officer is told.
 */
import { expect, test } from "vitest";
import { decode } from "../../src/chains/bitcoin/decode.ts";
import { CHANGE_FALSE, CHANGE_INDEX } from "../../src/chains/bitcoin/outputs.ts";
import { INPUT_NOT_OURS } from "../../src/chains/bitcoin/owned-inputs.ts";
import { changed, editPsbt, field, replaced } from "../bitcoin/edit-psbt.ts";
import { expectRefusal } from "../bitcoin/refusal.ts";
import {
  firstPsbt,
  goodPsbt,
  payment,
  planOf,
  snapshotOf,
  testWallet,
  viewOf,
} from "../bitcoin/regtest-wallet.ts";
import { goodRequest, makeCustody, payout, stateFor } from "../factory/custody.ts";
import { reviewed } from "../factory/gates.ts";
import { ask, planned } from "../factory/requests.ts";
import { offered, onePayment, vaultKey, withChangeTo, withPlan } from "./one-payment.ts";
import { pair } from "./pair.ts";

// The coin lies at index 1 and the house's gap is 20.
pair("B7", "change goes one index further than the gap allows", {
  good: () => withChangeTo(onePayment(), vaultKey(1, 21)),
  bad: (papers) => withChangeTo(papers, vaultKey(1, 22)),
  judge: offered,
  accepted: "signed",
  refused: "G8 CHANGE_INDEX",
  removes: ["change lies within the gap"],
  without: "signed",
});

const cancelAt = (changeIndex: number) => (papers: ReturnType<typeof onePayment>) =>
  withPlan(papers, ({ cancel }) => ({ cancel: { feeUnits: cancel?.feeUnits ?? "", changeIndex } }));

pair("B7", "the cancel rung goes further than the gap allows", {
  good: () => cancelAt(21)(onePayment()),
  bad: cancelAt(22),
  judge: offered,
  accepted: "signed",
  refused: "G8 CHANGE_INDEX",
  removes: ["a cancel rung goes to an index within the gap"],
  without: "signed",
});

const custody = makeCustody();

/** The warning of the review of a payment whose coin lies at `index`, and whose change follows it. */
function warningAt(index: number): string {
  const plan = planned(custody, [payout(custody)], {
    coins: [{ units: 60_000_000n, index }],
    snapshot: { changeIndex: index + 1 },
  });
  const { warnings = [] } = reviewed(ask(custody, [plan]), stateFor(custody)).review.body.plans[0] ?? {};
  return warnings.find((warning) => warning.startsWith("change goes to index")) ?? "nothing";
}

pair("B7", "dust is planted at an address far up, so that change may follow it", {
  good: () => 1,
  bad: (index) => index + 4999,
  judge: warningAt,
  accepted: "nothing",
  refused: "change goes to index 5001; the highest that this signer has signed for is -1",
  removes: ["change that follows an input far up is remarked on"],
  without: "nothing",
});

test("B7: change of a common payment is nothing to remark on", () => {
  const { review } = reviewed(goodRequest(custody), stateFor(custody));
  expect(review.body.plans[0]?.warnings.join(" ")).not.toContain("highest");
});

const wallet = testWallet();
const coins = [
  { units: 60_000n, index: 1 },
  { units: 50_000n, index: 2 },
];

/** A transaction whose builder was told a larger gap than the signer has. */
function withChangeAt(changeIndex: number): Uint8Array {
  const snapshot = snapshotOf(wallet, coins, { changeIndex });
  const view = viewOf(wallet, 5, 50);
  return firstPsbt(planOf([payment(80_000n)], view, snapshot), view);
}

test("B7: change at the gap's end is accepted, one further is refused", () => {
  const view = viewOf(wallet, 5, 10);
  expect(decode(withChangeAt(15), view).effects).toContainEqual(
    expect.objectContaining({ type: "change", index: 15 }),
  );
  expectRefusal(() => decode(withChangeAt(16), view), CHANGE_INDEX);
});

test("law 10: the gap counts from the highest input where that is higher", () => {
  const view = viewOf(wallet, -1, 10);
  expect(decode(withChangeAt(12), view).effects).toContainEqual(expect.objectContaining({ index: 12 }));
  expectRefusal(() => decode(withChangeAt(13), view), CHANGE_INDEX);
});

test("B7: an index of 2^31 - 1 is refused whatever it derives to", () => {
  const good = goodPsbt(wallet);
  const view = viewOf(wallet);
  const changeAt = decode(good, view).effects.findIndex(({ type }) => type === "change");
  const far = (value: Uint8Array) => Uint8Array.from([...value.subarray(0, -4), 0xff, 0xff, 0xff, 0x7f]);
  const output = editPsbt(good, (psbt) => {
    psbt.outputs = changed(psbt.outputs, changeAt, (fields) =>
      replaced(fields, 2, ({ value, keyData }) => field(2, far(value), keyData)),
    );
  });
  expectRefusal(() => decode(output, view), CHANGE_FALSE);
  const input = editPsbt(good, (psbt) => {
    psbt.inputs = changed(psbt.inputs, 0, (fields) =>
      replaced(fields, 6, ({ value, keyData }) => field(6, far(value), keyData)),
    );
  });
  expectRefusal(() => decode(input, view), INPUT_NOT_OURS);
});
