import { expect, test } from "vitest";
import { decode } from "../../../../src/chains/bitcoin/decode.ts";
import { INPUT_DUPLICATE, INPUT_NOT_OURS } from "../../../../src/chains/bitcoin/owned-inputs.ts";
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
const other = testWallet("another regtest wallet");
const view = viewOf(wallet);
const good = goodPsbt(wallet);

test("accepts two different coins of the wallet", () => {
  expect(
    decode(good, view)
      .inputs.map(({ path }) => path)
      .sort(),
  ).toEqual(["m/84h/1h/0h/0/1", "m/84h/1h/0h/0/2"]);
});

test("B10: the same coin twice, also beyond the first hundred", () => {
  const many = Array.from({ length: 150 }, (_, index) => ({ units: 5000n, index }));
  const plan = planOf(
    [payment(600_000n)],
    viewOf(wallet, 150),
    snapshotOf(wallet, many, { feeRateMilli: "1000" }),
  );
  const bytes = firstPsbt(plan, viewOf(wallet, 150));
  expect(decode(bytes, viewOf(wallet, 150)).inputs.length).toBeGreaterThan(120);
  const twice = editPsbt(bytes, (psbt) => {
    const last = psbt.inputs.length - 1;
    psbt.unsigned = {
      ...psbt.unsigned,
      inputs: [...psbt.unsigned.inputs.slice(0, -1), psbt.unsigned.inputs[110] as never],
    };
    psbt.inputs[last] = psbt.inputs[110] as never;
  });
  expect(expectRefusal(() => decode(twice, viewOf(wallet, 150)), INPUT_DUPLICATE).message).toContain(
    "inputs 110 and",
  );
});

test("B11: another wallet's coin among ours", () => {
  const foreign = goodPsbt(other);
  const mixed = editPsbt(good, (psbt) => {
    editPsbt(foreign, (theirs) => {
      psbt.unsigned = {
        ...psbt.unsigned,
        inputs: [psbt.unsigned.inputs[0] as never, theirs.unsigned.inputs[0] as never],
      };
      psbt.inputs = [psbt.inputs[0] as never, theirs.inputs[0] as never];
    });
  });
  expect(expectRefusal(() => decode(mixed, view), INPUT_NOT_OURS).field).toBe("inputs[1].bip32Derivation");
  expectRefusal(() => decode(foreign, view), INPUT_NOT_OURS);
});

test("B3: an input that claims another key, path or none", () => {
  const claims = [
    (value: Uint8Array, keyData: Uint8Array) =>
      field(6, Uint8Array.from([...value.subarray(0, -4), 9, 0, 0, 0]), keyData),
    (value: Uint8Array, keyData: Uint8Array) =>
      field(6, value, Uint8Array.from([(keyData[0] as number) ^ 1, ...keyData.subarray(1)])),
    (value: Uint8Array, keyData: Uint8Array) =>
      field(6, Uint8Array.from([0xde, 0xad, 0xbe, 0xef, ...value.subarray(4)]), keyData),
    (value: Uint8Array, keyData: Uint8Array) => field(6, Uint8Array.from([...value, 0, 0, 0, 0]), keyData),
  ];
  for (const claim of claims) {
    const edited = editPsbt(good, (psbt) => {
      psbt.inputs = changed(psbt.inputs, 0, (fields) =>
        replaced(fields, 6, ({ value, keyData }) => claim(value, keyData)),
      );
    });
    expectRefusal(() => decode(edited, view), INPUT_NOT_OURS);
  }
  const none = editPsbt(good, (psbt) => {
    psbt.inputs = changed(psbt.inputs, 0, (fields) => fields.filter(({ type }) => type !== 6));
  });
  expectRefusal(() => decode(none, view), INPUT_NOT_OURS);
});
