/** What a PSBT claims of keys and scripts, of each kind of wallet: nothing of it can be another thing than it is. */
import { describe, expect, test } from "vitest";
import { REDEEM_SCRIPT_MISMATCH } from "../../../../src/chains/bitcoin/claimed-scripts.ts";
import { decode } from "../../../../src/chains/bitcoin/decode.ts";
import { accountPath, KINDS } from "../../../../src/chains/bitcoin/kinds/table.ts";
import { INPUT_NOT_OURS } from "../../../../src/chains/bitcoin/owned-inputs.ts";
import { CHANGE_FALSE } from "../../../../src/chains/bitcoin/outputs.ts";
import { DESCRIPTOR_NETWORK } from "../../../../src/chains/bitcoin/key-expression.ts";
import { deriveAddress, writeDescriptor } from "../../../../src/chains/bitcoin/descriptor.ts";
import { partialSignatures } from "../../../../src/chains/bitcoin/partial.ts";
import { decodePlan } from "../../../../src/chains/bitcoin/plan-attempts.ts";
import { parsePsbt } from "../../../../src/chains/bitcoin/psbt.ts";
import { psbtBytes } from "../../../../src/chains/bitcoin/psbt-codec.ts";
import { CustodyError } from "../../../../src/core/errors.ts";
import { fromBase64, fromHex, toBase64 } from "../../../../src/core/hex.ts";
import { changed, editPsbt, field, replaced } from "../../../bitcoin/edit-psbt.ts";
import { codeOf } from "../../../factory/thrown.ts";
import { expectRefusal } from "../../../bitcoin/refusal.ts";
import {
  firstPsbt,
  goodPsbt,
  payment,
  planOf,
  policyWallet,
  signAll,
  snapshotOf,
  testSeed,
  viewOf,
  walletOfKind,
} from "../../../bitcoin/regtest-wallet.ts";

const lastByte = (value: Uint8Array) =>
  value.map((byte, place) => (place === value.length - 1 ? byte ^ 1 : byte));

describe.each(KINDS)("$kind", ({ kind, several }) => {
  test("in a plan's base no byte of any map can be another one", () => {
    const wallet = walletOfKind(kind, { internalKey: "extended" });
    const view = viewOf(wallet);
    const plan = planOf([payment(20_000n)], view, snapshotOf(wallet, [{ units: 60_000n, index: 4 }]));
    const base = fromBase64(plan.base);
    const decoded = (bytes: Uint8Array) =>
      decodePlan({ ...plan, base: toBase64(bytes) }, plan.previous, view);
    expect(decoded(base).rungs).toHaveLength(1);
    // The transaction in front of the maps is what it says; people see its outputs and its locks.
    const maps = psbtBytes([parsePsbt(base).fields]).length;
    // Not every byte, for time: each key, fingerprint and path is met.
    const stride = several ? 13 : 3;
    for (let place = maps; place < base.length; place += stride) {
      const bad = base.map((byte, i) => (i === place ? byte ^ 1 : byte));
      expect(() => decoded(bad), `byte ${place}`).toThrow(CustodyError);
    }
  });
});

test.each(KINDS)("B19: $kind: a path with another network's coin type is refused", ({ kind, several }) => {
  const codes = [1, 0].map((coinType) => {
    const [purpose = 0, , ...rest] = accountPath(kind, "regtest");
    const keys = (several ? ["one", "two"] : ["one"]).map(
      (sentence) => testSeed(sentence, [purpose, coinType, ...rest]).key,
    );
    return codeOf(() => writeDescriptor({ kind, threshold: 1, keys }, "regtest"));
  });
  expect(codes).toEqual(["none", DESCRIPTOR_NETWORK.code]);
});

describe.each(KINDS.filter(({ several }) => several).map(({ kind }) => kind))("B4: %s", (kind) => {
  const wallet = walletOfKind(kind);
  const view = viewOf(wallet);
  const good = goodPsbt(wallet);
  const taproot = kind === "p2tr-sortedmulti";

  test("every key is claimed at the one place, not the first alone", () => {
    decode(good, view);
    for (const key of [0, 1, 2]) {
      const inputs = editPsbt(good, (psbt) => {
        psbt.inputs = changed(psbt.inputs, 0, (fields) => moved(fields, taproot ? 0x16 : 0x06, key));
      });
      expectRefusal(() => decode(inputs, view), INPUT_NOT_OURS);
      const outputs = editPsbt(good, (psbt) => {
        psbt.outputs = psbt.outputs.map((fields) => moved(fields, taproot ? 0x07 : 0x02, key));
      });
      expectRefusal(() => decode(outputs, view), CHANGE_FALSE);
    }
  });

  /** The claim of one key, its index one beside the others'. */
  function moved(fields: Parameters<typeof replaced>[0], type: number, which: number) {
    const claims = fields.filter((each) => each.type === type);
    return replaced(fields, type, (each) =>
      each === claims[which] ? field(type, withIndex(each.value), each.keyData) : each,
    );
  }

  function withIndex(value: Uint8Array): Uint8Array {
    return value.map((byte, place) => (place === value.length - 4 ? byte ^ 1 : byte));
  }
});

