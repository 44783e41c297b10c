/** Chosen coins and outputs become a plan in its compact form. */
import type { BuiltPlan } from "../adapter.ts";
import { assert, declareError } from "../../core/errors.ts";
import { toBase64 } from "../../core/hex.ts";
import type { Job } from "./build-job.ts";
import { changeIndexMax, conflictKeysOf } from "./decode.ts";
import { lockTimeOf } from "./lock-time.ts";
import type { NewOutput } from "./payments.ts";
import { newPsbt } from "./psbt.ts";
import { seedFor, shuffled } from "./shuffle.ts";
import { previousOf, provenCoinKey } from "./snapshot-coins.ts";
import type { SpentCoin } from "./snapshot.ts";
import type { Transaction } from "./transaction.ts";
import { derivationsOf } from "./wallet-claims.ts";

export const CHANGE_INDEX_AHEAD = declareError(
  "CHANGE_INDEX_AHEAD",
  "conflict",
  "A snapshot's change index is further ahead than the signer would accept.",
);

/** Signals replaceability (BIP-125) and keeps the lock time in force, without a relative lock (BIP-68). */
const SEQUENCE = 0xffff_fffd;

/**
 * Inputs and outputs stand in orders of their own that the snapshot's seed decides.
 * @param fees of the rungs, in satoshis @throws CHANGE_INDEX_AHEAD, SNAPSHOT_INCONSISTENT
 */
export function assemble(
  job: Job,
  selected: readonly SpentCoin[],
  outputs: readonly NewOutput[],
  fees: readonly bigint[],
  cancelUnits: bigint | undefined,
): BuiltPlan {
  const { descriptor, snapshot, parents, change } = job;
  assertChangeIndex(job, selected);
  const coins = shuffled(selected, seedFor(snapshot.seed, "inputs"));
  const ordered = shuffled(outputs, seedFor(snapshot.seed, "outputs"));
  const keys = coins.map((coin) => provenCoinKey(coin, descriptor, parents));
  const unsigned: Transaction = {
    version: 2,
    inputs: coins.map(({ txid, vout }) => ({
      txid,
      vout,
      scriptSig: new Uint8Array(),
      sequence: SEQUENCE,
      witness: [],
    })),
    outputs: ordered.map(({ units, script }) => ({ units, script })),
    lockTime: lockTimeOf(snapshot),
  };
  const base = newPsbt(
    unsigned,
    keys.map((key) => ({ derivations: derivationsOf(key) })),
    ordered.map(({ key }) => ({ derivations: key === undefined ? [] : derivationsOf(key) })),
  );
  const hasChange = outputs.some(({ key }) => key === change);
  assert(hasChange || fees.length === 1, "change bears what the fee is raised by");
  return {
    conflictKeys: [...conflictKeysOf(unsigned.inputs, descriptor)],
    base: toBase64(base),
    rungs: fees.map((fee) => ({ feeUnits: fee.toString() })),
    ...(cancelUnits === undefined
      ? {}
      : { cancel: { feeUnits: cancelUnits.toString(), changeIndex: change.index } }),
    previous: previousOf(coins, parents),
    changeIndex: hasChange ? change.index : undefined,
  };
}

// The same rule as the signer's (law 10): better refused here than after people have approved.
function assertChangeIndex({ view, snapshot }: Job, coins: readonly SpentCoin[]): void {
  const { changeIndex } = snapshot;
  const last = changeIndexMax(coins, view);
  if (changeIndex <= last) return;
  throw CHANGE_INDEX_AHEAD(
    `change would go to index ${changeIndex}, the gap of ${view.wallet.indexGap} reaches as far as ${last}`,
    {
      field: "snapshot.changeIndex",
      hint: "use the lowest unused change index",
    },
  );
}
