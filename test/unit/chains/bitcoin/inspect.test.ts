import { describe, expect, test } from "vitest";
import { combine } from "../../../../src/chains/bitcoin/finalize.ts";
import { INSPECT_UNREADABLE, inspectBitcoin } from "../../../../src/chains/bitcoin/inspect.ts";
import { PSBT_MALFORMED } from "../../../../src/chains/bitcoin/psbt-codec.ts";
import { TRANSACTION_MALFORMED } from "../../../../src/chains/bitcoin/transaction.ts";
import { toBase64, toHex, utf8 } from "../../../../src/core/hex.ts";
import { changed, editPsbt, field } from "../../../bitcoin/edit-psbt.ts";
import { expectRefusal } from "../../../bitcoin/refusal.ts";
import {
  FOREIGN_ADDRESS,
  goodAttempt,
  goodPsbt,
  signAll,
  testWallet,
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

  test("says what it cannot read", () => {
    expectRefusal(() => inspectBitcoin(new Uint8Array(), "regtest"), INSPECT_UNREADABLE);
    expectRefusal(() => inspectBitcoin(utf8("hello world!"), "regtest"), INSPECT_UNREADABLE);
    expectRefusal(() => inspectBitcoin(Uint8Array.of(1, 2, 3), "regtest"), TRANSACTION_MALFORMED);
    expectRefusal(() => inspectBitcoin(good.subarray(0, -1), "regtest"), PSBT_MALFORMED);
  });
});
