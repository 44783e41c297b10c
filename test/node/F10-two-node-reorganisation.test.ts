import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { joinNodes, splitNodes, startBitcoind, waitUntilSynced, type Regtest } from "../../demo/regtest.ts";
import { bitcoindNode } from "../../src/nodes/bitcoind/node.ts";
import { walletView, watchedWallet } from "./watched-wallet.ts";

const { descriptor, address } = watchedWallet();
let ours: Regtest;
let theirs: Regtest;

beforeAll(async () => {
  [ours, theirs] = await Promise.all([startBitcoind(), startBitcoind({ listen: true })]);
  await joinNodes(ours, theirs);
  await ours.mine(101);
  await waitUntilSynced(ours, theirs);
});
afterAll(() => Promise.all([ours.stop(), theirs.stop()]));

test("a longer branch of another node takes a block back: the coin is gone, the payment is pending, then included elsewhere", async () => {
  const node = bitcoindNode({ rpc: ours.rpc, network: "regtest" });
  await splitNodes(ours, theirs);
  const txid = await ours.fund(address(0, 0), "0.5");
  const before = await node.status(txid);
  expect(before).toMatchObject({ state: "included", confirmations: 1 });
  expect((await node.snapshot(walletView(descriptor))).coins).toHaveLength(1);

  const branch = await theirs.mine(3, address(0, 7));
  await joinNodes(ours, theirs);
  await waitUntilSynced(ours, theirs);
  expect((await node.tip()).hash).toBe(branch.at(-1));
  expect(await node.blockHash(102)).toBe(branch[0]);
  expect(await node.status(txid)).toEqual({ state: "pending" });
  expect((await node.snapshot(walletView(descriptor))).coins).toHaveLength(0);

  const [block] = await ours.mine(1);
  expect(await node.status(txid)).toMatchObject({ state: "included", blockHash: block, confirmations: 1 });
  expect(await ours.rpc.read("getbestblockhash", [], z.string())).toBe(block);
});
