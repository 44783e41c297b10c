/**
 * F10, BIP-141: a transaction's id says nothing of its signatures. A block's hash does, by way of the commitment in its
 * coinbase: who reads a block of an agreed hash must not keep bytes that nobody could send again after a reorganisation.
 */
import { describe, expect, test } from "vitest";
import { parseAddress } from "../../../../src/chains/bitcoin/address.ts";
import { BLOCK_MALFORMED, parseBlock } from "../../../../src/chains/bitcoin/block.ts";
import { transactionBytes, type Transaction } from "../../../../src/chains/bitcoin/transaction.ts";
import { parseDigest } from "../../../../src/core/digest.ts";
import { expectRefusal } from "../../../bitcoin/refusal.ts";
import {
  blockOf,
  blockOn,
  coinbase,
  commitmentTo,
  spending,
  type MadeBlock,
} from "../../../factory/blocks.ts";

const { script } = parseAddress("bcrt1q6rhpng9evdsfnn833a4f4vej0asu6dk5srld6x", "regtest");
const payments = [0, 1, 2].map((vout) =>
  spending([{ txid: parseDigest("1".repeat(64)), vout }], [{ units: 1000n, script }]),
);
const withWitness = (transaction: Transaction, witness: readonly Uint8Array[]): Transaction => ({
  ...transaction,
  inputs: transaction.inputs.map((input) => ({ ...input, witness })),
});
const stripped = payments.map((payment) => withWitness(payment, []));

/** What a node sends in the place of a block of that hash: the same ids, other witnesses. */
const read = ({ hash }: MadeBlock, sent: readonly Transaction[]) =>
  parseBlock(blockOn(sent).bytes, { hash, height: 7 }, "regtest");
const commits = coinbase([commitmentTo(payments)]);

describe("F10: the witnesses of a block", () => {
  test("are read as the coinbase commits to them", () => {
    const { transactions } = read(blockOf(payments), [commits, ...payments]);
    expect(transactions.slice(1).map(({ bytes }) => Uint8Array.from(bytes))).toEqual(
      payments.map(transactionBytes),
    );
  });

  test.each([
    ["another signature", payments.map((one) => withWitness(one, [Uint8Array.of(2)]))],
    ["one signature more", payments.map((one) => withWitness(one, [Uint8Array.of(1), Uint8Array.of(1)]))],
    ["none at all", stripped],
    ["those of one taken away", [...payments.slice(0, 2), ...stripped.slice(2)]],
  ])("%s is not the block of that hash", (_, others) => {
    expectRefusal(() => read(blockOf(payments), [commits, ...others]), BLOCK_MALFORMED);
  });

  test.each([
    ["without a witness", []],
    ["with a reserved value of 31 bytes", [new Uint8Array(31)]],
    ["with another reserved value", [new Uint8Array(32).fill(1)]],
    ["with a second item", [new Uint8Array(32), new Uint8Array(32)]],
  ])("a coinbase %s proves none of them", (_, witness) => {
    expectRefusal(
      () => read(blockOf(payments), [coinbase([commitmentTo(payments)], witness), ...payments]),
      BLOCK_MALFORMED,
    );
  });

  test("without a commitment there are none: a block without witnesses is read, one with a witness is not", () => {
    const bare = coinbase([], []);
    const plain = blockOn([bare, ...stripped]);
    expect(read(plain, [bare, ...stripped]).transactions).toHaveLength(4);
    expectRefusal(() => read(plain, [bare, ...payments]), BLOCK_MALFORMED);
    expectRefusal(() => read(plain, [coinbase([]), ...stripped]), BLOCK_MALFORMED);
  });

  test("of several commitments the last counts, and what follows its 32 bytes means nothing", () => {
    const [good, other] = [commitmentTo(payments), commitmentTo([])];
    const long = Uint8Array.of(...good, 7);
    const last = [coinbase([other, long, good.subarray(0, 37)]), ...payments];
    expect(read(blockOn(last), last).transactions).toHaveLength(4);
    const first = [coinbase([good, other]), ...payments];
    expectRefusal(() => read(blockOn(first), first), BLOCK_MALFORMED);
  });

  test("F11: what does not begin with a coinbase is no block", () => {
    expectRefusal(() => read(blockOn(stripped), stripped), BLOCK_MALFORMED);
  });
});
