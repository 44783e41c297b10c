/** F28: what is built comes from a snapshot, and a real node whose newest block is old gives none. */
import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { startBitcoind, type Regtest } from "../../demo/regtest.ts";
import { instantOf } from "../../src/core/instant.ts";
import { withNode } from "../../src/home/node.ts";
import { genesisPolicy } from "../factory/documents.ts";
import { fakeIo } from "../factory/io.ts";
import { walletView, watchedWallet } from "./watched-wallet.ts";

const { descriptor } = watchedWallet(12);
const HOUR = 3600;
const NOW = 1_795_000_000;
let node: Regtest;

beforeAll(async () => {
  node = await startBitcoind();
  await mineAt(NOW - 2 * HOUR);
});
afterAll(() => node.stop());

async function mineAt(seconds: number): Promise<void> {
  await node.rpc.write("setmocktime", [seconds], z.null());
  await node.mine(1);
}

/** A snapshot as a command takes it. */
function snapshot(env: Readonly<Record<string, string>>) {
  const { io } = fakeIo({ env: { HOME: "/nowhere", ...env }, now: instantOf(NOW) });
  const flags = { bitcoindUrl: node.url, bitcoindCookie: node.cookiePath };
  return withNode({ io, flags }, genesisPolicy(), (nodes) => nodes.snapshot(walletView(descriptor)));
}

const AN_HOUR = { CUSTODY_NODE_TIP_AGE_MINUTES: "60" };

test("two hours old and an hour allowed: refused, with its age", async () => {
  await expect(snapshot(AN_HOUR)).rejects.toMatchObject({
    code: "TIP_STALE",
    exit: "pending",
    details: { seconds: 2 * HOUR, time: instantOf(NOW - 2 * HOUR) },
  });
});

test("the same blocks, where nobody has set an age: on regtest a block is as old as the last one made by hand", async () => {
  expect((await snapshot({})).tip).toMatchObject({ height: 1, time: instantOf(NOW - 2 * HOUR) });
});

test("one new block, and it is given", async () => {
  await mineAt(NOW - HOUR);
  expect((await snapshot(AN_HOUR)).tip).toMatchObject({ height: 2, time: instantOf(NOW - HOUR) });
});
