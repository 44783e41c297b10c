/** B11: another wallet's coin among ours. Its owner decides what the transaction costs, and nobody here knows the sum. */
import { expect, test } from "vitest";
import { decode } from "../../src/chains/bitcoin/decode.ts";
import { INPUT_NOT_OURS } from "../../src/chains/bitcoin/owned-inputs.ts";
import { parseTransaction, strippedBytes, transactionId } from "../../src/chains/bitcoin/transaction.ts";
import { fromBase64, toBase64 } from "../../src/core/hex.ts";
import { changed, editPsbt } from "../bitcoin/edit-psbt.ts";
import { expectRefusal } from "../bitcoin/refusal.ts";
import { goodPsbt, testWallet, viewOf } from "../bitcoin/regtest-wallet.ts";
import type { Built } from "./bench/papers.ts";
import { offered, onePayment, spending, THIEF_SCRIPT } from "./one-payment.ts";
import { pair } from "./pair.ts";

pair("B11", "a stranger's coin is spent under our key's claim", {
  good: onePayment,
  bad: (papers) => {
    const [built] = papers.plans as readonly [Built];
    const parent = parseTransaction(fromBase64(built.previous[0] as string));
    const outputs = changed(parent.outputs, 1, ({ units }) => ({ units, script: THIEF_SCRIPT }));
    const foreign = { ...parent, outputs };
    const previous = [toBase64(strippedBytes(foreign))];
    return spending({ ...papers, plans: [{ ...built, previous }] }, [
      { txid: transactionId(foreign), vout: 1 },
    ]);
  },
  judge: offered,
  accepted: "signed",
  refused: "G8 INPUT_NOT_OURS",
  removes: ["a claimed key makes the very script"],
  without: "signed",
});

const wallet = testWallet();
const other = testWallet("another regtest wallet");
const view = viewOf(wallet);
const good = goodPsbt(wallet);

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
