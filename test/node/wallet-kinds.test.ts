/** What a real node says of every kind of wallet: its addresses, its coins, and spends by the fewest keys and by all. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { startBitcoind, type Regtest } from "../../demo/regtest.ts";
import type { DecodedAttempt } from "../../src/chains/adapter.ts";
import type { BitcoinAttempt } from "../../src/chains/bitcoin/attempt.ts";
import { deriveAddress } from "../../src/chains/bitcoin/descriptor.ts";
import { combine } from "../../src/chains/bitcoin/finalize.ts";
import { KINDS } from "../../src/chains/bitcoin/kinds/table.ts";
import { decodePlan, expandPlan } from "../../src/chains/bitcoin/plan-attempts.ts";
import { verifySignatures } from "../../src/chains/bitcoin/signature.ts";
import { toBase64, toHex } from "../../src/core/hex.ts";
import { bitcoindNode } from "../../src/nodes/bitcoind/node.ts";
import {
  payment,
  planOf,
  signAll,
  viewOf,
  walletOfKind,
  type TestWallet,
} from "../bitcoin/regtest-wallet.ts";
import { chosen } from "./chosen.ts";

const verdicts = z
  .array(
    z.object({
      allowed: z.boolean(),
      vsize: z.number().optional(),
      txid: z.string(),
      "reject-reason": z.string().optional(),
    }),
  )
  .length(1);
const branches = z.array(z.array(z.string())).length(2);
const origins = z.array(z.object({ master_fingerprint: z.string() })).default([]);
const read = z.object({
  inputs: z.array(z.object({ bip32_derivs: origins, taproot_bip32_derivs: origins })),
});

let regtest: Regtest;
beforeAll(async () => {
  regtest = await startBitcoind();
  await regtest.mine(101);
});
afterAll(() => regtest.stop());

const sentences = ["kinds, one", "kinds, two", "kinds, three"];
const WALLETS: readonly (readonly [string, TestWallet])[] = [
  ...KINDS.map(({ kind }) => [kind, walletOfKind(kind, { sentences })] as const),
  ["p2tr-sortedmulti, extended", walletOfKind("p2tr-sortedmulti", { sentences, internalKey: "extended" })],
];

describe.each(WALLETS)("%s", (_, wallet) => {
  const { descriptor, seeds } = wallet;

  test("bitcoind derives our addresses from our descriptor", async () => {
    const theirs = await regtest.rpc.read("deriveaddresses", [descriptor.text, [0, 20]], branches);
    ([0, 1] as const).forEach((branch) => {
      const ours = (__: string, index: number) => deriveAddress(descriptor, branch, index).address;
      expect(theirs[branch]).toEqual(theirs[branch]?.map(ours));
    });
  });

  test("its coins are found, and its mempool takes what any quorum signs", async () => {
    for (const index of [0, 1]) await regtest.fund(deriveAddress(descriptor, 0, index).address, "0.3");
    const view = viewOf(wallet, 1);
    const snapshot = await bitcoindNode({ rpc: regtest.rpc, network: "regtest" }).snapshot(view);
    expect(snapshot.coins).toHaveLength(2);
    const plan = planOf([payment(40_000_000n)], view, chosen(snapshot), { feeRatesMilli: [2000n, 9000n] });
    const { rungs, cancel } = decodePlan(plan, plan.previous, view);
    for (const quorum of [seeds.slice(0, descriptor.threshold), seeds.slice(-descriptor.threshold), seeds]) {
      for (const attempt of [...rungs, cancel as DecodedAttempt<BitcoinAttempt>]) {
        const signatures = signAll(wallet, attempt.tx, quorum);
        verifySignatures(attempt.tx, signatures);
        const hex = toHex(combine(attempt.tx, signatures));
        const [verdict] = await regtest.rpc.read("testmempoolaccept", [[hex]], verdicts);
        expect(verdict).toMatchObject({ allowed: true, txid: attempt.transaction });
        const counted = attempt.fee.virtualSize - (verdict?.vsize ?? 0);
        expect(counted).toBeGreaterThanOrEqual(0);
        expect(counted).toBeLessThanOrEqual(2 * descriptor.threshold);
      }
    }
    // The node's own reader of PSBTs finds every key in ours.
    const [whole] = expandPlan(plan, plan.previous, view);
    const { inputs } = await regtest.rpc.read("decodepsbt", [toBase64(whole as Uint8Array)], read);
    const named = inputs.map((input) => [...input.bip32_derivs, ...input.taproot_bip32_derivs].length);
    expect(named).toEqual([seeds.length, seeds.length]);
  });
});
