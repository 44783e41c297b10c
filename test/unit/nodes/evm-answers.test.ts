/** Answers of endpoints are read strictly, and reverts in their contracts' words. */
import { Interface } from "ethers";
import { describe, expect, test } from "vitest";
import { parseAddress } from "../../../src/chains/evm/address.ts";
import type { Digest } from "../../../src/core/digest.ts";
import { readBlock } from "../../../src/nodes/evm/block.ts";
import { simulate } from "../../../src/nodes/evm/call.ts";
import { readFees } from "../../../src/nodes/evm/fees.ts";
import { readReceipt, transfersOf, type Log } from "../../../src/nodes/evm/receipt.ts";
import { revertReason } from "../../../src/nodes/evm/revert.ts";
import { fakeRpc, refusal } from "./fake-rpc.ts";

const digest = (byte: string) => byte.repeat(32) as Digest;
const account = (byte: string) => `0x${byte.repeat(20)}`;
const log = {
  address: account("aa"),
  topics: [],
  data: "0x",
  logIndex: "0x0",
  blockHash: `0x${digest("bb")}`,
  transactionHash: `0x${digest("cc")}`,
  removed: false,
};
const receipt = {
  transactionHash: `0x${digest("cc")}`,
  blockHash: `0x${digest("bb")}`,
  blockNumber: "0x10",
  from: account("01"),
  to: account("02"),
  status: "0x1",
  gasUsed: "0x5208",
  effectiveGasPrice: "0x3b9aca00",
  logs: [log],
};
const block = {
  number: "0x10",
  hash: `0x${digest("bb")}`,
  parentHash: `0x${digest("ba")}`,
  timestamp: "0x6903fe7d",
  baseFeePerGas: "0x7",
  gasLimit: "0x1c9c380",
};

describe("receipts", () => {
  const read = (answer: unknown) => readReceipt(fakeRpc({ eth_getTransactionReceipt: answer }), digest("cc"));

  test("one as it should be, and none", async () => {
    expect(await read(receipt)).toMatchObject({
      height: 16,
      success: true,
      gasUsed: 21_000n,
      gasPrice: 10n ** 9n,
    });
    expect(await read({ ...receipt, status: "0x0" })).toMatchObject({ success: false });
    expect(await read(null)).toBeUndefined();
  });

  test.each([
    ["of another transaction", { transactionHash: `0x${digest("dd")}` }],
    ["with another transaction's log", { logs: [{ ...log, transactionHash: `0x${digest("dd")}` }] }],
    ["with another block's log", { logs: [{ ...log, blockHash: `0x${digest("dd")}` }] }],
    ["with a log that was removed", { logs: [{ ...log, removed: true }] }],
    ["of a state root, from before Byzantium", { status: undefined, root: `0x${digest("dd")}` }],
    ["with a third status", { status: "0x2" }],
    ["without a price", { effectiveGasPrice: undefined }],
    ["with a short hash", { blockHash: "0xbb" }],
    [
      "with five topics",
      { logs: [{ ...log, topics: Array.from({ length: 5 }, () => `0x${digest("dd")}`) }] },
    ],
  ])("%s: refused", async (_, change) => {
    await expect(read({ ...receipt, ...change })).rejects.toMatchObject({ code: "NODE_ANSWER_MALFORMED" });
  });
});

describe("blocks", () => {
  const read = (answer: unknown, at: Parameters<typeof readBlock>[1]) =>
    readBlock(fakeRpc({ eth_getBlockByNumber: answer, eth_getBlockByHash: answer }), at);

  test("the one that was asked for, and no other", async () => {
    expect(await read(block, { height: 16 })).toMatchObject({
      height: 16,
      parent: digest("ba"),
      baseFee: 7n,
    });
    expect(await read(block, { hash: digest("bb") })).toMatchObject({ height: 16 });
    expect(await read({ ...block, baseFeePerGas: undefined }, "latest")).toMatchObject({
      baseFee: undefined,
    });
    const malformed = { code: "NODE_ANSWER_MALFORMED" };
    await expect(read(block, { height: 17 })).rejects.toMatchObject(malformed);
    await expect(read(block, { hash: digest("ba") })).rejects.toMatchObject(malformed);
    await expect(read({ ...block, timestamp: "0xffffffffffff" }, "latest")).rejects.toMatchObject(malformed);
  });

  test("a chain without finality has no finalized block; that it has no newest one is an error", async () => {
    const refuse = () => {
      throw refusal(-39001, "finalized block not found");
    };
    expect(await read(refuse, "finalized")).toBeUndefined();
    await expect(read(refuse, "latest")).rejects.toMatchObject({ code: "NODE_REFUSED" });
  });
});

