/** Coins of a wallet of several keys. */
import { addressOfScript, bitcoinBuilder } from "../../../../src/chains/bitcoin/index.ts";
import { parseDescriptor, writeDescriptor } from "../../../../src/chains/bitcoin/descriptor.ts";
import { scriptOf } from "../../../../src/chains/bitcoin/script.ts";
import type { AccountId } from "../../../../src/core/account.ts";
import { SAT_PER_VBYTE } from "../../../../src/core/asset.ts";
import type { Policy } from "../../../../src/core/policy/policy.ts";
import { snapshotOf, type TestCoin, type TestWallet } from "../../../bitcoin/regtest-wallet.ts";
import { BTC, policyBody, REGTEST } from "../../../factory/documents.ts";
import { fixtureBytes, fixtureDigest } from "../../../factory/identities.ts";
import type { CoinSet, Ground } from "./ground.ts";

export const COINS: Readonly<Record<CoinSet, TestCoin>> = {
  a: { units: 30_000_000n, index: 1 },
  b: { units: 31_000_000n, index: 2 },
  c: { units: 32_000_000n, index: 3 },
  d: { units: 33_000_000n, index: 4 },
  e: { units: 34_000_000n, index: 5 },
  f: { units: 35_000_000n, index: 6 },
};

const [rules] = policyBody().chains as [Policy["chains"][number]];

export const BITCOIN: Ground = {
  name: "bitcoin",
  chain: REGTEST,
  asset: BTC,
  idle: [],
  events: [],
  quorum: { threshold: 2, holders: 3 },
  paymentsMax: Infinity,
  rules,
  unitsOf: (satoshi) => satoshi,
  accountOf(label) {
    const script = scriptOf("p2wpkh", fixtureBytes(label).subarray(0, 20));
    return `${REGTEST}:${addressOfScript(script, "regtest")?.address}` as AccountId;
  },
  walletOf(name, threshold, signers) {
    const keys = signers.map(({ cosigner }) => cosigner);
    return {
      name,
      chain: REGTEST,
      descriptor: writeDescriptor({ kind: "p2wsh-sortedmulti", threshold, keys }, "regtest").text,
      threshold,
      signers: signers.map(({ who }) => who.name),
      foreign: 0,
      indexGap: 20,
      exactlyOnce: "signers",
    };
  },
  build({ view, payments, task, sets, caps, options }) {
    const descriptor = parseDescriptor(view.wallet.descriptor, "regtest");
    // Coins are told apart by their parents, which are numbered: every set keeps its own, whichever others are with it.
    const all = snapshotOf({ network: "regtest", descriptor } as TestWallet, Object.values(COINS));
    const chosen = all.coins.filter(({ index }) => sets.some((set) => COINS[set].index === index));
    return bitcoinBuilder.build(
      task ?? { type: "pay", payments },
      view,
      { ...all, coins: chosen },
      {
        feeRatesMilli: [BigInt(all.feeRateMilli), 2n * BigInt(all.feeRateMilli)],
        caps,
        anchors: chosen.map(({ txid, vout }) => `${REGTEST}:outpoint:${txid}:${vout}`),
        ...options,
      },
    );
  },
  // Fields of a PSBT are changed one by one in rows B1 to B27.
  rewrites: () => [],
  greed: {
    caps: {
      ...rules.fees,
      rateUnit: SAT_PER_VBYTE,
      absoluteUnitsMax: "10000000",
      rateMax: 10_000,
      ladderRatioMax: 1000,
    },
    feeRatesMilli: [10_000n, 900_000n],
  },
  elsewhere: (_, label) => ({ spentBy: fixtureDigest(label) }),
  learn: () => undefined,
  takerOf: (transaction) => ({ spentBy: transaction }),
};
