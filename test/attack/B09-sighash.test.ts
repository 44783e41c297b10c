/**
 * B9: NONE, SINGLE and ANYONECANPAY leave outputs or inputs open to whoever holds the signature. Only ALL is signed, and
 * only DEFAULT for taproot.
 */
import { expect, test } from "vitest";
import { decode } from "../../src/chains/bitcoin/decode.ts";
import { SIGHASH_REFUSED } from "../../src/chains/bitcoin/owned-inputs.ts";
import { changed, editPsbt, field } from "../bitcoin/edit-psbt.ts";
import { expectRefusal } from "../bitcoin/refusal.ts";
import { goodPsbt, testWallet, viewOf, walletOfKind } from "../bitcoin/regtest-wallet.ts";
import { codeOf } from "../factory/thrown.ts";
import { offered, onePayment, withBase } from "./one-payment.ts";
import { pair } from "./pair.ts";

const wallet = testWallet();
const view = viewOf(wallet);
const good = goodPsbt(wallet);

function asking(type: number, of = good): Uint8Array {
  return editPsbt(of, (psbt) => {
    psbt.inputs = changed(psbt.inputs, 1, (fields) => [
      ...fields,
      field(3, [type & 0xff, 0, 0, type >>> 24]),
    ]);
  });
}

pair("B9", "a plan's base asks for SIGHASH_NONE", {
  good: onePayment,
  bad: (papers) =>
    withBase(papers, (psbt) => {
      psbt.inputs = changed(psbt.inputs, 0, (fields) => [...fields, field(3, [2, 0, 0, 0])]);
    }),
  judge: offered,
  accepted: "signed",
  refused: "G8 PSBT_FIELD_REFUSED",
  removes: ["fields that have no meaning are refused"],
  without: "signed",
});

pair("B9", "a whole PSBT asks for SIGHASH_SINGLE and ANYONECANPAY", {
  good: () => asking(0x01),
  bad: () => asking(0x83),
  judge: (bytes) => codeOf(() => decode(bytes, view)),
  accepted: "none",
  refused: "SIGHASH_REFUSED",
  removes: ["the sighash type is the one that is signed"],
  without: "none",
});

const taproot = walletOfKind("p2tr");

pair("B9", "a whole PSBT of a taproot wallet asks for ALL, whose signature is another one", {
  good: () => asking(0x00, goodPsbt(taproot)),
  bad: () => asking(0x01, goodPsbt(taproot)),
  judge: (bytes) => codeOf(() => decode(bytes, viewOf(taproot))),
  accepted: "none",
  refused: "SIGHASH_REFUSED",
  removes: ["the sighash type is the one that is signed"],
  without: "none",
});

test("accepts ALL and no sighash type", () => {
  expect(decode(asking(1), view)).toEqual(decode(good, view));
});

test.each([0x00, 0x02, 0x03, 0x81, 0x82, 0x83, 0x0100_0001])("B9: refuses sighash type %i", (type) => {
  expect(expectRefusal(() => decode(asking(type), view), SIGHASH_REFUSED).field).toBe(
    "inputs[1].sighashType",
  );
});
