/** PSBT version 2 against two independent readers and writers of it: @scure/btc-signer and @ledgerhq/psbtv2. */
import { PsbtV2 as LedgerPsbt } from "@ledgerhq/psbtv2";
import { Transaction as ScureTransaction } from "@scure/btc-signer";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PsbtField } from "../../src/chains/bitcoin/psbt-codec.ts";
import { asPsbtV0, asPsbtV2 } from "../../src/chains/bitcoin/psbt-v2-convert.ts";
import { parsePsbtV2, serialisePsbtV2, type PsbtV2 } from "../../src/chains/bitcoin/psbt-v2.ts";
import { parsePsbt } from "../../src/chains/bitcoin/psbt.ts";
import { transactionId } from "../../src/chains/bitcoin/transaction.ts";
import { txidBytes, uint32 } from "../../src/chains/bitcoin/wire.ts";
import { CustodyError } from "../../src/core/errors.ts";
import { toHex } from "../../src/core/hex.ts";
import { setField } from "../bitcoin/edit-psbt-v2.ts";
import { goodPsbt, multisigWallet, testWallet, walletOfKind } from "../bitcoin/regtest-wallet.ts";

const SUBJECTS = [
  ["P2WPKH", goodPsbt(testWallet())],
  ["2-of-3 P2WSH", goodPsbt(multisigWallet())],
  ["P2WPKH in P2SH", goodPsbt(walletOfKind("p2sh-p2wpkh"))],
  ["P2TR", goodPsbt(walletOfKind("p2tr"))],
  ["2-of-3 P2TR", goodPsbt(walletOfKind("p2tr-sortedmulti"))],
] as const;

/** @scure/btc-signer always says what may be added, we where somebody said so. */
const MODIFIABLE = 0x06;

/** Fields of all maps but the modifiable flags, in one order, whatever a writer's is. */
function fieldsOf({ fields, inputs, outputs }: PsbtV2): readonly string[][] {
  const text = (map: readonly PsbtField[]) =>
    map.map(({ type, keyData, value }) => `${type} ${toHex(keyData)} ${toHex(value)}`).sort();
  return [fields.filter(({ type }) => type !== MODIFIABLE), ...inputs, ...outputs].map(text);
}

describe.each(SUBJECTS)("%s", (_, plain) => {
  const bytes = asPsbtV2(plain);
  const ours = parsePsbtV2(bytes);
  const { unsigned } = parsePsbt(plain);

  test("@scure/btc-signer reads what we write, and we read what it writes: the same fields", () => {
    const theirs = ScureTransaction.fromPSBT(bytes);
    expect(theirs.id).toBe(transactionId(unsigned));
    expect(theirs.lockTime).toBe(unsigned.lockTime);
    expect(fieldsOf(parsePsbtV2(theirs.toPSBT(2)))).toEqual(fieldsOf(ours));
  });

  test("@scure/btc-signer turns it into the same version 0 as we do, and version 0 into the same version 2", () => {
    const version0 = ScureTransaction.fromPSBT(bytes).toPSBT(0);
    expect(version0).toEqual(asPsbtV0(bytes));
    const version2 = ScureTransaction.fromPSBT(plain).toPSBT(2);
    expect(fieldsOf(parsePsbtV2(version2))).toEqual(fieldsOf(ours));
    expect(asPsbtV0(version2)).toEqual(plain);
  });

  test("@ledgerhq/psbtv2 reads what we write, and we read what it writes: the same fields", () => {
    const theirs = new LedgerPsbt();
    theirs.deserialize(Buffer.from(bytes));
    expect(theirs.getGlobalTxVersion()).toBe(unsigned.version);
    expect(theirs.getGlobalFallbackLocktime()).toBe(unsigned.lockTime);
    expect(theirs.getGlobalInputCount()).toBe(unsigned.inputs.length);
    unsigned.inputs.forEach(({ txid, vout, sequence }, i) => {
      expect(toHex(theirs.getInputPreviousTxid(i))).toBe(toHex(txidBytes(txid)));
      expect([theirs.getInputOutputIndex(i), theirs.getInputSequence(i)]).toEqual([vout, sequence]);
    });
    unsigned.outputs.forEach(({ units, script }, i) => {
      expect(BigInt(theirs.getOutputAmount(i))).toBe(units);
      expect(toHex(theirs.getOutputScript(i))).toBe(toHex(script));
    });
    expect(fieldsOf(parsePsbtV2(new Uint8Array(theirs.serialize())))).toEqual(fieldsOf(ours));
  });
});

