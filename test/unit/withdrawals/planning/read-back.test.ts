/** I4, I8: what was built is read back by the code that signers read it with, before anything is stored of it. */
import { expect, test } from "vitest";
import { allAttempts, dearestFee } from "../../../../src/chains/attempts.ts";
import { bitcoinCodec } from "../../../../src/chains/bitcoin/index.ts";
import { FEE_ABSOLUTE_CAP } from "../../../../src/core/policy/fee-caps.ts";
import { readBack } from "../../../../src/withdrawals/planning/build.ts";
import {
  payment,
  planOf,
  snapshotOf,
  testWallet,
  viewOf,
  WIDE_CAPS,
} from "../../../bitcoin/regtest-wallet.ts";
import { expectRefusal } from "../../../bitcoin/refusal.ts";

const wallet = testWallet();
const view = viewOf(wallet);
const rates = { feeRatesMilli: [2000n, 4000n] };
const built = planOf([payment(80_000n)], view, snapshotOf(wallet, [{ units: 200_000n }]), rates);
const read = (plan = built, caps = WIDE_CAPS) => readBack(bitcoinCodec, plan, view, caps);

test("what comes back is what is in the bytes: every attempt, at the fee that the plan states", () => {
  const decoded = read();
  const stated = [...built.rungs, ...(built.cancel === undefined ? [] : [built.cancel])];
  expect(stated).toHaveLength(3);
  expect(allAttempts(decoded).map(({ fee }) => fee.units.toString())).toEqual(
    stated.map(({ feeUnits }) => feeUnits),
  );
  expect(dearestFee(decoded).toString()).toBe(built.cancel?.feeUnits);
});

test("I4: a plan that names another coin than its bytes spend is not stored", () => {
  expect(() => read({ ...built, conflictKeys: ["another"] })).toThrow("compete for the same keys");
});

test("I8: a rung above the cap is not stored, one at the cap is", () => {
  const dearest = built.rungs.at(-1)?.feeUnits ?? "0";
  const less = (BigInt(dearest) - 1n).toString();
  expectRefusal(() => read(built, { ...WIDE_CAPS, absoluteUnitsMax: less }), FEE_ABSOLUTE_CAP);
  expect(() => read(built, { ...WIDE_CAPS, absoluteUnitsMax: dearest })).toThrow("cancel rung");
  const whole = built.cancel?.feeUnits ?? "0";
  expect(read(built, { ...WIDE_CAPS, absoluteUnitsMax: whole }).rungs).toHaveLength(2);
});
