/** B17: bytes that make a parser crash, allocate or misread: each limit is checked before memory is taken. */
import { describe, expect, test } from "vitest";
import { PSBT_MALFORMED, PSBT_TOO_LARGE, psbtBytes } from "../../src/chains/bitcoin/psbt-codec.ts";
import { parsePsbt } from "../../src/chains/bitcoin/psbt.ts";
import {
  MAX_MONEY,
  outputBytes,
  parseTransaction,
  parseUnsigned,
  strippedBytes,
  TRANSACTION_MALFORMED,
  TRANSACTION_TOO_LARGE,
  transactionBytes,
  type Transaction,
} from "../../src/chains/bitcoin/transaction.ts";
import { concatBytes, fromBase64, fromHex, toBase64, toHex } from "../../src/core/hex.ts";
import { LIMITS } from "../../src/core/limits.ts";
import { editPsbt, field } from "../bitcoin/edit-psbt.ts";
import { expectRefusal } from "../bitcoin/refusal.ts";
import { goodPsbt, parentOf, testWallet } from "../bitcoin/regtest-wallet.ts";
import { codeOf } from "../factory/thrown.ts";
import { offered, onePayment, withOutput, withPlan } from "./one-payment.ts";
import { pair } from "./pair.ts";

const withBytes = (papers: ReturnType<typeof onePayment>, edit: (bytes: Uint8Array) => Uint8Array) =>
  withPlan(papers, ({ base }) => ({ base: toBase64(edit(fromBase64(base))) }));

pair("B17", "bytes stand behind the end of a plan's base", {
  good: onePayment,
  bad: (papers) => withBytes(papers, (bytes) => concatBytes(bytes, Uint8Array.of(0))),
  judge: offered,
  accepted: "signed",
  refused: "G5 PSBT_MALFORMED",
  removes: ["nothing stands behind the end"],
  without: "signed",
});

pair("B17", "an output pays more than there can ever be", {
  good: onePayment,
  bad: (papers) => withOutput(papers, "pay", (output) => ({ ...output, units: MAX_MONEY + 1n })),
  judge: offered,
  accepted: "signed",
  refused: "G5 TRANSACTION_MALFORMED",
  removes: ["an amount is at most 21 million", "amounts add up to at most 21 million"],
  without: "G8 BASE_FEE_MISSTATED",
});

const wallet = testWallet();
const parent = parentOf(wallet, [{ units: 1000n }]);
const bytes = strippedBytes(parent);

describe("transactions", () => {
  test("accepts what it wrote, with and without witnesses", () => {
    expect(parseTransaction(bytes)).toEqual(parent);
    const signed: Transaction = {
      ...parent,
      inputs: parent.inputs.map((input) => ({ ...input, witness: [Uint8Array.of(1), new Uint8Array()] })),
    };
    expect(parseTransaction(transactionBytes(signed))).toEqual(signed);
  });

  test("B17: every truncation and any trailing byte", () => {
    for (let length = 0; length < bytes.length; length++) {
      expectRefusal(() => parseTransaction(bytes.subarray(0, length)), TRANSACTION_MALFORMED);
    }
    expectRefusal(() => parseTransaction(concatBytes(bytes, Uint8Array.of(0))), TRANSACTION_MALFORMED);
  });

  test("B17: counts that the bytes cannot hold are refused before memory is taken", () => {
    for (const count of ["fdffff", "feffffffff", "ffffffffffffffffff"]) {
      expectRefusal(
        () => parseTransaction(fromHex(`02000000${count}${"00".repeat(60)}`)),
        TRANSACTION_MALFORMED,
      );
    }
  });

  test("B16: a count that is not in its shortest form", () => {
    expect(bytes[4]).toBe(1);
    expectRefusal(
      () => parseTransaction(concatBytes(bytes.subarray(0, 4), Uint8Array.of(0xfd, 1, 0), bytes.subarray(5))),
      TRANSACTION_MALFORMED,
    );
  });

  test("B17: amounts above 21 million, alone or together; exactly 21 million is read", () => {
    const with_ = (...units: bigint[]) =>
      strippedBytes({ ...parent, outputs: units.map((each) => ({ units: each, script: new Uint8Array() })) });
    expect(parseTransaction(with_(MAX_MONEY)).outputs[0]?.units).toBe(MAX_MONEY);
    expectRefusal(() => parseTransaction(with_(MAX_MONEY + 1n)), TRANSACTION_MALFORMED);
    expectRefusal(() => parseTransaction(with_(MAX_MONEY, 1n)), TRANSACTION_MALFORMED);
    expectRefusal(() => parseTransaction(with_(0xffff_ffff_ffff_ffffn)), TRANSACTION_MALFORMED);
  });

  test("a witness flag without witness, and no inputs or outputs at all", () => {
    expectRefusal(
      () => parseTransaction(fromHex(`02000000000100${toHex(bytes.subarray(5))}`)),
      TRANSACTION_MALFORMED,
    );
    const empty = concatBytes(
      bytes.subarray(0, 4),
      Uint8Array.of(0, 1),
      bytes.subarray(4, -4),
      Uint8Array.of(0),
      bytes.subarray(-4),
    );
    expectRefusal(() => parseTransaction(empty), TRANSACTION_MALFORMED);
    expectRefusal(() => parseTransaction(strippedBytes({ ...parent, outputs: [] })), TRANSACTION_MALFORMED);
    expectRefusal(
      () => parseTransaction(new Uint8Array(LIMITS.transactionBytesMax + 1)),
      TRANSACTION_TOO_LARGE,
    );
  });

  test("more inputs or outputs than the limit", () => {
    const many = (count: number) =>
      strippedBytes({
        ...parent,
        outputs: Array.from({ length: count }, () => ({ units: 1n, script: new Uint8Array() })),
      });
    expect(parseUnsigned(many(LIMITS.transactionOutputsMax)).outputs).toHaveLength(
      LIMITS.transactionOutputsMax,
    );
    expectRefusal(() => parseUnsigned(many(LIMITS.transactionOutputsMax + 1)), TRANSACTION_TOO_LARGE);
    expect(outputBytes({ units: 1n, script: new Uint8Array() })).toHaveLength(9);
  });
});

