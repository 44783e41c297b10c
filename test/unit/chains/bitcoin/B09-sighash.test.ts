import { expect, test } from "vitest";
import { decode } from "../../../../src/chains/bitcoin/decode.ts";
import { SIGHASH_REFUSED } from "../../../../src/chains/bitcoin/owned-inputs.ts";
import { changed, editPsbt, field } from "../../../bitcoin/edit-psbt.ts";
import { expectRefusal } from "../../../bitcoin/refusal.ts";
import { goodPsbt, testWallet, viewOf } from "../../../bitcoin/regtest-wallet.ts";

const wallet = testWallet();
const view = viewOf(wallet);
const good = goodPsbt(wallet);

function asking(type: number): Uint8Array {
  return editPsbt(good, (psbt) => {
    psbt.inputs = changed(psbt.inputs, 1, (fields) => [
      ...fields,
      field(3, [type & 0xff, 0, 0, type >>> 24]),
    ]);
  });
}

test("accepts ALL and no sighash type", () => {
  expect(decode(asking(1), view)).toEqual(decode(good, view));
});

test.each([0x00, 0x02, 0x03, 0x81, 0x82, 0x83, 0x0100_0001])("B9: refuses sighash type %i", (type) => {
  expect(expectRefusal(() => decode(asking(type), view), SIGHASH_REFUSED).field).toBe(
    "inputs[1].sighashType",
  );
});
