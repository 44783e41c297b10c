import { expect, test } from "vitest";
import { feeRates } from "../../../src/nodes/bitcoind/fee-rate.ts";
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

test.each([
  ["the estimate between floor and cap", node("0.00012345"), 12_345n, "estimatesmartfee 6"],
  ["the cap itself", node("0.00100000"), 100_000n, "estimatesmartfee 6"],
  ["an oracle that lies is capped", node("0.10000000"), 100_000n, "cap below estimatesmartfee 6"],
  ["no estimate: the relay floor", node(undefined), 1000n, "relay floor"],
  ["an estimate below the floor: the relay floor", node("0.00000500"), 1000n, "relay floor"],
  ["a full mempool raises the floor", node("0.00002000", "0.00003000"), 3000n, "relay floor"],
  ["a floor of a tenth of a satoshi", node(undefined, "0.00000100", "0.00000100"), 100n, "relay floor"],
])("%s", async (_, rpc, rateMilli, source) => {
  expect(await feeRates(rpc, "regtest", 100)).toMatchObject({ rateMilli, source });
});

test("a floor at the cap is used, a floor above it is refused", async () => {
  expect(await feeRates(node(undefined, "0.00100000"), "regtest", 100)).toMatchObject({
    rateMilli: 100_000n,
  });
  await expect(feeRates(node(undefined, "0.00100001"), "regtest", 100)).rejects.toMatchObject({
    code: "FEE_FLOOR_ABOVE_CAP",
    exit: "denied",
  });
});
