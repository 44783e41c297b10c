import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { startBitcoind, type Regtest } from "../../demo/regtest.ts";
import { readSnapshot } from "../../src/chains/bitcoin/snapshot.ts";
import { canonicalBytes } from "../../src/core/canonical.ts";
import { parseTransaction, transactionBytes, transactionId } from "../../src/chains/bitcoin/transaction.ts";
import { accountId } from "../../src/core/account.ts";
import { BITCOIN_CHAINS } from "../../src/core/chain.ts";
import { fromHex } from "../../src/core/hex.ts";
import { bitcoindNode } from "../../src/nodes/bitcoind/node.ts";
import { openRpc } from "../../src/nodes/bitcoind/rpc.ts";
import { walletView, watchedWallet } from "./watched-wallet.ts";
import { chosen } from "./chosen.ts";

const text = z.string();
const random = () => 0;
const { descriptor, address } = watchedWallet();

let regtest: Regtest;
beforeAll(async () => {
  regtest = await startBitcoind();
  await regtest.mine(101);
});
afterAll(() => regtest.stop());

const client = () => bitcoindNode({ rpc: regtest.rpc, network: "regtest" });

/** A signed payment of the node's own wallet, not sent yet. */
async function signedPayment(to: string, bitcoin: string, rate = 2): Promise<string> {
  const options = { fee_rate: rate, add_to_wallet: false, lock_unspents: true };
  const answer = z.object({ hex: text, complete: z.literal(true) });
  return (await regtest.rpc.write("send", [{ [to]: bitcoin }, null, "unset", null, options], answer)).hex;
}

describe("tip and block hashes", () => {
  test("the tip is the best block with its header's time; above it there is no hash", async () => {
    const node = client();
    const tip = await node.tip();
    expect(tip.hash).toBe(await regtest.rpc.read("getbestblockhash", [], text));
    expect(tip.time).toMatch(/^20\d\d-.*Z$/);
    expect(await node.blockHash(tip.height)).toBe(tip.hash);
    expect(await node.blockHash(0)).toBe("0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206");
    expect(await node.blockHash(tip.height + 1)).toBeUndefined();
  });
});

describe("snapshot", () => {
  test("lists confirmed coins of both branches with parents, amounts exact to the satoshi (F17)", async () => {
    const receive = await regtest.fund(address(0, 3), "0.29");
    const change = await regtest.fund(address(1, 5), "0.00000547");
    await regtest.rpc.write("sendtoaddress", [address(0, 4), "1"], text);
    const snapshot = await client().snapshot(walletView(descriptor));
    expect(readSnapshot(canonicalBytes(chosen(snapshot)))).toEqual(chosen(snapshot));
    const coins = [...snapshot.coins].sort((a, b) => a.branch - b.branch);
    expect(coins).toMatchObject([
      { txid: receive, units: "29000000", branch: 0, index: 3, coinbase: false },
      { txid: change, units: "547", branch: 1, index: 5, coinbase: false },
    ]);
    expect(snapshot.changeIndex).toBe(6);
    const ids = snapshot.parents.map((raw) => transactionId(parseTransaction(fromHex(raw))));
    expect(new Set(ids)).toEqual(new Set([receive, change]));
    for (const raw of snapshot.parents)
      expect(parseTransaction(fromHex(raw)).inputs.every((input) => input.witness.length === 0)).toBe(true);
    await regtest.mine(1);
    expect((await client().snapshot(walletView(descriptor))).coins).toHaveLength(3);
  });

  test("looks as far as the gap above the highest index known, and no farther", async () => {
    const { descriptor: other, address: of } = watchedWallet(8);
    await regtest.fund(of(0, 12), "0.1");
    expect((await client().snapshot(walletView(other, -1, 12))).coins).toHaveLength(0);
    expect((await client().snapshot(walletView(other, 0, 12))).coins).toHaveLength(1);
    expect((await client().snapshot(walletView(other, 12, 1))).changeIndex).toBe(13);
  });

  test("coinbase coins appear once they are mature", async () => {
    const { descriptor: other, address: of } = watchedWallet(9);
    await regtest.mine(1, of(0, 0));
    await regtest.mine(98);
    expect((await client().snapshot(walletView(other))).coins).toHaveLength(0);
    await regtest.mine(1);
    expect((await client().snapshot(walletView(other))).coins).toMatchObject([
      { coinbase: true, index: 0, branch: 0 },
    ]);
  });

  test("the floor for relaying is the node's own; without an estimate it is the fee rate", async () => {
    const snapshot = await client().snapshot(walletView(descriptor));
    expect(BigInt(snapshot.relayRateMilli)).toBeGreaterThan(0n);
    expect(snapshot.estimates).toEqual([]);
    expect(await client().feeEstimates?.()).toEqual([]);
    expect(chosen(snapshot)).toMatchObject({
      feeSource: "relay floor",
      feeRateMilli: snapshot.relayRateMilli,
    });
    const dear = await startBitcoind({ flags: ["-minrelaytxfee=0.00005", "-incrementalrelayfee=0.00005"] });
    try {
      const node = bitcoindNode({ rpc: dear.rpc, network: "regtest" });
      expect(await node.snapshot(walletView(descriptor))).toMatchObject({
        relayRateMilli: "5000",
        coins: [],
      });
    } finally {
      await dear.stop();
    }
  });
});

