/** F15: what one node says of fees is read, bounded and passed on; the cap is where answers are weighed. */
import { expect, test } from "vitest";
import { nodeFees } from "../../../src/nodes/bitcoind/fee-rate.ts";
import { fakeRpc } from "./fake-rpc.ts";

/** Rates in BTC/kvB, as bitcoind writes them. */
function node(estimate: string | undefined, mempoolminfee = "0.00001000", minrelaytxfee = "0.00001000") {
  return fakeRpc({
    getmempoolinfo: { mempoolminfee, minrelaytxfee },
    estimatesmartfee:
      estimate === undefined
        ? { errors: ["Insufficient data or no feerate found"], blocks: 0 }
        : { feerate: estimate, blocks: 6 },
  });
}

test("an estimate for each target, to the satoshi", async () => {
  const { estimates } = await nodeFees(node("0.00012345"), "regtest");
  expect(estimates).toEqual(
    [2, 6, 144].map((blocks) => ({ source: "estimatesmartfee", blocks, rateMilli: 12_345n })),
  );
});

test("a node that knows too little says nothing, and still has a floor", async () => {
  expect(await nodeFees(node(undefined), "regtest")).toEqual({ estimates: [], relayMilli: 1000n });
});

test.each([
  ["a full mempool raises it", "0.00002000", "0.00003000", 3000n],
  ["a tenth of a satoshi", "0.00000100", "0.00000100", 100n],
])("the floor: %s", async (_, mempoolminfee, minrelaytxfee, relayMilli) => {
  expect(await nodeFees(node(undefined, mempoolminfee, minrelaytxfee), "regtest")).toMatchObject({
    relayMilli,
  });
});

test("a rate that is no amount of bitcoin is refused, not rounded (F17)", async () => {
  await expect(nodeFees(node("0.000123456"), "regtest")).rejects.toMatchObject({
    code: "NODE_ANSWER_MALFORMED",
  });
});
