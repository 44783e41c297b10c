import { describe, expect, test } from "vitest";
import { WITNESS_SCRIPT_MISMATCH } from "../../../../src/chains/bitcoin/claimed-scripts.ts";
import { decode } from "../../../../src/chains/bitcoin/decode.ts";
import { deriveKey, type WalletKey } from "../../../../src/chains/bitcoin/descriptor.ts";
import { CHANGE_BRANCH, CHANGE_FALSE } from "../../../../src/chains/bitcoin/outputs.ts";
import { INPUT_NOT_OURS } from "../../../../src/chains/bitcoin/owned-inputs.ts";
import type { PsbtField } from "../../../../src/chains/bitcoin/psbt-codec.ts";
import { multisigScript, scriptOf } from "../../../../src/chains/bitcoin/script.ts";
import { sha256 } from "../../../../src/core/digest.ts";
import { changed, editPsbt, field, replaced } from "../../../bitcoin/edit-psbt.ts";
import { expectRefusal } from "../../../bitcoin/refusal.ts";
import {
  goodPsbt,
  multisigWallet,
  payment,
  planOf,
  policyWallet,
  psbtsOf,
  snapshotOf,
  testWallet,
  viewOf,
  type TestWallet,
} from "../../../bitcoin/regtest-wallet.ts";

const wallet = multisigWallet();
const view = viewOf(wallet);
const good = goodPsbt(wallet);
const changeAt = decode(good, view).effects.findIndex(({ type }) => type === "change");
const stranger = multisigWallet(2, ["cosigner one", "cosigner two", "somebody else"]);

/** Key origins of `key` as PSBT fields of `type`. */
function origins({ keys }: WalletKey, type: number): PsbtField[] {
  return keys.map(({ fingerprint, path, publicKey }) =>
    field(
      type,
      [...Buffer.from(fingerprint, "hex"), ...new Uint8Array(Uint32Array.from(path).buffer)],
      publicKey,
    ),
  );
}

function withOutput(script: Uint8Array | undefined, fields: PsbtField[]): Uint8Array {
  return editPsbt(good, (psbt) => {
    psbt.outputs[changeAt] = fields;
    if (script === undefined) return;
    psbt.unsigned = {
      ...psbt.unsigned,
      outputs: changed(psbt.unsigned.outputs, changeAt, (output) => ({ ...output, script })),
    };
  });
}

const withInput = (change: (fields: readonly PsbtField[]) => PsbtField[]) =>
  editPsbt(good, (psbt) => {
    psbt.inputs = changed(psbt.inputs, 0, change);
  });

test("accepts inputs and change whose keys and scripts all come out of the descriptor", () => {
  const { effects, inputs, fee } = decode(good, view);
  expect(effects[changeAt]).toMatchObject({ type: "change", path: "m/48h/1h/0h/2h/1/3", index: 3 });
  expect(inputs.map(({ path }) => path).sort()).toEqual(["m/48h/1h/0h/2h/0/1", "m/48h/1h/0h/2h/0/2"]);
  // Two inputs of 104.5 vB, 2-of-3 at the largest signatures, one output of 31 and one of 43.
  expect(fee.virtualSize).toBe(Math.ceil((4 * (10 + 82 + 31 + 43) + 2 + 2 * (2 + 146 + 1 + 105)) / 4));
});

describe("inputs", () => {
  test("B14: the witness script is there and the descriptor's", () => {
    const without = withInput((fields) => fields.filter(({ type }) => type !== 5));
    expect(expectRefusal(() => decode(without, view), WITNESS_SCRIPT_MISMATCH).field).toBe(
      "inputs[0].witnessScript",
    );
    const swapped = withInput((fields) =>
      replaced(fields, 5, ({ value }) => field(5, [0x51, ...value.subarray(1)])),
    );
    expectRefusal(() => decode(swapped, view), WITNESS_SCRIPT_MISMATCH);
  });

  test("B3, B11: all keys are named, each is ours, none twice and none more", () => {
    const [first] = origins(deriveKey(wallet.descriptor, 0, 1), 6) as [PsbtField];
    const other = origins(deriveKey(stranger.descriptor, 0, 1), 6);
    const cases = [
      withInput((fields) =>
        fields.filter((each) => each.type !== 6 || each.keyData !== fields.at(-1)?.keyData),
      ),
      withInput((fields) => [...fields.filter(({ type }) => type !== 6), ...other]),
      withInput((fields) => [
        ...fields,
        ...other.filter(({ keyData }) => !fields.some((each) => Buffer.compare(each.keyData, keyData) === 0)),
      ]),
      withInput((fields) =>
        replaced(fields, 6, ({ keyData, value }) =>
          field(6, [...value.subarray(0, -4), 9, 0, 0, 0], keyData),
        ),
      ),
      withInput((fields) =>
        fields.map((each, i) => (i === fields.length - 1 ? { ...each, value: first.value } : each)),
      ),
    ];
    for (const bytes of cases) expectRefusal(() => decode(bytes, view), INPUT_NOT_OURS);
    expectRefusal(() => decode(goodPsbt(stranger), view), INPUT_NOT_OURS);
    expectRefusal(() => decode(goodPsbt(testWallet()), view), INPUT_NOT_OURS);
  });
});