test.each([
  ["a third branch", [2, 0, 0, 0]],
  ["a hardened branch", [0, 0, 0, 0x80]],
] as const)("B7: %s is nobody's: no place of the wallet is there", (_, branch) => {
  const wallet = walletOfKind("p2wpkh");
  const view = viewOf(wallet);
  const good = goodPsbt(wallet);
  decode(good, view);
  const elsewhere = (fields: Parameters<typeof replaced>[0], type: number) =>
    replaced(fields, type, ({ value, keyData }) => {
      const start = value.length - 8;
      return field(type, [...value.subarray(0, start), ...branch, ...value.subarray(start + 4)], keyData);
    });
  const input = editPsbt(good, (psbt) => {
    psbt.inputs = changed(psbt.inputs, 0, (fields) => elsewhere(fields, 0x06));
  });
  expectRefusal(() => decode(input, view), INPUT_NOT_OURS);
  const change = editPsbt(good, (psbt) => {
    psbt.outputs = psbt.outputs.map((fields) => elsewhere(fields, 0x02));
  });
  expectRefusal(() => decode(change, view), CHANGE_FALSE);
});

describe.each(["p2sh-p2wpkh", "p2sh-p2wsh-sortedmulti"] as const)("B14: change of %s", (kind) => {
  const wallet = walletOfKind(kind);
  const view = viewOf(wallet);
  const good = goodPsbt(wallet);

  test("may leave its redeem script out, and may not have another", () => {
    const said = decode(good, view);
    const without = editPsbt(good, (psbt) => {
      psbt.outputs = psbt.outputs.map((fields) => fields.filter(({ type }) => type !== 0x00));
    });
    expect(decode(without, view)).toEqual(said);
    const another = editPsbt(good, (psbt) => {
      psbt.outputs = psbt.outputs.map((fields) =>
        replaced(fields, 0x00, ({ value }) => field(0x00, lastByte(value))),
      );
    });
    expectRefusal(() => decode(another, view), REDEEM_SCRIPT_MISMATCH);
  });
});

test("B14: a transfer names the other wallet's redeem script or none", () => {
  const [wallet, other] = [
    walletOfKind("p2tr"),
    walletOfKind("p2sh-p2wpkh", { sentences: ["the other wallet"] }),
  ];
  const own = policyWallet(other, "other");
  const view = viewOf(wallet, 20, 20, [policyWallet(wallet), own]);
  const { address } = deriveAddress(other.descriptor, 0, 7);
  const to = { ...payment(40_000n, address), own: { wallet: own, index: 7 } };
  const good = firstPsbt(planOf([to], view, snapshotOf(wallet, [{ units: 90_000n }])), view);
  const effect = expect.objectContaining({ type: "own", wallet: "other", index: 7 }) as unknown;
  expect(decode(good, view).effects).toContainEqual(effect);
  const another = editPsbt(good, (psbt) => {
    psbt.outputs = psbt.outputs.map((fields) =>
      replaced(fields, 0x00, ({ value }) => field(0x00, lastByte(value))),
    );
  });
  expectRefusal(() => decode(another, view), REDEEM_SCRIPT_MISMATCH);
});

test("a redeem script that is no witness program makes no transaction of ours, nor ends the program that reads it", () => {
  const wallet = walletOfKind("p2sh-p2wpkh");
  const good = goodPsbt(wallet);
  const { tx, transaction } = decode(good, viewOf(wallet));
  const [{ key, signature }] = signAll(wallet, tx) as [ReturnType<typeof signAll>[number]];
  const handedBack = (redeemScript?: Uint8Array) =>
    partialSignatures(
      editPsbt(good, (psbt) => {
        psbt.inputs = changed(psbt.inputs, 0, (fields) => [
          ...(redeemScript === undefined ? fields : replaced(fields, 0x04, () => field(0x04, redeemScript))),
          field(0x02, fromHex(signature), fromHex(key)),
        ]);
      }),
    ).transaction;
  expect(handedBack()).toBe(transaction);
  for (const length of [0, 1, 76, 600]) expect(handedBack(new Uint8Array(length))).not.toBe(transaction);
});
