/** F01: bitcoind scans its coins for one caller at a time; a build waits for another's scan and does not end it. */
import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { startBitcoind, type Regtest } from "../../demo/regtest.ts";
import { bitcoindNode } from "../../src/nodes/bitcoind/node.ts";
import { walletView, watchedWallet } from "./watched-wallet.ts";

const { descriptor, address } = watchedWallet(13);
const answer = z.object({ success: z.boolean() });
let node: Regtest;

beforeAll(async () => {
  node = await startBitcoind();
  await node.fund(address(0, 0), "0.1");
});
afterAll(() => node.stop());

test("while somebody else's scan runs, ours waits; both end well", async () => {
  // Thousands of keys to derive, for which the node is taken before it reads a coin.
  const slow = [{ desc: descriptor.text.replace(/#.*$/, "").replaceAll("<0;1>", "0"), range: [0, 40_000] }];
  const theirs = node.rpc.write("scantxoutset", ["start", slow], answer);
  while ((await node.rpc.read("scantxoutset", ["status"], z.unknown())) === null);
  await expect(node.rpc.write("scantxoutset", ["start", []], answer)).rejects.toMatchObject({
    code: "NODE_REFUSED",
    message: expect.stringContaining("Scan already in progress") as string,
  });
  const { coins } = await bitcoindNode({ rpc: node.rpc, network: "regtest" }).snapshot(
    walletView(descriptor),
  );
  expect(coins).toHaveLength(1);
  expect(await theirs).toEqual({ success: true });
});