describe("broadcast and status", () => {
  test("unknown, then pending, then included and counted; sending the same bytes again is accepted each time", async () => {
    const node = client();
    const bytes = fromHex(await signedPayment(address(0, 0), "0.5"));
    const id = transactionId(parseTransaction(bytes));
    expect(await node.status(id)).toEqual({ state: "unknown" });
    expect(await node.broadcast(bytes)).toEqual({ type: "accepted" });
    expect(await node.status(id)).toEqual({ state: "pending" });
    expect(await node.broadcast(bytes)).toEqual({ type: "accepted" });
    const [blockHash] = await regtest.mine(1);
    const { height } = await node.tip();
    expect(await node.status(id)).toEqual({ state: "included", blockHash, height, confirmations: 1 });
    await regtest.mine(2);
    expect(await node.status(id)).toEqual({ state: "included", blockHash, height, confirmations: 3 });
    expect(await node.broadcast(bytes)).toEqual({ type: "accepted" });
  });

  test("a flipped signature bit and a double spend are rejected with the node's reason", async () => {
    const node = client();
    const hex = await signedPayment(address(0, 1), "0.5");
    const transaction = parseTransaction(fromHex(hex));
    const [first, ...others] = transaction.inputs;
    const witness = (first?.witness ?? []).map((item, i) =>
      i === 0 ? item.map((byte, at) => (at === 40 ? byte ^ 1 : byte)) : item,
    );
    const bad = transactionBytes({
      ...transaction,
      inputs: [{ ...(first as (typeof transaction.inputs)[0] & object), witness }, ...others],
    });
    expect(await node.broadcast(bad)).toMatchObject({
      type: "rejected",
      reason: expect.stringContaining("script") as string,
    });
    expect(await node.broadcast(fromHex(hex))).toEqual({ type: "accepted" });
    await regtest.mine(1);
    const outputs = transaction.outputs.map((output, i) =>
      i === 0 ? { ...output, units: output.units - 1n } : output,
    );
    expect(await node.broadcast(transactionBytes({ ...transaction, outputs }))).toMatchObject({
      type: "rejected",
    });
  });

  test("bytes that are included and whose outputs are all spent are accepted, not a failure (F4)", async () => {
    const node = client();
    const to = await regtest.rpc.write("getnewaddress", [], text);
    const { hex } = await regtest.rpc.write(
      "sendall",
      [[to], null, "unset", null, { fee_rate: 5, add_to_wallet: false }],
      z.object({ hex: text, complete: z.literal(true) }),
    );
    expect(await node.broadcast(fromHex(hex))).toEqual({ type: "accepted" });
    await regtest.mine(1);
    await regtest.rpc.write(
      "sendall",
      [[to], null, "unset", null, { fee_rate: 5 }],
      z.object({ complete: z.literal(true) }),
    );
    await regtest.mine(1);
    expect(await node.broadcast(fromHex(hex))).toEqual({ type: "accepted" });
  });

  test("a reorganisation takes the inclusion back", async () => {
    const node = client();
    await regtest.mine(101);
    const bytes = fromHex(await signedPayment(address(0, 2), "0.5"));
    const id = transactionId(parseTransaction(bytes));
    await node.broadcast(bytes);
    const [block] = await regtest.mine(1);
    expect(await node.status(id)).toMatchObject({ state: "included", blockHash: block });
    await regtest.rpc.write("invalidateblock", [block], z.null());
    expect(await node.status(id)).toEqual({ state: "pending" });
    const [other] = await regtest.mine(1);
    expect(other).not.toBe(block);
    expect(await node.status(id)).toMatchObject({ state: "included", blockHash: other, confirmations: 1 });
  });
});

