/**
 * B2: an input whose signature commits to no amount. A legacy input signs none at all, so a witness output beside it
 * proves nothing; our wallets have no legacy coins, and whole PSBTs are held to the full previous transaction always.
 */
import { expect, test } from "vitest";
import { decode } from "../../src/chains/bitcoin/decode.ts";
import { PREVIOUS_TRANSACTION_MISMATCH } from "../../src/chains/bitcoin/owned-inputs.ts";
import { scriptOf } from "../../src/chains/bitcoin/script.ts";
import {
  parseTransaction,
  strippedBytes,
  transactionBytes,
  transactionId,
  type Transaction,
} from "../../src/chains/bitcoin/transaction.ts";
import { hash256, txidText } from "../../src/chains/bitcoin/wire.ts";
import { fromBase64, toBase64 } from "../../src/core/hex.ts";
import { changed, editPsbt, field, replaced } from "../bitcoin/edit-psbt.ts";
import { expectRefusal } from "../bitcoin/refusal.ts";
import { goodPsbt, testWallet, viewOf } from "../bitcoin/regtest-wallet.ts";
import { codeOf } from "../factory/thrown.ts";
import type { Built, Papers } from "./bench/papers.ts";
import { offered, onePayment, spending } from "./one-payment.ts";
import { pair } from "./pair.ts";

const view = viewOf(testWallet());
const good = goodPsbt(testWallet());

const spoofed = (bytes: Uint8Array) =>
  editPsbt(bytes, (psbt) => {
    psbt.inputs = changed(psbt.inputs, 0, (fields) =>
      replaced(fields, 0, ({ value }) => {
        const parent = parseTransaction(value);
        const outputs = parent.outputs.map((output) => ({ ...output, units: output.units - 1n }));
        return field(0, strippedBytes({ ...parent, outputs }));
      }),
    );
    psbt.inputs = changed(psbt.inputs, 0, (fields) => fields.filter(({ type }) => type !== 1));
  });

/** The papers with the coin's parent changed by `edit`, and named by what `idOf` says of it. */
function withParent(
  papers: Papers,
  edit: (parent: Transaction) => Transaction,
  bytesOf = strippedBytes,
  idOf = transactionId,
): Papers {
  const [built] = papers.plans as readonly [Built];
  const parent = edit(parseTransaction(fromBase64(built.previous[0] as string)));
  return spending({ ...papers, plans: [{ ...built, previous: [toBase64(bytesOf(parent))] }] }, [
    { txid: idOf(parent), vout: 1 },
  ]);
}

pair("B2", "a legacy coin of one of the wallet's keys is spent", {
  good: onePayment,
  bad: (papers) =>
    withParent(papers, (parent) => ({
      ...parent,
      outputs: changed(parent.outputs, 1, (output) => ({
        ...output,
        script: scriptOf("p2pkh", output.script.subarray(2, 22)),
      })),
    })),
  judge: offered,
  accepted: "signed",
  refused: "G8 INPUT_NOT_OURS",
  removes: ["a claimed key makes the very script"],
  without: "signed",
});

pair("B2", "a coin is named by a hash that covers witnesses, which is no transaction's id", {
  good: onePayment,
  bad: (papers) =>
    withParent(
      papers,
      (parent) => ({
        ...parent,
        inputs: parent.inputs.map((input) => ({ ...input, witness: [Uint8Array.of(1)] })),
      }),
      transactionBytes,
      (parent) => txidText(hash256(transactionBytes(parent))),
    ),
  judge: offered,
  accepted: "signed",
  refused: "G8 PREVIOUS_TRANSACTION_MISMATCH",
  removes: ["a previous transaction carries no witnesses"],
  without: "signed",
});

pair("B2", "a whole PSBT's previous transaction has another amount and so another id", {
  good: () => good,
  bad: spoofed,
  judge: (bytes) => codeOf(() => decode(bytes, view)),
  accepted: "none",
  refused: "PREVIOUS_TRANSACTION_MISMATCH",
  removes: ["a whole PSBT's previous transaction is the one that is spent"],
  without: "none",
});

test("B2: the refusal names the input", () => {
  expect(expectRefusal(() => decode(spoofed(good), view), PREVIOUS_TRANSACTION_MISMATCH).field).toBe(
    "inputs[0].nonWitnessUtxo",
  );
});
