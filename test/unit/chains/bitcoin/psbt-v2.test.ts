import { describe, expect, test } from "vitest";
import { partialSignatures } from "../../../../src/chains/bitcoin/partial.ts";
import { PSBT_MALFORMED, PSBT_TOO_LARGE } from "../../../../src/chains/bitcoin/psbt-codec.ts";
import { asPsbtV0, asPsbtV2 } from "../../../../src/chains/bitcoin/psbt-v2-convert.ts";
import { PSBT_LOCK_TIME, requiredLockTime } from "../../../../src/chains/bitcoin/psbt-v2-lock-time.ts";
import { parsePsbtV2, serialisePsbtV2 } from "../../../../src/chains/bitcoin/psbt-v2.ts";
import { parsePsbt, PSBT_VERSION } from "../../../../src/chains/bitcoin/psbt.ts";
import { TRANSACTION_TOO_LARGE } from "../../../../src/chains/bitcoin/transaction.ts";
import { compactSize } from "../../../../src/chains/bitcoin/wire.ts";
import { concatBytes, fromHex, toHex } from "../../../../src/core/hex.ts";
import { LIMITS } from "../../../../src/core/limits.ts";
import { dropField, editPsbtV2, setField } from "../../../bitcoin/edit-psbt-v2.ts";
import { editPsbt, field } from "../../../bitcoin/edit-psbt.ts";
import { expectRefusal } from "../../../bitcoin/refusal.ts";
import {
  goodPsbt,
  multisigWallet,
  signAll,
  goodAttempt,
  testWallet,
} from "../../../bitcoin/regtest-wallet.ts";

const good = goodPsbt(testWallet());
const version2 = asPsbtV2(good);

describe("reading", () => {
  test("the transaction that its fields make, and every field as it was", () => {
    const psbt = parsePsbtV2(version2);
    expect(psbt.plain.unsigned).toEqual(parsePsbt(good).unsigned);
    expect(psbt.modifiable).toEqual({ inputs: false, outputs: false });
    expect(toHex(serialisePsbtV2(psbt))).toBe(toHex(version2));
  });

  test("what may be left out: sequences are final, the lock time is none", () => {
    const bare = editPsbtV2(version2, ({ global, inputs }) => {
      dropField(global, 0x03);
      for (const map of inputs) dropField(map, 0x10);
    });
    const { unsigned } = parsePsbtV2(bare).plain;
    expect(unsigned.lockTime).toBe(0);
    expect(unsigned.inputs.map(({ sequence }) => sequence)).toEqual([0xffff_ffff, 0xffff_ffff]);
  });

  test("what may still be changed", () => {
    const flags = (byte: number) =>
      parsePsbtV2(editPsbtV2(version2, ({ global }) => setField(global, 0x06, [byte]))).modifiable;
    expect([1, 2, 3, 0xfc].map(flags)).toEqual([
      { inputs: true, outputs: false },
      { inputs: false, outputs: true },
      { inputs: true, outputs: true },
      { inputs: false, outputs: false },
    ]);
  });

  test("B17: every truncation and any trailing byte", () => {
    for (let length = 5; length < version2.length; length += 3)
      expectRefusal(() => asPsbtV0(version2.subarray(0, length)), PSBT_MALFORMED);
    expectRefusal(() => asPsbtV0(concatBytes(version2, Uint8Array.of(0))), PSBT_MALFORMED);
  });

  test("B17: counts above the limits, or above what the bytes can hold, before a map is read", () => {
    const counting = (type: number, count: number) => () =>
      parsePsbtV2(editPsbtV2(version2, ({ global }) => setField(global, type, [...compactSize(count)])));
    const { transactionInputsMax: inputs, transactionOutputsMax: outputs } = LIMITS;
    expectRefusal(counting(0x04, inputs + 1), TRANSACTION_TOO_LARGE);
    expectRefusal(counting(0x05, outputs + 1), TRANSACTION_TOO_LARGE);
    expectRefusal(counting(0x04, 0xffff_ffff), TRANSACTION_TOO_LARGE);
    expect(expectRefusal(counting(0x04, inputs), PSBT_MALFORMED).message).toContain("can hold");
    expect(counting(0x04, 2)().inputs).toHaveLength(2);
    expectRefusal(() => parsePsbtV2(new Uint8Array(LIMITS.psbtBytesMax + 1)), PSBT_TOO_LARGE);
  });

  test("version 0 is no version 2, and the other way round", () => {
    expectRefusal(() => parsePsbtV2(good), PSBT_VERSION);
    expectRefusal(() => parsePsbt(version2), PSBT_VERSION);
  });
});

