import { expect, test } from "vitest";
import { decode } from "../../../../src/chains/bitcoin/decode.ts";
import { CHANGE_FALSE, CHANGE_INDEX } from "../../../../src/chains/bitcoin/outputs.ts";
import { INPUT_NOT_OURS } from "../../../../src/chains/bitcoin/owned-inputs.ts";
import { changed, editPsbt, field, replaced } from "../../../bitcoin/edit-psbt.ts";
import { expectRefusal } from "../../../bitcoin/refusal.ts";
import {
  firstPsbt,
  goodPsbt,
  payment,
  planOf,
  snapshotOf,
  testWallet,
  viewOf,
} from "../../../bitcoin/regtest-wallet.ts";

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
