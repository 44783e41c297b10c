/** An account's payment through the whole signer: the gates know nothing of the chain, its codec everything (issue of EVM). */
import { decodePlan } from "../../../../src/chains/evm/plan-attempts.ts";
import { describe, expect, test } from "vitest";
import { Transaction } from "ethers";
import { evmCodec } from "../../../../src/chains/evm/index.ts";
import { parseSigned } from "../../../../src/chains/evm/transaction.ts";
import { toHex } from "../../../../src/core/hex.ts";
import {
  ANVIL,
  evmCustody,
  evmPayout,
  evmPlan,
  evmRequest,
  ownAccount,
  stranger,
} from "../../../factory/evm-account.ts";
import { stateFor, viewOf } from "../../../factory/custody.ts";
import { after, signed } from "../../../factory/gates.ts";
import { codeOf } from "../../../factory/thrown.ts";

const custody = evmCustody();
const state = stateFor(custody);
const ONE = 10n ** 18n;

describe("a payment from an account", () => {
  const payouts = [evmPayout(custody)];
  const plan = evmPlan(custody, payouts);

  test("is reviewed from its bytes, signed for each rung and the cancel rung, and complete", () => {
    const { outcome } = signed(evmRequest(custody, payouts, [plan]), state).receipt.body;
    if (outcome.type !== "signed") throw new TypeError("a good request is signed");
    const [reviewed] = outcome.review.plans;
    expect(reviewed?.quorum).toBe("1 of 1");
    expect(reviewed?.rungs.map(({ effects }) => effects)).toEqual(
      reviewed?.rungs.map(() => [
        expect.objectContaining({ type: "pay", account: stranger(), units: ONE.toString() }),
      ]),
    );
    const decoded = decodePlan(plan.body, [], viewOf(custody));
    const attempts = [...decoded.rungs, ...(decoded.cancel === undefined ? [] : [decoded.cancel])];
    expect(attempts).toHaveLength(4);
    outcome.plans[0]?.rungs.forEach(({ signatures, transaction }, place) => {
      const attempt = attempts[place] as (typeof attempts)[number];
      expect(transaction).toBe(attempt.transaction);
      evmCodec.verifySignatures(attempt.tx, signatures);
      expect(evmCodec.isComplete(attempt.tx, signatures)).toBe(true);
      const bytes = evmCodec.combine(attempt.tx, signatures);
      expect(parseSigned(bytes, ANVIL).transaction).toEqual(attempt.tx.transaction);
      // A second implementation reads the same payment, from the same account.
      const theirs = Transaction.from(`0x${toHex(bytes)}`);
      expect([theirs.from, theirs.nonce, theirs.chainId]).toEqual([ownAccount().address, 7, 31337n]);
      expect(theirs.unsignedHash).toBe(`0x${attempt.transaction}`);
    });
  });

  test("its attempts compete for one nonce, each a valid replacement of the one before", () => {
    const { rungs, cancel } = decodePlan(plan.body, [], viewOf(custody));
    const fees = [...rungs, cancel].map((attempt) => attempt?.tx.transaction);
    expect(plan.body.conflictKeys).toEqual([`${ANVIL}:nonce:${ownAccount().address}:7`]);
    fees.slice(1).forEach((fee, place) => {
      const before = fees[place];
      if (fee?.type !== 2 || before?.type !== 2) throw new TypeError("a chain with base fees");
      expect(fee.maxFeePerGas * 10n).toBeGreaterThanOrEqual(before.maxFeePerGas * 11n);
      expect(fee.maxPriorityFeePerGas * 10n).toBeGreaterThanOrEqual(before.maxPriorityFeePerGas * 11n);
    });
    expect(cancel?.effects).toEqual([expect.objectContaining({ type: "change", units: 0n })]);
  });

  test("F3: once more over another nonce it is refused, over the same one it is signed", () => {
    const before = after(state, signed(evmRequest(custody, payouts, [plan]), state));
    const again = (nonce: string) => {
      const other = evmPlan(custody, payouts, {
        snapshot: { nonce, tipWei: "2000000000" },
        options: { feeRatesMilli: [40_000n] },
      });
      return codeOf(() => signed(evmRequest(custody, payouts, [other]), before));
    };
    expect(again("8")).toBe("G10_NO_SHARED_COIN");
    expect(again("7")).toBe("none");
  });
});

describe("what people did not approve is refused", () => {
  const payouts = [evmPayout(custody)];
  const refused = (plan: ReturnType<typeof evmPlan>) =>
    codeOf(() => signed(evmRequest(custody, payouts, [plan]), state));
  const paying = (changes: Parameters<typeof evmPayout>[1]) =>
    refused(
      evmPlan(custody, [evmPayout(custody, changes)], {
        plan: { intents: payouts.map((one) => one.intent.digest) },
      }),
    );

  test("another destination, another amount; the approved one is signed", () => {
    expect(paying({ to: stranger("mallory") })).toBe("G6_EFFECT_WITHOUT_INTENT");
    expect(paying({ units: (2n * ONE).toString() })).toBe("G6_EFFECT_WITHOUT_INTENT");
    expect(paying({})).toBe("none");
  });

  test("another nonce than the plan names, and a fee that it does not state", () => {
    const plan = evmPlan(custody, payouts);
    const with_ = (changes: Partial<typeof plan.body>) =>
      refused(evmPlan(custody, payouts, { plan: changes }));
    expect(with_({ conflictKeys: [`${ANVIL}:nonce:${ownAccount().address}:8`] })).toBe(
      "G6_CONFLICT_KEYS_DIFFER",
    );
    const [first, ...others] = plan.body.rungs;
    const dearer = { feeUnits: (BigInt(first?.feeUnits ?? 0) + 21_000n).toString() };
    expect(with_({ rungs: [dearer, ...others] })).toBe("G8_EVM_BASE_FEE_MISSTATED");
  });

  test("a fee above a cap of the policy", () => {
    const [rules] = custody.policy.body.chains;
    const tight = { ...(rules as NonNullable<typeof rules>) };
    const strict = evmCustody({ chains: [{ ...tight, fees: { ...tight.fees, rateMax: 40 } }] });
    const own = [evmPayout(strict)];
    const dear = evmPlan(custody, payouts);
    const { base, rungs, cancel, conflictKeys } = dear.body;
    const plan = evmPlan(strict, own, { plan: { base, rungs, conflictKeys, ...(cancel && { cancel }) } });
    expect(codeOf(() => signed(evmRequest(strict, own, [plan]), stateFor(strict)))).toBe(
      "G7_FEE_RATE_TOO_HIGH",
    );
    expect(codeOf(() => signed(evmRequest(strict, own, [evmPlan(strict, own)]), stateFor(strict)))).toBe(
      "none",
    );
  });
});
