import { describe, expect, test } from "vitest";
import { decode, TRANSACTION_EMPTY, TRANSACTION_VERSION } from "../../../../src/chains/bitcoin/decode.ts";
import { OUTPUT_UNKNOWN } from "../../../../src/chains/bitcoin/outputs.ts";
import { digests } from "../../../../src/chains/bitcoin/sighash.ts";
import { transactionId, type Transaction } from "../../../../src/chains/bitcoin/transaction.ts";
import { WALLET_MISMATCH } from "../../../../src/chains/bitcoin/wallet.ts";
import { BITCOIN_CHAINS } from "../../../../src/core/chain.ts";
import { fromHex } from "../../../../src/core/hex.ts";
import { changed, editPsbt } from "../../../bitcoin/edit-psbt.ts";
import { expectRefusal } from "../../../bitcoin/refusal.ts";
import { goodPsbt, testWallet, viewOf } from "../../../bitcoin/regtest-wallet.ts";

const wallet = testWallet();
const view = viewOf(wallet);
const good = goodPsbt(wallet);
const payAt = decode(good, view).effects.findIndex(({ type }) => type === "pay");

const edited = (change: (transaction: Transaction) => Transaction) =>
  editPsbt(good, (psbt) => void (psbt.unsigned = change(psbt.unsigned)));
const toScript = (hex: string, units = 80_000n) =>
  edited((tx) => ({ ...tx, outputs: changed(tx.outputs, payAt, () => ({ units, script: fromHex(hex) })) }));

test("B18: changing the bytes after they were decoded changes nothing", () => {
  const bytes = Uint8Array.from(good);
  const attempt = decode(bytes, view);
  const before = digests(attempt.tx).map(({ digest }) => [...digest]);
  bytes.fill(0xff);
  expect(transactionId(attempt.tx.unsigned)).toBe(attempt.transaction);
  expect(digests(attempt.tx).map(({ digest }) => [...digest])).toEqual(before);
});

test("B19: a wallet of one network is not used on another", () => {
  expectRefusal(() => decode(good, { ...view, network: "testnet" }), WALLET_MISMATCH);
  const crossed = {
    ...view,
    network: "mainnet" as const,
    wallet: { ...view.wallet, chain: BITCOIN_CHAINS.mainnet },
  };
  expect(() => decode(good, crossed)).toThrow(/tpub|mainnet/);
});

describe("B20: outputs", () => {
  test.each([
    ["OP_RETURN with value", "6a0548656c6c6f"],
    ["a bare key", `21${"02".repeat(33)}ac`],
    ["a bare multisig", `5121${"02".repeat(33)}51ae`],
    ["a future witness version", `5220${"11".repeat(32)}`],
    ["a short witness program", "0002aabb"],
    ["an empty script", ""],
    ["pay to anchor", "51024e73"],
    // BIP-340's vectors name x = eefd…: "public key not on the curve". Whatever is paid to it is burnt.
    [
      "a taproot key that is no point",
      "5120eefdea4cdb677750a420fee807eacf21eb9898ae79b9768766e4faa04a2d4a34",
    ],
  ])("refuses %s", (_name, script) => {
    expect(expectRefusal(() => decode(toScript(script), view), OUTPUT_UNKNOWN).field).toBe(
      `outputs[${payAt}]`,
    );
  });

  test("refuses OP_RETURN without value too", () => {
    expectRefusal(() => decode(toScript("6a", 0n), view), OUTPUT_UNKNOWN);
  });

  test.each([
    ["P2PKH", `76a914${"11".repeat(20)}88ac`],
    ["P2SH", `a914${"11".repeat(20)}87`],
    ["P2WPKH", `0014${"11".repeat(20)}`],
    ["P2WSH", `0020${"11".repeat(32)}`],
    ["P2TR", "512053a1f6e454df1aa2776a2814a721372d6258050de330b3c6d10ee8f4e0dda343"],
  ])("pays %s", (_name, script) => {
    expect(decode(toScript(script), view).effects[payAt]).toMatchObject({ type: "pay", units: 80_000n });
  });

  test("F16: an output below dust is shown", () => {
    expect(decode(toScript(`0014${"11".repeat(20)}`, 293n), view).warnings.join()).toContain("is dust");
    expect(decode(toScript(`0014${"11".repeat(20)}`, 294n), view).warnings.join()).not.toContain("is dust");
  });
});

describe("B21: locks", () => {
  const locks = (lockTime: number, sequence: number, version = 2) =>
    decode(
      edited((tx) => ({
        ...tx,
        version,
        lockTime,
        inputs: tx.inputs.map((input) => ({ ...input, sequence })),
      })),
      view,
    );

  test("says lock times in words", () => {
    expect(decode(good, view).locks).toEqual(["lock time: block 800"]);
    expect(locks(800_000, 0xffff_fffe).locks).toEqual(["lock time: block 800,000"]);
    expect(locks(1_795_334_400, 0xffff_fffd).locks).toEqual(["lock time: 2026-11-22T08:00:00Z"]);
    expect(locks(0, 0xffff_fffd).locks).toEqual([]);
  });

  test("says relative locks (BIP-68), and when a lock time or replacement is off", () => {
    expect(locks(0, 144).locks).toEqual(["relative lock: 144 blocks after its coins confirmed"]);
    expect(locks(0, 0x0040_0002).locks).toEqual(["relative lock: 1024 seconds after its coins confirmed"]);
    expect(locks(0, 144, 1).locks).toEqual([]);
    expect(locks(800, 0xffff_ffff).locks).toEqual([]);
    expect(locks(800, 0xffff_ffff).warnings.join()).toMatch(/not signalled.*no effect/);
  });
});

test("refuses other transaction versions and a transaction without outputs", () => {
  expect(
    decode(
      edited((tx) => ({ ...tx, version: 1 })),
      view,
    ).effects,
  ).toHaveLength(2);
  for (const version of [0, 3, 0xffff_ffff])
    expectRefusal(
      () =>
        decode(
          edited((tx) => ({ ...tx, version })),
          view,
        ),
      TRANSACTION_VERSION,
    );
  const empty = editPsbt(good, (psbt) => {
    psbt.unsigned = { ...psbt.unsigned, outputs: [] };
    psbt.outputs = [];
  });
  expectRefusal(() => decode(empty, view), TRANSACTION_EMPTY);
});
