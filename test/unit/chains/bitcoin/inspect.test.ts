import { describe, expect, test } from "vitest";
import { combine } from "../../../../src/chains/bitcoin/finalize.ts";
import { INSPECT_UNREADABLE, inspectBitcoin } from "../../../../src/chains/bitcoin/inspect.ts";
import { PSBT_MALFORMED } from "../../../../src/chains/bitcoin/psbt-codec.ts";
import { asPsbtV2 } from "../../../../src/chains/bitcoin/psbt-v2-convert.ts";
import { TRANSACTION_MALFORMED } from "../../../../src/chains/bitcoin/transaction.ts";
import { toBase64, toHex, utf8 } from "../../../../src/core/hex.ts";
import { editPsbtV2, setField } from "../../../bitcoin/edit-psbt-v2.ts";
import { changed, editPsbt, field } from "../../../bitcoin/edit-psbt.ts";
import { expectRefusal } from "../../../bitcoin/refusal.ts";
import {
  FOREIGN_ADDRESS,
  goodAttempt,
  goodPsbt,
  signAll,
  testWallet,
  walletOfKind,
} from "../../../bitcoin/regtest-wallet.ts";

const wallet = testWallet();
const good = goodPsbt(wallet);
const attempt = goodAttempt(wallet);
const raw = combine(attempt.tx, signAll(wallet, attempt.tx));

describe("inspect", () => {
  test("reads a PSBT in binary, base64 with line breaks, and hex alike", () => {
    const summary = inspectBitcoin(good, "regtest");
    const lines = toBase64(good).replace(/(.{60})/g, "$1\n");
    expect(inspectBitcoin(utf8(`${lines}\n`), "regtest")).toEqual(summary);
    expect(inspectBitcoin(utf8(toHex(good)), "regtest")).toEqual(summary);
    expect(summary).toMatchObject({
      type: "psbt",
      transaction: attempt.transaction,
      feeUnits: attempt.fee.units.toString(),
      feeProven: true,
      replaceable: true,
      refusals: [],
      locks: ["lock time: block 800"],
    });
    expect(summary.outputs).toContainEqual(
      expect.objectContaining({ units: "80000", kind: "p2wpkh", address: FOREIGN_ADDRESS, keys: [] }),
    );
    expect(summary.inputs.every(({ proven, signatures }) => proven && signatures === 0)).toBe(true);
    expect(JSON.parse(JSON.stringify(summary))).toMatchObject({ network: "regtest" });
  });

  test("reads a raw transaction in binary and hex", () => {
    const summary = inspectBitcoin(raw, "regtest");
    expect(inspectBitcoin(utf8(toHex(raw)), "regtest")).toEqual(summary);
    expect(summary).toMatchObject({
      type: "transaction",
      transaction: attempt.transaction,
      feeUnits: undefined,
      refusals: [],
    });
    expect(summary.virtualSize).toBeLessThanOrEqual(attempt.fee.virtualSize);
    expect(attempt.fee.virtualSize - summary.virtualSize).toBeLessThanOrEqual(1);
  });

  test("names the rules by which our signer would refuse", () => {
    const bad = editPsbt(good, (psbt) => {
      psbt.inputs = changed(psbt.inputs, 0, (fields) => [
        ...fields.filter(({ type }) => type !== 0),
        field(3, [0x82, 0, 0, 0]),
      ]);
      psbt.unsigned = {
        ...psbt.unsigned,
        outputs: changed(psbt.unsigned.outputs, 0, () => ({ units: 5n, script: Uint8Array.of(0x6a) })),
      };
    });
    const summary = inspectBitcoin(bad, "regtest");
    expect(summary.refusals.map(({ rule }) => rule)).toEqual([
      "SIGHASH_REFUSED",
      "PREVIOUS_TRANSACTION_MISSING",
      "OUTPUT_UNKNOWN",
    ]);
    expect([summary.feeProven, summary.outputs[0]?.kind]).toEqual([false, "data"]);
  });

  test("B14: names a script that the coin does not commit to, with which the id shown would be false", () => {
    const nested = goodPsbt(walletOfKind("p2sh-p2wsh-sortedmulti"));
    const refusals = (type?: number) =>
      inspectBitcoin(
        editPsbt(nested, (psbt) => {
          psbt.inputs = changed(psbt.inputs, 1, (fields) =>
            fields.map((each) =>
              each.type === type
                ? field(each.type, [...each.value.subarray(0, -1), (each.value.at(-1) as number) ^ 1])
                : each,
            ),
          );
        }),
        "regtest",
      ).refusals;
    expect(refusals()).toEqual([]);
    for (const [type, rule] of [
      [4, "REDEEM_SCRIPT_MISMATCH"],
      [5, "WITNESS_SCRIPT_MISMATCH"],
    ] as const) {
      const [said, ...more] = refusals(type);
      expect([said?.rule, more]).toEqual([rule, []]);
      expect(said?.why).toContain("input 1");
    }
  });

  test("reads a PSBT of version 2 as what it is in version 0, and says that no signer of ours will", () => {
    const bytes = editPsbtV2(asPsbtV2(good), ({ global }) => setField(global, 0x06, [1]));
    const { psbt, warnings, refusals, ...rest } = inspectBitcoin(bytes, "regtest");
    const plain = inspectBitcoin(good, "regtest");
    expect(plain).toMatchObject({ psbt: { version: 0, modifiable: [] }, refusals: [], ...rest });
    expect(psbt).toMatchObject({ version: 2, modifiable: ["inputs"] });
    expect(warnings).toEqual(["not final: inputs may still be added or removed", ...plain.warnings]);
    expect(refusals.map(({ rule }) => rule)).toEqual(["PSBT_VERSION"]);
    expect(inspectBitcoin(utf8(toBase64(bytes)), "regtest").psbt).toEqual(psbt);
  });

  test("names the fields, those of taproot and of version 2 as well; unknown ones under one name", () => {
    const taproot = goodPsbt(walletOfKind("p2tr"));
    const strange = editPsbt(taproot, ({ inputs }) => void inputs[0]?.push(field(0xf0, []), field(0xf1, [])));
    const names = (bytes: Uint8Array) =>
      Object.keys(inspectBitcoin(bytes, "regtest").psbt?.fields.input ?? {});
    const claimed = ["previous transaction", "previous output", "taproot key origin", "taproot internal key"];
    expect(names(taproot)).toEqual(claimed);
    expect(inspectBitcoin(strange, "regtest").psbt?.fields.input).toMatchObject({
      "taproot internal key": 2,
      "unknown or proprietary field": 2,
    });
    expect(names(asPsbtV2(taproot))).toEqual([
      ...claimed,
      "previous transaction id",
      "output index",
      "sequence",
    ]);
  });

  test("says what it cannot read", () => {
    expectRefusal(() => inspectBitcoin(new Uint8Array(), "regtest"), INSPECT_UNREADABLE);
    expectRefusal(() => inspectBitcoin(utf8("hello world!"), "regtest"), INSPECT_UNREADABLE);
    expectRefusal(() => inspectBitcoin(Uint8Array.of(1, 2, 3), "regtest"), TRANSACTION_MALFORMED);
    expectRefusal(() => inspectBitcoin(good.subarray(0, -1), "regtest"), PSBT_MALFORMED);
  });
});
