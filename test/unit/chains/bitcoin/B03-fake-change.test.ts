import { expect, test } from "vitest";
import { parseAddress } from "../../../../src/chains/bitcoin/address.ts";
import { decode } from "../../../../src/chains/bitcoin/decode.ts";
import { deriveAddress } from "../../../../src/chains/bitcoin/descriptor.ts";
import { CHANGE_BRANCH, CHANGE_FALSE, CHANGE_TWICE } from "../../../../src/chains/bitcoin/outputs.ts";
import { changed, editPsbt, field, type EditablePsbt } from "../../../bitcoin/edit-psbt.ts";
import { expectRefusal } from "../../../bitcoin/refusal.ts";
import { FOREIGN_ADDRESS, goodPsbt, testWallet, viewOf } from "../../../bitcoin/regtest-wallet.ts";

const wallet = testWallet();
const view = viewOf(wallet);
const good = goodPsbt(wallet);
const changeAt = decode(good, view).effects.findIndex(({ type }) => type === "change");
const payAt = 1 - changeAt;

function redirected(psbt: EditablePsbt, index: number, script: Uint8Array): void {
  psbt.unsigned = {
    ...psbt.unsigned,
    outputs: changed(psbt.unsigned.outputs, index, (output) => ({ ...output, script })),
  };
}

function claim(branch: 0 | 1, index: number, fingerprint = wallet.origin.fingerprint) {
  const key = deriveAddress(wallet.descriptor, branch, index);
  const path = new Uint8Array(Uint32Array.from(key.keys[0]?.path ?? []).buffer);
  return field(2, [...Buffer.from(fingerprint, "hex"), ...path], key.keys[0]?.publicKey);
}

test("accepts change that derives from the wallet, and shows it as such", () => {
  expect(decode(good, view).effects[changeAt]).toMatchObject({ type: "change", path: "m/84h/1h/0h/1/3" });
});

test("shows an own output that claims nothing as a payment", () => {
  const unclaimed = editPsbt(good, (psbt) => {
    psbt.outputs[changeAt] = [];
  });
  expect(decode(unclaimed, view).effects.map(({ type }) => type)).toEqual(["pay", "pay"]);
});

test("B3: somebody else's output that carries our change metadata", () => {
  const stolen = editPsbt(good, (psbt) =>
    redirected(psbt, changeAt, parseAddress(FOREIGN_ADDRESS, "regtest").script),
  );
  const error = expectRefusal(() => decode(stolen, view), CHANGE_FALSE);
  expect([error.exit, error.message.includes("likely attack")]).toEqual(["denied", true]);
});

test("B3: our key and path on an output that another key of ours would spend", () => {
  const other = deriveAddress(wallet.descriptor, 1, 4);
  expectRefusal(
    () =>
      decode(
        editPsbt(good, (psbt) => redirected(psbt, changeAt, other.script)),
        view,
      ),
    CHANGE_FALSE,
  );
});

test("B3: a claim under another fingerprint, another account or with two keys", () => {
  const claims = [
    [claim(1, 3, "deadbeef")],
    [
      field(
        2,
        [...Buffer.from(wallet.origin.fingerprint, "hex"), 1, 0, 0, 0, 3, 0, 0, 0],
        deriveAddress(wallet.descriptor, 1, 3).keys[0]?.publicKey,
      ),
    ],
    [claim(1, 3), claim(1, 4)],
  ];
  for (const fields of claims) {
    const false_ = editPsbt(good, (psbt) => {
      psbt.outputs[changeAt] = fields;
    });
    expectRefusal(() => decode(false_, view), CHANGE_FALSE);
  }
});

test("law 10: an own output on the receive branch is a transfer", () => {
  const receive = deriveAddress(wallet.descriptor, 0, 3);
  const transfer = editPsbt(good, (psbt) => {
    redirected(psbt, changeAt, receive.script);
    psbt.outputs[changeAt] = [claim(0, 3)];
  });
  expectRefusal(() => decode(transfer, view), CHANGE_BRANCH);
});

test("law 10: change twice", () => {
  const second = deriveAddress(wallet.descriptor, 1, 4);
  const twice = editPsbt(good, (psbt) => {
    redirected(psbt, payAt, second.script);
    psbt.outputs[payAt] = [claim(1, 4)];
  });
  expectRefusal(() => decode(twice, view), CHANGE_TWICE);
});
