/** What a real mempool takes: each rung for the one before, the cancel rung for all. Other kinds: wallet-kinds.test.ts. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { startBitcoind, type Regtest } from "../../demo/regtest.ts";
import type { BuiltPlan, DecodedAttempt, WalletView } from "../../src/chains/adapter.ts";
import type { BitcoinAttempt } from "../../src/chains/bitcoin/attempt.ts";
import { deriveAddress } from "../../src/chains/bitcoin/descriptor.ts";
import { combine, isComplete } from "../../src/chains/bitcoin/finalize.ts";
import { decodePlan } from "../../src/chains/bitcoin/plan-attempts.ts";
import { verifySignatures } from "../../src/chains/bitcoin/signature.ts";
import { toHex } from "../../src/core/hex.ts";
import { bitcoindNode } from "../../src/nodes/bitcoind/node.ts";
import {
  multisigWallet,
  payment,
  planOf,
  signAll,
  testWallet,
  viewOf,
  type TestSeed,
  type TestWallet,
} from "../bitcoin/regtest-wallet.ts";
import { chosen } from "./chosen.ts";

const text = z.string();
const verdict = z.array(z.object({ allowed: z.boolean(), "reject-reason": z.string().optional() })).length(1);
const mempool = z.array(text);

let regtest: Regtest;
beforeAll(async () => {
  regtest = await startBitcoind();
  await regtest.mine(101);
});
afterAll(() => regtest.stop());

const single = testWallet("cancel rung, one key");
const multisig = multisigWallet(2);

/** Coins on the chain, then a plan of three rungs and a cancel rung, as the node's own snapshot allows. */
async function plannedOn(wallet: TestWallet): Promise<{ plan: BuiltPlan; view: WalletView }> {
  for (const index of [0, 1]) await regtest.fund(deriveAddress(wallet.descriptor, 0, index).address, "0.3");
  const view = viewOf(wallet, 1);
  const snapshot = await bitcoindNode({ rpc: regtest.rpc, network: "regtest" }).snapshot(view);
  const feeRatesMilli = [2000n, 2100n, 9000n];
  return { plan: planOf([payment(40_000_000n)], view, chosen(snapshot), { feeRatesMilli }), view };
}

function signedBytes(
  wallet: TestWallet,
  { tx }: DecodedAttempt<BitcoinAttempt>,
  seeds = wallet.seeds,
): string {
  const signatures = signAll(wallet, tx, seeds);
  verifySignatures(tx, signatures);
  expect(isComplete(tx, signatures)).toBe(true);
  return toHex(combine(tx, signatures));
}

async function refusal(hex: string): Promise<string | undefined> {
  const [answer] = await regtest.rpc.read("testmempoolaccept", [[hex]], verdict);
  return answer?.allowed === true ? undefined : answer?.["reject-reason"];
}

describe.each([
  ["P2WPKH", single],
  ["2-of-3 P2WSH", multisig],
])("%s", (_, wallet) => {
  test("each rung replaces the one before, the cancel rung replaces the dearest, nothing replaces it", async () => {
    const { plan, view } = await plannedOn(wallet);
    const { rungs, cancel } = decodePlan(plan, plan.previous, view);
    expect(rungs).toHaveLength(3);
    const attempts = [...rungs, cancel as (typeof rungs)[number]];
    for (const [place, attempt] of attempts.entries()) {
      const hex = signedBytes(wallet, attempt);
      expect(await refusal(hex), `attempt ${place}`).toBeUndefined();
      expect(await regtest.rpc.write("sendrawtransaction", [hex], text)).toBe(attempt.transaction);
      expect(await regtest.rpc.read("getrawmempool", [], mempool)).toEqual([attempt.transaction]);
    }
    for (const rung of rungs) expect(await refusal(signedBytes(wallet, rung))).toContain("insufficient fee");
    await regtest.mine(1);
    expect(await regtest.rpc.read("getrawmempool", [], mempool)).toEqual([]);
    const node = bitcoindNode({ rpc: regtest.rpc, network: "regtest" });
    expect(await node.status(cancel?.transaction ?? "")).toMatchObject({ state: "included" });
  });

  test("the cancel rung replaces the cheapest rung directly", async () => {
    const { plan, view } = await plannedOn(wallet);
    const { rungs, cancel } = decodePlan(plan, plan.previous, view);
    const [cheapest] = rungs as [(typeof rungs)[number]];
    await regtest.rpc.write("sendrawtransaction", [signedBytes(wallet, cheapest)], text);
    await regtest.rpc.write("sendrawtransaction", [signedBytes(wallet, cancel as typeof cheapest)], text);
    expect(await regtest.rpc.read("getrawmempool", [], mempool)).toEqual([cancel?.transaction]);
    await regtest.mine(1);
  });
});

test("any two of three keys complete a spend, one does not, and all three give two of them", async () => {
  const { plan, view } = await plannedOn(multisig);
  const [attempt] = decodePlan(plan, plan.previous, view).rungs as [DecodedAttempt<BitcoinAttempt>];
  const [a, b, c] = multisig.seeds as [TestSeed, TestSeed, TestSeed];
  for (const pair of [
    [a, b],
    [b, c],
    [c, a],
    [a, b, c],
  ])
    expect(await refusal(signedBytes(multisig, attempt, pair))).toBeUndefined();
  expect(isComplete(attempt.tx, signAll(multisig, attempt.tx, [b]))).toBe(false);
});