describe("B4: change to another quorum", () => {
  const theirs = deriveKey(stranger.descriptor, 1, 3);
  const ours = deriveKey(wallet.descriptor, 1, 3);

  test("of two of our keys and one of a stranger, whoever is named", () => {
    for (const claims of [origins(theirs, 2), origins(ours, 2)]) {
      const error = expectRefusal(() => decode(withOutput(theirs.script, claims), view), CHANGE_FALSE);
      expect(error.message).toContain("likely attack");
    }
  });

  test("of our very keys with another threshold", () => {
    const publicKeys = ours.keys.map(({ publicKey }) => publicKey);
    const script = scriptOf("p2wsh", sha256(multisigScript(1, publicKeys)));
    expectRefusal(() => decode(withOutput(script, origins(ours, 2)), view), CHANGE_FALSE);
  });

  test("claimed by a witness script alone, or with another one", () => {
    const script = ours.witnessScript as Uint8Array;
    expectRefusal(() => decode(withOutput(undefined, [field(1, script)]), view), CHANGE_FALSE);
    const wrong = [field(1, theirs.witnessScript as Uint8Array), ...origins(ours, 2)];
    expectRefusal(() => decode(withOutput(undefined, wrong), view), WITNESS_SCRIPT_MISMATCH);
    expect(decode(withOutput(undefined, origins(ours, 2)), view).effects[changeAt]?.type).toBe("change");
  });
});

describe("law 9: transfers to another wallet of ours", () => {
  const other = testWallet("the other wallet");
  const own = [policyWallet(wallet), policyWallet(other, "other"), policyWallet(stranger, "strange")];
  const seeing = viewOf(wallet, 20, 20, own);

  const transferTo = (to: TestWallet, branch: 0 | 1 = 0, index = 7) => {
    const key = deriveKey(to.descriptor, branch, index);
    return withOutput(key.script, origins(key, 2));
  };

  test.each([
    ["of one key", other, "other", "m/84h/1h/0h/0/7"],
    ["of several keys", stranger, "strange", "m/48h/1h/0h/2h/0/7"],
  ])("an output proven to be on a receive branch is its own, %s", (_, to, name, path) => {
    const bytes = transferTo(to);
    expect(decode(bytes, seeing).effects[changeAt]).toMatchObject({
      type: "own",
      wallet: name,
      path,
      index: 7,
    });
    expectRefusal(() => decode(bytes, view), CHANGE_FALSE);
  });

  test("the change branch of another wallet and our own receive branch are refused", () => {
    expectRefusal(() => decode(transferTo(other, 1), seeing), CHANGE_BRANCH);
    expectRefusal(() => decode(transferTo(wallet, 0), seeing), CHANGE_BRANCH);
  });

  test("B3: another wallet's keys on a script that is not its own are an attack", () => {
    const key = deriveKey(other.descriptor, 0, 7);
    const script = deriveKey(other.descriptor, 0, 8).script;
    expectRefusal(() => decode(withOutput(script, origins(key, 2)), seeing), CHANGE_FALSE);
  });

  test("the builder writes what the decoder proves", () => {
    const index = 4;
    const address = { wallet: policyWallet(other, "other"), index };
    const { script } = deriveKey(other.descriptor, 0, index);
    const to = decode(withOutput(script, origins(deriveKey(other.descriptor, 0, index), 2)), seeing).effects[
      changeAt
    ]?.account;
    const transfer = { ...payment(40_000n), account: to as never, own: address };
    const plan = planOf([transfer], seeing, snapshotOf(wallet, [{ units: 90_000n }]));
    for (const bytes of psbtsOf(plan, seeing).slice(0, -1)) {
      expect(decode(bytes, seeing).effects).toContainEqual(
        expect.objectContaining({ type: "own", wallet: "other", units: 40_000n, index }),
      );
    }
  });
});