describe("conversion", () => {
  test("from version 0 and back, byte for byte, with unknown and proprietary fields", () => {
    const strange = editPsbt(good, ({ global, inputs, outputs }) => {
      global.push(field(0xf0, [1], [2]));
      inputs[0]?.push(field(0xfc, [1], [3, 97, 98, 99, 0]));
      outputs[0]?.push(field(0x7f, []));
    });
    expect(toHex(asPsbtV0(asPsbtV2(strange)))).toBe(toHex(strange));
    expect(parsePsbtV2(asPsbtV2(strange)).plain.unknown).toEqual(parsePsbt(strange).unknown);
  });

  test("version 0 is handed on as it is", () => {
    expect(asPsbtV0(good)).toBe(good);
  });

  test("a required lock time becomes the transaction's", () => {
    const locked = editPsbtV2(version2, ({ inputs }) => setField(inputs[1] ?? [], 0x12, [0x10, 0x27, 0, 0]));
    expect(parsePsbt(asPsbtV0(locked)).unsigned.lockTime).toBe(10_000);
    expect(parsePsbt(asPsbtV0(version2)).unsigned.lockTime).toBe(800);
  });

  test("what is unknown to version 0 and broken in version 2 is not written", () => {
    const keyed = (type: number) =>
      editPsbt(good, ({ inputs }) => void inputs[0]?.push(field(type, [1], [1, 2])));
    expect(parsePsbt(keyed(0x0f)).unknown).toEqual(["input 0: unknown field 0x0f"]);
    expectRefusal(() => asPsbtV2(keyed(0x0f)), PSBT_MALFORMED);
    expect(parsePsbtV2(asPsbtV2(keyed(0x1f))).inputs[0]).toHaveLength(
      (parsePsbtV2(version2).inputs[0]?.length ?? 0) + 1,
    );
  });

  test("signatures that come back in version 2 are those that would have come in version 0", () => {
    const wallet = multisigWallet();
    const attempt = goodAttempt(wallet);
    const signed = editPsbt(goodPsbt(wallet), ({ inputs }) => {
      for (const { input, key, signature } of signAll(wallet, attempt.tx, wallet.seeds.slice(0, 1)))
        inputs[input]?.push(field(0x02, fromHex(signature), fromHex(key)));
    });
    const taken = partialSignatures(asPsbtV0(asPsbtV2(signed)));
    expect(taken).toEqual(partialSignatures(signed));
    expect([taken.transaction, taken.signatures.length]).toEqual([attempt.transaction, 2]);
  });
});

describe("lock times", () => {
  const none = { time: undefined, height: undefined };
  const time = (time: number) => ({ ...none, time });
  const height = (height: number) => ({ ...none, height });

  test("the largest of the kind that all allow, a height where both do", () => {
    expect(requiredLockTime([], 7)).toBe(7);
    expect(requiredLockTime([none, none], 7)).toBe(7);
    expect(requiredLockTime([height(10), none, height(20)], 7)).toBe(20);
    expect(requiredLockTime([time(600_000_000), { time: 700_000_000, height: 5 }], 7)).toBe(700_000_000);
    expect(requiredLockTime([{ time: 700_000_000, height: 5 }, height(4)], 7)).toBe(5);
    expect(requiredLockTime([{ time: 700_000_000, height: 5 }], 7)).toBe(5);
  });

  test("kinds that exclude each other", () => {
    expectRefusal(() => requiredLockTime([height(10), none, time(600_000_000)], 7), PSBT_LOCK_TIME);
  });
});
