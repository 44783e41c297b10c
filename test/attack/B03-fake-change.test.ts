/** B3: an output or input that claims to be ours. What a PSBT says of keys is derived again from the pinned descriptor. */
import { expect, test } from "vitest";
import { parseAddress } from "../../src/chains/bitcoin/address.ts";
import { decode } from "../../src/chains/bitcoin/decode.ts";
import { deriveAddress } from "../../src/chains/bitcoin/descriptor.ts";
import { CHANGE_BRANCH, CHANGE_FALSE, CHANGE_TWICE } from "../../src/chains/bitcoin/outputs.ts";
import { INPUT_NOT_OURS } from "../../src/chains/bitcoin/owned-inputs.ts";
import { changed, editPsbt, field, replaced, type EditablePsbt } from "../bitcoin/edit-psbt.ts";
import { expectRefusal } from "../bitcoin/refusal.ts";
import { FOREIGN_ADDRESS, goodPsbt, testWallet, viewOf } from "../bitcoin/regtest-wallet.ts";
import {
  claimOf,
  offered,
  onePayment,
  THIEF_SCRIPT,
  vaultKey,
  withBase,
  withChangeTo,
  withExtraOutput,
  withOutput,
} from "./one-payment.ts";
import { pair } from "./pair.ts";

pair("B3", "the thief's output carries our change's claim", {
  good: onePayment,
  bad: (papers) => withOutput(papers, "change", ({ units }) => ({ units, script: THIEF_SCRIPT })),
  judge: offered,
  accepted: "signed",
  refused: "G8 CHANGE_FALSE",
  removes: ["a claimed key makes the very script"],
  without: "signed",
});

pair("B3", "an input claims another public key at a place of ours", {
  good: onePayment,
  bad: (papers) =>
    withBase(papers, (psbt) => {
      psbt.inputs = changed(psbt.inputs, 0, (fields) =>
        fields.map((each, place) =>
          place === 1
            ? { ...each, keyData: each.keyData.map((byte, i) => (i === 0 ? byte ^ 1 : byte)) }
            : each,
        ),
      );
    }),
  judge: offered,
  accepted: "signed",
  refused: "G8 INPUT_NOT_OURS",
  removes: ["every key of the wallet is claimed"],
  without: "signed",
});

pair("B3", "change goes to the receive branch, where it looks like a deposit", {
  good: () => withChangeTo(onePayment(), vaultKey(1, 5)),
  bad: (papers) => withChangeTo(papers, vaultKey(0, 5)),
  judge: offered,
  accepted: "signed",
  refused: "G8 CHANGE_BRANCH",
  removes: ["change lies on the change branch"],
  without: "signed",
});

pair("B3", "there are two change outputs", {
  good: onePayment,
  bad: (papers) => {
    const key = vaultKey(1, 6);
    const two = withExtraOutput(papers, { units: 1_000_000n, script: key.script });
    return withBase(two, ({ outputs }) => void (outputs[outputs.length - 1] = [...claimOf(key)]));
  },
  judge: offered,
  accepted: "signed",
  refused: "G8 CHANGE_TWICE",
  removes: ["there is one change output"],
  without: "G6 CHANGE_TWICE",
});

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
