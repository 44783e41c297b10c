/**
 * B1 (CVE-2020-14199): BIP-143 commits to the amount of its own input alone, so a host that lies about amounts twice gets
 * two signatures that make one transaction with a fee nobody saw. An amount is believed from the previous transaction.
 */
import { expect, test } from "vitest";
import { decode } from "../../src/chains/bitcoin/decode.ts";
import {
  PREVIOUS_OUTPUT_MISMATCH,
  PREVIOUS_TRANSACTION_MISMATCH,
  PREVIOUS_TRANSACTION_MISSING,
} from "../../src/chains/bitcoin/owned-inputs.ts";
import { outputBytes, parseTransaction, strippedBytes } from "../../src/chains/bitcoin/transaction.ts";
import { fromBase64, toBase64 } from "../../src/core/hex.ts";
import { changed, editPsbt, field, replaced } from "../bitcoin/edit-psbt.ts";
import { expectRefusal } from "../bitcoin/refusal.ts";
import { goodPsbt, testWallet, viewOf } from "../bitcoin/regtest-wallet.ts";
import { codeOf } from "../factory/thrown.ts";
import type { Papers } from "./bench/papers.ts";
import { dearer, offered, onePayment, withBase, withPlan } from "./one-payment.ts";
import { pair } from "./pair.ts";

const wallet = testWallet();
const view = viewOf(wallet);
const good = goodPsbt(wallet);
const script = wallet.descriptor && decode(good, view).tx.inputs[0]?.script;

/** The coin's parent says `by` sat more than it does, and the host states every fee as it would then be. */
function withRicherParent(papers: Papers, by: bigint): Papers {
  const [built] = withPlan(papers, dearer(by)).plans;
  const previous = (built?.previous ?? []).map((text) => {
    const parent = parseTransaction(fromBase64(text));
    const outputs = changed(parent.outputs, 1, (output) => ({ ...output, units: output.units + by }));
    return toBase64(strippedBytes({ ...parent, outputs }));
  });
  return { ...papers, plans: [{ ...(built as NonNullable<typeof built>), previous }] };
}

pair("B1", "a previous transaction says another amount than the coin has", {
  good: onePayment,
  bad: (papers) => withRicherParent(papers, 1000n),
  judge: offered,
  accepted: "signed",
  refused: "G8 PREVIOUS_TRANSACTION_MISSING",
  removes: [
    "previous transactions are named by the hash of their bytes",
    "what nobody spends is not carried",
  ],
  without: "signed",
});

pair("B1", "a plan's base brings an amount of its own along", {
  good: onePayment,
  bad: (papers) =>
    withBase(papers, (psbt) => {
      const output = outputBytes({ units: 1n, script: new Uint8Array(34) });
      psbt.inputs = changed(psbt.inputs, 0, (fields) => [...fields, field(1, output)]);
    }),
  judge: offered,
  accepted: "signed",
  refused: "G8 PSBT_FIELD_REFUSED",
  removes: ["fields that have no meaning are refused"],
  without: "signed",
});

pair("B1", "a whole PSBT's witness output says another amount", {
  good: () => good,
  bad: (bytes) =>
    editPsbt(bytes, (psbt) => {
      const lie = outputBytes({ units: 1n, script: script as Uint8Array });
      psbt.inputs = changed(psbt.inputs, 0, (fields) => replaced(fields, 1, () => field(1, lie)));
    }),
  judge: (bytes) => codeOf(() => decode(bytes, view)),
  accepted: "none",
  refused: "PREVIOUS_OUTPUT_MISMATCH",
  removes: ["an amount is what the previous transaction says"],
  without: "none",
});

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

test("B1: an output index that the previous transaction does not have", () => {
  const beyond = editPsbt(good, (psbt) => {
    psbt.unsigned = {
      ...psbt.unsigned,
      inputs: changed(psbt.unsigned.inputs, 0, (input) => ({ ...input, vout: 9 })),
    };
  });
  expectRefusal(() => decode(beyond, view), PREVIOUS_TRANSACTION_MISMATCH);
});
