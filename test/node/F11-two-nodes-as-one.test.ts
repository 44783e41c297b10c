/** F11, F28, F10 on real nodes: two bitcoinds as one, and what each kind of trouble lets be concluded. */
import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { joinNodes, splitNodes, startBitcoind, waitUntilSynced, type Regtest } from "../../demo/regtest.ts";
import type { ChainNode } from "../../src/chains/chain-node.ts";
import type { BitcoinFacts } from "../../src/chains/bitcoin/snapshot.ts";
import { parseTransaction, transactionId } from "../../src/chains/bitcoin/transaction.ts";
import { fromHex } from "../../src/core/hex.ts";
import { commonFacts } from "../../src/nodes/bitcoind/common-facts.ts";
import { bitcoindNode } from "../../src/nodes/bitcoind/node.ts";
import { openRpc } from "../../src/nodes/bitcoind/rpc.ts";
import { nodeQuorum } from "../../src/nodes/quorum.ts";
import { walletView, watchedWallet } from "./watched-wallet.ts";

const { descriptor, address } = watchedWallet(11);
let ours: Regtest;
let theirs: Regtest;

beforeAll(async () => {
  [ours, theirs] = await Promise.all([startBitcoind(), startBitcoind({ listen: true })]);
  await joinNodes(ours, theirs);
  await ours.mine(101);
  await waitUntilSynced(ours, theirs);
});
afterAll(() => Promise.all([ours.stop(), theirs.stop()]));

/** A client whose calls fail soon. */
function clientOf({ url, cookiePath }: Regtest): ChainNode<BitcoinFacts> {
  const rpc = openRpc({ url, cookiePath, random: () => 0, attemptsMax: 1, timeoutMs: 5000 });
  return bitcoindNode({ rpc, network: "regtest" });
}

function both(change: (node: ChainNode<BitcoinFacts>) => ChainNode<BitcoinFacts> = (node) => node) {
  return nodeQuorum(
    [
      { name: "ours", node: clientOf(ours) },
      { name: "theirs", node: change(clientOf(theirs)) },
    ],
    { quorum: 2, setting: "bitcoind-url", meet: commonFacts, observe: () => undefined },
  );
}

async function payment(): Promise<Uint8Array> {
  const options = { fee_rate: 2, add_to_wallet: false, lock_unspents: true };
  const answer = z.object({ hex: z.string(), complete: z.literal(true) });
  const { hex } = await ours.rpc.write(
    "send",
    [{ [address(0, 3)]: "0.1" }, null, "unset", null, options],
    answer,
  );
  return fromHex(hex);
}

test("two that agree: sent to both, seen, included, and a coin of both", async () => {
  const nodes = both();
  const bytes = await payment();
  const id = transactionId(parseTransaction(bytes));
  expect(await nodes.status(id)).toEqual({ state: "unknown" });
  expect(await nodes.broadcast(bytes)).toEqual({ type: "accepted" });
  for (const node of [ours, theirs]) expect((await clientOf(node).pending()).has(id)).toBe(true);
  expect(await nodes.status(id)).toEqual({ state: "pending" });
  const [blockHash] = await ours.mine(1);
  await waitUntilSynced(ours, theirs);
  const { height } = await nodes.tip();
  expect(await nodes.status(id)).toEqual({ state: "included", blockHash, height, confirmations: 1 });
  expect((await nodes.block(height))?.transactions.map((transaction) => transaction.id)).toContain(id);
  expect((await nodes.snapshot(walletView(descriptor))).coins).toMatchObject([{ txid: id }]);
});

test("one that lies about what it has, or invents a block: nothing is decided, and no coin comes of it", async () => {
  const height = (await clientOf(ours).tip()).height;
  const id = (await clientOf(ours).block(height))?.transactions.at(-1)?.id ?? "";
  const denying = both((node) => ({ ...node, status: async () => ({ state: "unknown" }) }));
  expect(await denying.status(id)).toMatchObject({ state: "undecided", seen: true });
  const hash = "ab".repeat(32);
  const inventing = both((node) => ({
    ...node,
    tip: async () => ({ ...(await node.tip()), hash }),
    blockHash: async (at) => (at === height ? hash : node.blockHash(at)),
  }));
  expect((await inventing.tip()).height).toBe(height - 1);
  expect(await inventing.status(id)).toMatchObject({ state: "undecided" });
  expect(await inventing.block(height)).toBeUndefined();
  const hiding = both((node) => ({
    ...node,
    snapshot: async (view) => ({ ...(await node.snapshot(view)), coins: [] }),
  }));
  expect((await hiding.snapshot(walletView(descriptor))).coins).toEqual([]);
});

test("F10, F28: cut apart, one lags ten blocks and is named; on branches of their own they wait for the last common block", async () => {
  const nodes = both();
  const common = (await nodes.tip()).height;
  await splitNodes(ours, theirs);
  await ours.mine(10);
  expect((await nodes.tip()).height).toBe(common);
  expect((await nodes.survey()).nodes.map(({ standing }) => standing)).toEqual(["apart", "behind"]);
  await theirs.mine(9, address(0, 7));
  expect((await nodes.tip()).height).toBe(common);
  expect(await nodes.blockHash(common + 1)).toBeUndefined();
  await joinNodes(ours, theirs);
  await waitUntilSynced(ours, theirs);
  expect((await nodes.tip()).height).toBe(common + 10);
  expect((await nodes.survey()).nodes.map(({ standing }) => standing)).toEqual(["ok", "ok"]);
});

test("F3: one is killed: the other takes what is sent, and nothing is concluded until it is back", async () => {
  const nodes = both();
  const bytes = await payment();
  const id = transactionId(parseTransaction(bytes));
  await theirs.kill9();
  expect(await nodes.broadcast(bytes)).toEqual({ type: "accepted" });
  expect(await nodes.status(id)).toMatchObject({ state: "undecided", seen: true });
  await expect(nodes.snapshot(walletView(descriptor))).rejects.toMatchObject({ code: "NODES_TOO_FEW" });
  await theirs.restart();
  await joinNodes(ours, theirs);
  await nodes.tip();
  expect(await nodes.status(id)).toEqual({ state: "pending" });
});

test("a child with its parent, in one package", async () => {
  const parent = await payment();
  const nodes = both();
  expect(await nodes.broadcastPackage?.([parent])).toEqual({ type: "accepted" });
  expect(await nodes.broadcastPackage?.([parent])).toEqual({ type: "accepted" });
});
