import { expect, test } from "vitest";
import { decode } from "../../../../src/chains/bitcoin/decode.ts";
import {
  PREVIOUS_OUTPUT_MISMATCH,
  PREVIOUS_TRANSACTION_MISMATCH,
  PREVIOUS_TRANSACTION_MISSING,
} from "../../../../src/chains/bitcoin/owned-inputs.ts";
import { outputBytes, parseTransaction, strippedBytes } from "../../../../src/chains/bitcoin/transaction.ts";
import { changed, editPsbt, field, replaced } from "../../../bitcoin/edit-psbt.ts";
import { expectRefusal } from "../../../bitcoin/refusal.ts";
import { goodPsbt, testWallet, viewOf } from "../../../bitcoin/regtest-wallet.ts";

const wallet = testWallet();
const view = viewOf(wallet);
const good = goodPsbt(wallet);
const script = wallet.descriptor && decode(good, view).tx.inputs[0]?.script;

test("accepts full previous transactions with and without the witness output", () => {
  expect(decode(good, view).fee.units).toBeGreaterThan(0n);
  const without = editPsbt(good, (psbt) => {
    psbt.inputs = psbt.inputs.map((fields) => fields.filter(({ type }) => type !== 1));
  });
  expect(decode(without, view)).toEqual(decode(good, view));
});

test("B1: a witness output that lies about its amount, up or down", () => {
  for (const units of [1n, 2_000_000_000_000_000n]) {
    const lie = editPsbt(good, (psbt) => {
      psbt.inputs = changed(psbt.inputs, 0, (fields) =>
        replaced(fields, 1, () => field(1, outputBytes({ units, script: script as Uint8Array }))),
      );
    });
    expect(expectRefusal(() => decode(lie, view), PREVIOUS_OUTPUT_MISMATCH).message).toContain(
      "likely attack",
    );
  }
});

test("B1: a witness output without its previous transaction", () => {
  const bare = editPsbt(good, (psbt) => {
    psbt.inputs = changed(psbt.inputs, 1, (fields) => fields.filter(({ type }) => type !== 0));
  });
  expect(expectRefusal(() => decode(bare, view), PREVIOUS_TRANSACTION_MISSING).field).toBe(
    "inputs[1].nonWitnessUtxo",
  );
});

test("B2: a previous transaction whose amount was changed no longer has the id", () => {
  const spoofed = editPsbt(good, (psbt) => {
    psbt.inputs = changed(psbt.inputs, 0, (fields) =>
      replaced(fields, 0, ({ value }) => {
        const parent = parseTransaction(value);
        const outputs = parent.outputs.map((output) => ({ ...output, units: output.units - 1n }));
        return field(0, strippedBytes({ ...parent, outputs }));
      }),
    );
  });
  expectRefusal(() => decode(spoofed, view), PREVIOUS_TRANSACTION_MISMATCH);
});

test("B1: an output index that the previous transaction does not have", () => {
  const beyond = editPsbt(good, (psbt) => {
    psbt.unsigned = {
      ...psbt.unsigned,
      inputs: changed(psbt.unsigned.inputs, 0, (input) => ({ ...input, vout: 9 })),
    };
  });
  expectRefusal(() => decode(beyond, view), PREVIOUS_TRANSACTION_MISMATCH);
});
