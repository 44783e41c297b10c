/** What every task of the builder is built from: the wallet, its coins, the rungs' rates, and where change goes. */
import { SAT_PER_VBYTE } from "../../core/asset.ts";
import { formatFeeRate, milliOf } from "../../core/fee-rate.ts";
import type { BuildOptions, WalletView } from "../adapter.ts";
import { declareError } from "../../core/errors.ts";
import { LIMITS } from "../../core/limits.ts";
import { changeDust, type WalletShape } from "./coins/candidates.ts";
import type { Selection } from "./coins/select.ts";
import { deriveKey, type Descriptor, type WalletKey } from "./descriptor.ts";
import type { Ancestors, LadderTask } from "./ladder.ts";
import type { NewOutput } from "./payments.ts";
import { INCREMENTAL_RATE_MILLI } from "./replacement.ts";
import { coinsBehind, matureCoins, parentsOf, type Parents } from "./snapshot-coins.ts";
import type { BitcoinCoin, BitcoinSnapshot, SpentCoin } from "./snapshot.ts";
import { walletDescriptor } from "./wallet.ts";
import { transactionWeight, varyingSignatures } from "./weight.ts";

export const FEE_RATES_INVALID = declareError(
  "FEE_RATES_INVALID",
  "usage",
  "The fee rates of a plan's rungs are none, too many, or do not rise.",
);

export type Job = {
  readonly descriptor: Descriptor;
  readonly view: WalletView;
  readonly snapshot: BitcoinSnapshot;
  readonly options: BuildOptions;
  readonly parents: Parents;
  readonly mature: readonly BitcoinCoin[];
  readonly anchors: readonly SpentCoin[];
  /** Of the rungs, at least the node's floor and each above the one before; the first is the cheapest rung's. */
  readonly ratesMilli: readonly bigint[];
  readonly change: WalletKey;
  readonly shape: WalletShape;
};

/** @throws FEE_RATES_INVALID, COIN_MISSING for an anchor that is gone */
export function openJob(view: WalletView, snapshot: BitcoinSnapshot, options: BuildOptions): Job {
  const descriptor = walletDescriptor(view);
  const parents = parentsOf(snapshot);
  const change = deriveKey(descriptor, 1, Math.min(snapshot.changeIndex, LIMITS.addressIndexMax));
  return {
    descriptor,
    view,
    snapshot,
    options,
    parents,
    mature: matureCoins(snapshot),
    anchors: coinsBehind(options.anchors, [...snapshot.coins, ...snapshot.unconfirmed], view.network),
    ratesMilli: rungRates(options, BigInt(snapshot.relayRateMilli)),
    change,
    shape: {
      input: descriptor,
      changeScript: change.script,
      parentBytes: (txid) => parents.get(txid)?.stripped.length ?? 0,
    },
  };
}

function rungRates({ feeRatesMilli, caps }: BuildOptions, floorMilli: bigint): readonly bigint[] {
  const rising = feeRatesMilli.every((rate, i) => rate > (feeRatesMilli[i - 1] ?? -1n));
  if (!rising || feeRatesMilli.length === 0 || feeRatesMilli.length > LIMITS.ladderRungsMax) {
    throw FEE_RATES_INVALID(
      `fee rates: ${feeRatesMilli.map((rate) => formatFeeRate(rate, SAT_PER_VBYTE)).join(", ")}`,
      {
        field: "feeRatesMilli",
        hint: `give 1 to ${LIMITS.ladderRungsMax} rates, each above the one before`,
      },
    );
  }
  const floored = feeRatesMilli.map((rate) => (rate < floorMilli ? floorMilli : rate));
  const capMilli = milliOf(caps.rateMax);
  return floored.filter((rate, i) => i === 0 || (rate > (floored[i - 1] as bigint) && rate <= capMilli));
}

/** @param paidUnits as `LadderTask` has it */
export function ladderTask(
  { descriptor, shape, options, ratesMilli, snapshot }: Job,
  outputs: readonly NewOutput[],
  { coins, feeUnits, changeUnits }: Selection,
  { paidUnits, ancestors }: { readonly paidUnits: bigint | undefined; readonly ancestors: Ancestors },
): LadderTask {
  const relay = BigInt(snapshot.relayRateMilli);
  const scripts = outputs.map(({ script }) => script);
  return {
    weight: transactionWeight(coins.length, descriptor, scripts),
    signatures: varyingSignatures(coins.length, descriptor),
    baseUnits: feeUnits,
    changeUnits,
    dustUnits: changeDust(shape),
    paidUnits,
    ratesMilli,
    incrementalMilli: relay > INCREMENTAL_RATE_MILLI ? relay : INCREMENTAL_RATE_MILLI,
    caps: options.caps,
    budgetUnits: options.budgetUnits,
    ancestors,
  };
}

export function changeOutput({ change }: Job, units: bigint): NewOutput {
  return { units, script: change.script, key: change };
}

/** What must be mined with a coin, where no block holds it yet. */
export function ancestorsOf({ snapshot }: Job, coins: readonly SpentCoin[]): Ancestors {
  const waiting = snapshot.unconfirmed.filter((coin) =>
    coins.some(({ txid, vout }) => txid === coin.txid && vout === coin.vout),
  );
  return {
    virtualSize: waiting.reduce((total, { ancestors }) => total + ancestors.virtualSize, 0),
    feeUnits: waiting.reduce((total, { ancestors }) => total + BigInt(ancestors.feeUnits), 0n),
  };
}
