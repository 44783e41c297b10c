/** F01: two builders ask one node for its coins at the same moment, and bitcoind scans for one at a time. */
import { describe, expect, test } from "vitest";
import type { CallOptions } from "../../../src/nodes/bitcoind/rpc.ts";
import { walletCoins } from "../../../src/nodes/bitcoind/coins.ts";
import { walletView, watchedWallet } from "../../node/watched-wallet.ts";
import { fakeRpc, refusal } from "./fake-rpc.ts";

const view = walletView(watchedWallet().descriptor);
const SCANNED = { success: true, height: 300, bestblock: "b".repeat(64), unspents: [] };
/** As bitcoind writes it, rpc/blockchain.cpp. */
const BUSY = refusal(
  -8,
  'the node refused scantxoutset: Scan already in progress, use action "abort" or "status" (-8)',
);

/** A node that refuses each scan with `error`. @returns also what it was asked, and how patiently */
function refusing(error: Error) {
  const asked: { action: string; options: CallOptions | undefined }[] = [];
  const rpc = fakeRpc({
    scantxoutset: () => {
      throw error;
    },
  });
  const read: typeof rpc.read = (method, params, answer, options) => {
    asked.push({ action: String(params[0]), options });
    return rpc.read(method, params, answer, options);
  };
  return { rpc: { ...rpc, read }, asked };
}

describe("F01: a scan of the coins while another one runs", () => {
  test("is waited for, bounded, and never aborts the other: then a refusal of its own says so", async () => {
    const { rpc, asked } = refusing(BUSY);
    await expect(walletCoins(rpc, view)).rejects.toMatchObject({
      code: "NODE_BUSY",
      exit: "network",
      hint: expect.stringContaining("wait") as string,
    });
    expect(asked.map(({ action }) => action)).toEqual(["start"]);
    const [{ options } = { options: undefined }] = asked;
    expect(options?.patience?.waits(BUSY)).toBe(true);
    expect(options?.patience?.attemptsMax).toBeGreaterThan(10);
    expect(options?.patience?.attemptsMax).toBeLessThan(1000);
  });

  test.each([
    [
      "with the same code for another reason",
      refusal(-8, "Scan object needs to be either a string or an object"),
    ],
    ["with other words of another code", refusal(-1, "scan already in progress")],
  ])("a refusal %s is told as it is, at once", async (_, error) => {
    const { rpc, asked } = refusing(error);
    await expect(walletCoins(rpc, view)).rejects.toBe(error);
    expect(asked[0]?.options?.patience?.waits(error)).toBe(false);
  });

  test("its twin that nobody stands in the way of lists the coins", async () => {
    expect(await walletCoins(fakeRpc({ scantxoutset: SCANNED }), view)).toMatchObject({
      height: 300,
      coins: [],
    });
  });
});
