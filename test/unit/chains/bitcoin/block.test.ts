import { describe, expect, test } from "vitest";
import { Block } from "bitcoinjs-lib";
import { BLOCK_MALFORMED, headerTime, parseBlock } from "../../../../src/chains/bitcoin/block.ts";
import { parseAddress } from "../../../../src/chains/bitcoin/address.ts";
import { transactionBytes, transactionId } from "../../../../src/chains/bitcoin/transaction.ts";
import { BITCOIN_CHAINS } from "../../../../src/core/chain.ts";
import { parseDigest } from "../../../../src/core/digest.ts";
import { fromHex } from "../../../../src/core/hex.ts";
import { expectRefusal } from "../../../bitcoin/refusal.ts";
import { blockOf, spending } from "../../../factory/blocks.ts";

/** The first block of all, as every node has it (Bitcoin Core, kernel/chainparams.cpp). */
const GENESIS = {
  hash: parseDigest("000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f"),
  bytes: fromHex(
    "0100000000000000000000000000000000000000000000000000000000000000000000003ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c0101000000010000000000000000000000000000000000000000000000000000000000000000ffffffff4d04ffff001d0104455468652054696d65732030332f4a616e2f32303039204368616e63656c6c6f72206f6e206272696e6b206f66207365636f6e64206261696c6f757420666f722062616e6b73ffffffff0100f2052a01000000434104678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb649f6bc3f4cef38c4f35504e51ec112de5c384df7ba0b8d578a4c702b6bf11d5fac00000000",
  ),
};

const { script, account } = parseAddress("bcrt1q6rhpng9evdsfnn833a4f4vej0asu6dk5srld6x", "regtest");
const coin = (digit: string, vout: number) => ({ txid: parseDigest(digit.repeat(64)), vout });
const key = (txid: string, vout: number) => `${BITCOIN_CHAINS.regtest}:outpoint:${txid}:${vout}`;
/** Some payments: each spends a coin of its own. */
const payments = (count: number) =>
  Array.from({ length: count }, (_, i) => spending([coin("1", i)], [{ units: BigInt(1000 + i), script }]));

const read = (bytes: Uint8Array, hash: string) =>
  parseBlock(bytes, { hash: parseDigest(hash), height: 7 }, "regtest");

describe("a block", () => {
  test("the first one of all has no parent, spends nothing, and pays no address", () => {
    const block = parseBlock(GENESIS.bytes, { hash: GENESIS.hash, height: 0 }, "mainnet");
    expect(block).toEqual({
      height: 0,
      hash: GENESIS.hash,
      parent: undefined,
      transactions: [
        {
          id: "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b",
          bytes: GENESIS.bytes.subarray(81),
          spends: [],
          pays: [],
        },
      ],
    });
  });

  test.each([0, 1, 2, 3, 6, 7, 12])("of a coinbase and %d payments: ids, coins and payments", (count) => {
    const transactions = payments(count);
    const { bytes, hash } = blockOf(transactions);
    const block = read(bytes, hash);
    expect(block).toMatchObject({ height: 7, hash, parent: "a".repeat(64) });
    expect(block.transactions.slice(1)).toEqual(
      transactions.map((transaction, i) => {
        const id = transactionId(transaction);
        const amount = { asset: expect.any(String) as string, units: BigInt(1000 + i) };
        return {
          id,
          bytes: Uint8Array.from(transactionBytes(transaction)),
          spends: [key("1".repeat(64), i)],
          pays: [{ coin: key(id, 0), account, amount, blockHash: hash, height: 7 }],
        };
      }),
    );
    // bitcoinjs-lib reads it the same.
    const theirs = Block.fromBuffer(bytes);
    expect(theirs.getId()).toBe(hash);
    expect(theirs.transactions?.map((transaction) => transaction.getId())).toEqual(
      block.transactions.map(({ id }) => id),
    );
  });
});

describe("F11: a node cannot lie about a block whose hash is known", () => {
  const { bytes, hash } = blockOf(payments(3));
  const malformed = expect.objectContaining({ code: "BLOCK_MALFORMED" }) as Error;

  test("another block, another payment in it, or one more or less", () => {
    expect(read(bytes, hash).transactions).toHaveLength(4);
    expect(() => read(blockOf(payments(2)).bytes, hash)).toThrow(malformed);
    const raised = Uint8Array.from(bytes);
    raised[bytes.length - 40] = (raised[bytes.length - 40] ?? 0) ^ 1;
    expect(() => read(raised, hash)).toThrow(malformed);
    expect(() => read(bytes.subarray(0, bytes.length - 1), hash)).toThrow(malformed);
    expect(() => read(Uint8Array.of(...bytes, 0), hash)).toThrow(malformed);
    expect(() => read(bytes.subarray(0, 80), hash)).toThrow(malformed);
  });

  test("CVE-2012-2459: transactions repeated at the end, under which the root stays the same", () => {
    // The last of three is paired with itself; four with the last one twice have the same root.
    const three = payments(2);
    const block = blockOf(three);
    const four = blockOf([...three, three[1] as (typeof three)[0]]);
    expect(Buffer.from(four.bytes.subarray(36, 68))).toEqual(Buffer.from(block.bytes.subarray(36, 68)));
    expect(read(block.bytes, block.hash).transactions).toHaveLength(3);
    expect(() => read(four.bytes, four.hash)).toThrow(malformed);
  });

  test("more bytes than a block can have", () => {
    expect(() => read(new Uint8Array(4_000_001), hash)).toThrow(malformed);
  });
});

describe("F28: the time in a header", () => {
  const header = GENESIS.bytes.subarray(0, 80);

  test("of the first block of all: 18:15:05 on 3 January 2009", () => {
    expect(headerTime(header, GENESIS.hash)).toBe("2009-01-03T18:15:05Z");
  });

  test.each([
    ["with another time", Uint8Array.from(header, (byte, at) => (at === 68 ? byte ^ 1 : byte))],
    ["cut short", header.subarray(0, 79)],
    ["with a byte more", GENESIS.bytes.subarray(0, 81)],
  ])("%s is not the header that the hash names", (_, bytes) => {
    expectRefusal(() => headerTime(bytes, GENESIS.hash), BLOCK_MALFORMED);
  });
});
