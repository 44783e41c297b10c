/** B10 (class of CVE-2018-17144): a coin that is counted twice is money from nowhere in our sums. */
import { expect, test } from "vitest";
import { decode } from "../../src/chains/bitcoin/decode.ts";
import { parseTransaction, transactionId } from "../../src/chains/bitcoin/transaction.ts";
import type { Digest } from "../../src/core/digest.ts";
import { fromBase64 } from "../../src/core/hex.ts";
import { INPUT_DUPLICATE } from "../../src/chains/bitcoin/owned-inputs.ts";
import { editPsbt } from "../bitcoin/edit-psbt.ts";
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
import type { Built } from "./bench/papers.ts";
import { offered, onePayment, spending, withBase, withOutput } from "./one-payment.ts";
import { pair } from "./pair.ts";

pair("B10", "one coin stands in two inputs", {
  good: () => onePayment(undefined, { sets: ["a", "b"] }),
  bad: (papers) => {
    // The second coin is worth 1,000,000 sat more than the first: the change gives them up, so that the fee stays.
    const less = withOutput(papers, "change", (output) => ({ ...output, units: output.units - 1_000_000n }));
    const coins: { txid: Digest; vout: number }[] = [];
    const same = withBase(less, (psbt) => {
      const first = psbt.inputs.findIndex((fields) => fields.every(({ value }) => value.at(-4) === 1));
      const { txid, vout } = psbt.unsigned.inputs[first] as { txid: Digest; vout: number };
      coins.push({ txid, vout }, { txid, vout });
      psbt.inputs = psbt.inputs.map(() => psbt.inputs[first] as never);
    });
    const [twice] = spending(same, coins).plans as readonly [Built];
    const previous = twice.previous.filter(
      (text) => transactionId(parseTransaction(fromBase64(text))) === coins[0]?.txid,
    );
    return { ...papers, plans: [{ ...twice, previous }] };
  },
  judge: offered,
  accepted: "signed",
  refused: "G8 INPUT_DUPLICATE",
  removes: ["a coin is spent once"],
  without: "G6 COIN_IN_TWO_PLANS",
});

const wallet = testWallet();
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