describe("blocks and mempool", () => {
  test("a block with its payments and the coins that it spends, each transaction proven by the block's hash", async () => {
    const node = client();
    const account = accountId(BITCOIN_CHAINS.regtest, address(0, 9));
    const txid = await regtest.fund(address(0, 9), "0.12345678");
    const { height, hash } = await node.tip();
    const block = await node.block(height);
    expect(block).toMatchObject({ height, hash, parent: await node.blockHash(height - 1) });
    const payment = block?.transactions.find(({ id }) => id === txid);
    expect(payment?.spends).toEqual(await node.spends(txid));
    const received = payment?.pays.filter((paid) => paid.account === account);
    expect(received).toMatchObject([{ account, amount: { units: 12_345_678n }, blockHash: hash, height }]);
    expect(received?.[0]?.coin).toMatch(new RegExp(`^${BITCOIN_CHAINS.regtest}:outpoint:${txid}:[01]$`));
    expect(block?.transactions[0]?.spends).toEqual([]);
    expect(await node.block(height + 1)).toBeUndefined();
    expect((await node.block(0))?.parent).toBeUndefined();
  });

  test("what waits, until a block holds it", async () => {
    const node = client();
    const bytes = fromHex(await signedPayment(address(0, 2), "0.02"));
    const id = transactionId(parseTransaction(bytes));
    expect((await node.pending()).has(id)).toBe(false);
    await node.broadcast(bytes);
    expect((await node.pending()).has(id)).toBe(true);
    await regtest.mine(1);
    expect((await node.pending()).has(id)).toBe(false);
  });
});

describe("a node that is not the one we need", () => {
  test("another network is NODE_WRONG_NETWORK in every call, and nothing is sent", async () => {
    const node = bitcoindNode({ rpc: regtest.rpc, network: "mainnet" });
    const wrong = { code: "NODE_WRONG_NETWORK", exit: "conflict" };
    const bytes = fromHex(await signedPayment(address(0, 1), "0.01"));
    await expect(node.tip()).rejects.toMatchObject(wrong);
    await expect(node.snapshot(walletView(descriptor))).rejects.toMatchObject(wrong);
    await expect(node.broadcast(bytes)).rejects.toMatchObject(wrong);
    expect(await client().status(transactionId(parseTransaction(bytes)))).toEqual({ state: "unknown" });
  });

  test("a node without a transaction index cannot answer 'unknown'", async () => {
    const bare = await startBitcoind({ flags: ["-txindex=0"] });
    try {
      const node = bitcoindNode({ rpc: bare.rpc, network: "regtest" });
      await expect(node.status("11".repeat(32))).rejects.toMatchObject({ code: "NODE_WITHOUT_INDEX" });
      const txid = await bare.fund(address(0, 0), "0.3");
      expect((await node.snapshot(walletView(descriptor))).coins).toMatchObject([
        { txid, units: "30000000" },
      ]);
    } finally {
      await bare.stop();
    }
  });

  test("a node that is down is NODE_UNREACHABLE, for a broadcast 'uncertain'; after a restart it is used again", async () => {
    const down = await startBitcoind();
    try {
      const rpc = openRpc({
        url: down.url,
        cookiePath: down.cookiePath,
        random,
        timeoutMs: 5000,
        attemptsMax: 2,
      });
      const node = bitcoindNode({ rpc, network: "regtest" });
      expect((await node.tip()).height).toBe(0);
      const bytes = fromHex(await signedPayment(address(0, 1), "0.01"));
      await down.kill9();
      await expect(node.tip()).rejects.toMatchObject({ code: "NODE_UNREACHABLE", exit: "network" });
      expect(await node.broadcast(bytes)).toMatchObject({
        type: "uncertain",
        reason: expect.stringContaining("NODE_UNREACHABLE") as string,
      });
      await down.restart();
      expect((await node.tip()).height).toBe(0);
      rpc.close();
    } finally {
      await down.stop();
    }
  });

  test("a node that hangs is NODE_TIMEOUT, for a broadcast 'uncertain'", async () => {
    const stuck = await startBitcoind();
    try {
      const rpc = openRpc({
        url: stuck.url,
        cookiePath: stuck.cookiePath,
        random,
        timeoutMs: 300,
        attemptsMax: 2,
      });
      const node = bitcoindNode({ rpc, network: "regtest" });
      const bytes = fromHex(await signedPayment(address(0, 1), "0.01"));
      process.kill(stuck.pid(), "SIGSTOP");
      await expect(node.tip()).rejects.toMatchObject({ code: "NODE_TIMEOUT", exit: "network" });
      expect(await node.broadcast(bytes)).toMatchObject({
        type: "uncertain",
        reason: expect.stringContaining("NODE_TIMEOUT") as string,
      });
      process.kill(stuck.pid(), "SIGCONT");
      expect((await node.tip()).height).toBe(0);
      rpc.close();
    } finally {
      process.kill(stuck.pid(), "SIGCONT");
      await stuck.stop();
    }
  });
});