describe("PSBTs", () => {
  const good = goodPsbt(wallet);

  test("B17: every truncation and any trailing byte", () => {
    expect(parsePsbt(good).inputs).toHaveLength(2);
    for (let length = 0; length < good.length; length++)
      expectRefusal(() => parsePsbt(good.subarray(0, length)), PSBT_MALFORMED);
    expectRefusal(() => parsePsbt(concatBytes(good, Uint8Array.of(0))), PSBT_MALFORMED);
  });

  const outputs = (count: number) =>
    strippedBytes({
      ...parent,
      outputs: Array.from({ length: count }, () => ({ units: 1n, script: new Uint8Array() })),
    });

  pair("B17", "a transaction has one output more than is handled", {
    good: () => outputs(LIMITS.transactionOutputsMax),
    bad: () => outputs(LIMITS.transactionOutputsMax + 1),
    judge: (unsigned) => codeOf(() => parseUnsigned(unsigned)),
    accepted: "none",
    refused: "TRANSACTION_TOO_LARGE",
    removes: ["a transaction has as many inputs and outputs as are handled"],
    without: "none",
  });

  test("B17: a derivation deeper than the limit", () => {
    const deep = (steps: number) =>
      editPsbt(
        good,
        ({ outputs }) =>
          void (outputs[0] = [field(2, new Uint8Array(4 + 4 * steps), [2, ...new Uint8Array(32)])]),
      );
    expect(parsePsbt(deep(LIMITS.derivationDepthMax)).outputs[0]?.derivations[0]?.path).toHaveLength(
      LIMITS.derivationDepthMax,
    );
    expectRefusal(() => parsePsbt(deep(LIMITS.derivationDepthMax + 1)), PSBT_MALFORMED);
  });

  test("B17: more bytes or fields than the limit", () => {
    expectRefusal(() => parsePsbt(new Uint8Array(LIMITS.psbtBytesMax + 1)), PSBT_TOO_LARGE);
    const fields = (count: number) =>
      Array.from({ length: count }, (_, i) => field(0xf0, [], [i & 255, i >> 8]));
    const big = (count: number) => psbtBytes([[field(0, fromHex("02000000000000000000")), ...fields(count)]]);
    expect(parsePsbt(big(LIMITS.psbtFieldsPerMapMax - 1)).unknown).toHaveLength(
      LIMITS.psbtFieldsPerMapMax - 1,
    );
    expectRefusal(() => parsePsbt(big(LIMITS.psbtFieldsPerMapMax)), PSBT_TOO_LARGE);
  });
});
