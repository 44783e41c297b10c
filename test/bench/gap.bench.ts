/**
 * Row `gap`: the bytes of a real request, with its papers and signatures, against the plain PSBTs (BIP-174) of its rungs,
 * which are what would cross otherwise. 200 inputs, three rungs and a cancel rung; a wallet of one key, and 2 of 3.
 * Sizes, not times: one measurement is exact. Then the frames and the time that they take. Regtest keys.
 */
import { expandPlan } from "../../src/chains/bitcoin/plan-attempts.ts";
import { documentBytes } from "../../src/core/document.ts";
import { assert } from "../../src/core/errors.ts";
import type { PolicyWallet } from "../../src/core/policy/policy.ts";
import { multisigWallet } from "../bitcoin/regtest-wallet.ts";
import {
  builtFor,
  makeCustody,
  payout,
  planFor,
  previousOf,
  requestFor,
  viewOf,
} from "../factory/custody.ts";
import { noise } from "../factory/noise.ts";
import { gapFrames, gapTime } from "./gap-frames.ts";
import type { Row } from "./row.ts";

const INPUTS = 200;
const COIN_UNITS = 100_000n;
/** Such that the cancel rung, dearer than all of them, keeps within the policy's caps for 2 of 3 keys. */
const RATES_MILLI = [1000n, 1500n, 2000n];
/** Addresses that the policy's index gap lets a signer look for. */
const INDICES = 10;

type Crossed = {
  readonly document: Uint8Array;
  readonly request: number;
  readonly rungs: number;
  readonly withCancel: number;
};

export async function gap(): Promise<readonly Row[]> {
  const single = crossed();
  const several = crossed({ descriptor: multisigWallet(2).descriptor.text, threshold: 2 });
  const messages = [
    { name: `request of ${INPUTS} inputs`, bytes: single.document },
    { name: "100 kB", bytes: noise(100_000) },
  ];
  return [sizes(single, several), gapFrames(messages), gapTime(messages)];
}

function sizes(single: Crossed, several: Crossed): Row {
  return {
    name: "gap",
    unit: "bytes",
    ours: single.request,
    floor: single.withCancel,
    peers: {},
    ratio: single.request / single.withCancel,
    goal: "request at most half of the plain PSBTs of its rungs",
    notes: [
      `${INPUTS} inputs, ${RATES_MILLI.length} rungs and a cancel rung; previous transactions have one input and two outputs`,
      `2-of-3 P2WSH: request ${several.request} bytes, plain PSBTs ${several.withCancel} bytes, ratio ${ratio(several.withCancel, several)}`,
      `without the cancel rung's PSBT, which the request carries: ${ratio(single.rungs, single)}, 2-of-3 ${ratio(several.rungs, several)}`,
    ],
  };
}

/** What crosses for a payment that needs every coin of a wallet with `changes`. */
function crossed(changes: Partial<PolicyWallet> = {}): Crossed {
  const wallet = { ...makeCustody().wallet, ...changes };
  const custody = { ...makeCustody({ wallets: [wallet] }), wallet };
  const coins = Array.from({ length: INPUTS }, (_, place) => ({ units: COIN_UNITS, index: place % INDICES }));
  // At the dearest of these rates an input of one key costs 136 sat, one of 2 of 3 keys 210.
  const payouts = [payout(custody, { units: String(BigInt(INPUTS) * (COIN_UNITS - 500n)) })];
  const how = { coins, options: { feeRatesMilli: RATES_MILLI } };
  const built = builtFor(custody, payouts, how);
  const request = requestFor(custody, payouts, [planFor(custody, payouts, how)], {
    previous: previousOf([built]),
  });
  const lengths = expandPlan(built, built.previous, viewOf(custody)).map(({ length }) => length);
  assert(built.conflictKeys.length === INPUTS, "every coin is spent");
  assert(lengths.length === RATES_MILLI.length + 1, "there is a cancel rung");
  const document = documentBytes(request);
  return {
    document,
    request: document.length,
    rungs: sum(lengths.slice(0, RATES_MILLI.length)),
    withCancel: sum(lengths),
  };
}

function ratio(floor: number, { request }: Crossed): string {
  return `${(request / floor).toFixed(2)}x`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