test("a PSBT that @ledgerhq/psbtv2 has made from nothing", () => {
  const theirs = new LedgerPsbt();
  theirs.setGlobalTxVersion(2);
  theirs.setGlobalPsbtVersion(2);
  theirs.setGlobalFallbackLocktime(800);
  theirs.setGlobalInputCount(1);
  theirs.setGlobalOutputCount(1);
  theirs.setInputPreviousTxId(0, Buffer.alloc(32, 7));
  theirs.setInputOutputIndex(0, 3);
  theirs.setInputSequence(0, 0xffff_fffd);
  theirs.setOutputAmount(0, 12_345);
  theirs.setOutputScript(0, Buffer.from("0014751e76e8199196d454941c45d1b3a323f1433bd6", "hex"));
  const { unsigned } = parsePsbtV2(new Uint8Array(theirs.serialize())).plain;
  expect(unsigned).toMatchObject({ version: 2, lockTime: 800 });
  expect(unsigned.inputs).toMatchObject([{ txid: "07".repeat(32), vout: 3, sequence: 0xffff_fffd }]);
  expect(unsigned.outputs.map(({ units }) => units)).toEqual([12_345n]);
});

describe("lock times (BIP-370)", () => {
  const base = asPsbtV2(goodPsbt(testWallet()));
  const time = fc.integer({ min: 500_000_000, max: 0xffff_ffff });
  const height = fc.integer({ min: 1, max: 499_999_999 });
  const none = fc.constant(undefined);
  const required = fc.oneof(
    fc.record({ time, height }),
    fc.record({ time, height: none }),
    fc.record({ time: none, height }),
    fc.record({ time: none, height: none }),
  );

  test("@scure/btc-signer determines the same lock time, and refuses where we do", () => {
    const seen = { determined: 0, refused: 0 };
    fc.assert(
      fc.property(fc.tuple(required, required), fc.nat(0xffff_ffff), (locks, fallback) => {
        const bytes = withLocks(base, locks, fallback);
        const theirs = attempted(() => ScureTransaction.fromPSBT(bytes).lockTime, Error);
        const ours = attempted(() => parsePsbtV2(bytes).plain.unsigned.lockTime, CustodyError);
        expect(ours).toBe(theirs);
        seen[ours === undefined ? "refused" : "determined"] += 1;
      }),
      { numRuns: 100, seed: 370 },
    );
    expect(seen.determined).toBeGreaterThan(20);
    expect(seen.refused).toBeGreaterThan(5);
  });
});

type Required = { readonly time: number | undefined; readonly height: number | undefined };

function withLocks(base: Uint8Array, locks: readonly Required[], fallback: number): Uint8Array {
  const { fields, inputs, outputs } = parsePsbtV2(base);
  const map = (place: number, { time, height }: Required): PsbtField[] => {
    const fieldsWithLocks = [...(inputs[place] ?? [])];
    if (time !== undefined) setField(fieldsWithLocks, 0x11, [...uint32(time)]);
    if (height !== undefined) setField(fieldsWithLocks, 0x12, [...uint32(height)]);
    return fieldsWithLocks;
  };
  const global = [...fields];
  setField(global, 0x03, [...uint32(fallback)]);
  return serialisePsbtV2({ fields: global, inputs: locks.map((lock, i) => map(i, lock)), outputs });
}

function attempted(action: () => number, kind: typeof Error | typeof CustodyError): number | undefined {
  try {
    return action();
  } catch (error) {
    if (error instanceof kind) return undefined;
    throw error;
  }
}