test("fees: blocks that nobody paid for are left out; a chain without base fees has a price alone", async () => {
  const answers = {
    eth_getBlockByNumber: block,
    eth_gasPrice: "0x64",
    eth_feeHistory: {
      baseFeePerGas: [],
      reward: [
        ["0x0", "0x0", "0x0"],
        ["0x5", "0x6", "0x7"],
        ["0x9", "0x9", "0x9"],
      ],
    },
  };
  expect(await readFees(fakeRpc(answers))).toEqual({
    baseFee: 7n,
    rewards: [
      { percentile: 25, wei: 5n },
      { percentile: 50, wei: 6n },
      { percentile: 75, wei: 7n },
    ],
    tip: undefined,
    gasPrice: 100n,
  });
  const legacy = { ...answers, eth_getBlockByNumber: { ...block, baseFeePerGas: undefined } };
  expect(await readFees(fakeRpc(legacy))).toEqual({
    baseFee: undefined,
    rewards: [],
    tip: undefined,
    gasPrice: 100n,
  });
});

describe("transfers", () => {
  const abi = new Interface(["event Transfer(address indexed from, address indexed to, uint256 value)"]);
  const [from, to, token] = ["11", "22", "33"].map((byte) => parseAddress(account(byte))) as [
    never,
    never,
    never,
  ];
  const { topics, data } = abi.encodeEventLog("Transfer", [from, to, 77n]);
  const good: Log = {
    address: token,
    topics: topics.map((topic) => topic.slice(2) as Digest),
    data: data.slice(2),
    index: 3,
  };

  test("as ethers writes it", () => {
    expect(transfersOf({ logs: [good] })).toEqual([{ token, from, to, units: 77n, logIndex: 3 }]);
  });

  test.each([
    ["a fourth topic (ERC-721)", { topics: [...good.topics, digest("00")] }],
    ["no indexed accounts", { topics: good.topics.slice(0, 1) }],
    ["another event", { topics: [digest("ee"), ...good.topics.slice(1)] }],
    ["more data", { data: `${good.data}00` }],
    [
      "a topic that is no address",
      { topics: [good.topics[0] as Digest, digest("11"), good.topics[2] as Digest] },
    ],
  ])("%s: none", (_, change) => {
    expect(transfersOf({ logs: [{ ...good, ...change }] })).toEqual([]);
  });
});

describe("reverts", () => {
  const abi = new Interface(["error Error(string)", "error Panic(uint256)", "error Custom(uint256)"]);
  const encoded = (name: string, value: unknown) => abi.encodeErrorResult(name, [value]).slice(2);

  test.each([
    [
      encoded("Error", "closed on Sundays, all day long, and on Mondays"),
      'reverted: "closed on Sundays, all day long, and on Mondays"',
    ],
    [encoded("Error", "a\u202eb"), 'reverted: "a⟨U+202E⟩b"'],
    [encoded("Panic", 0x11n), "panicked: a sum or product overflowed"],
    [encoded("Panic", 0x99n), "panicked: code 0x99"],
    [encoded("Custom", 5n), `reverted with error 0x${encoded("Custom", 5n)}`],
    ["", "reverted without a reason"],
    ["08c379a0", "reverted: Error with unreadable text "],
    [`08c379a0${"ff".repeat(96)}`, `reverted: Error with unreadable text ${"ff".repeat(96)}`],
  ])("%s", (data, words) => {
    expect(revertReason(data)).toBe(words);
  });

  test("a call that failed is told apart from an endpoint that did not play it through", async () => {
    const call = { to: parseAddress(account("11")) };
    const refuse = (code: number, words: string) =>
      fakeRpc({
        eth_call: () => {
          throw refusal(code, words);
        },
      });
    for (const [code, words] of [
      [3, "execution reverted"],
      [-32000, "execution reverted"],
      [-32000, "out of gas"],
      [-32000, "insufficient funds for gas * price + value"],
    ] as const)
      expect(await simulate(refuse(code, words), call, "latest")).toMatchObject({ type: "failed" });
    for (const [code, words] of [
      [-32000, "header not found"],
      [-32601, "no such method"],
      [-32000, "missing trie node"],
    ] as const)
      await expect(simulate(refuse(code, words), call, "latest")).rejects.toMatchObject({
        code: "NODE_REFUSED",
      });
  });
});
