import { feeCapsOf } from "../../../../src/core/policy/fee-caps.ts";
import { describe, expect, test } from "vitest";
import { PLAN, type PlanDocument } from "../../../../src/core/documents/plan.ts";
import { embed, makeDocument } from "../../../../src/core/document.ts";
import { Refusal } from "../../../../src/core/gate.ts";
import { fromBase64, toBase64 } from "../../../../src/core/hex.ts";
import { BITCOIN_CHAINS } from "../../../../src/core/chain.ts";
import type { Policy } from "../../../../src/core/policy/policy.ts";
import { changed, editPsbt, field } from "../../../bitcoin/edit-psbt.ts";
import {
  makeCustody,
  OTHER_PAYEE,
  payout,
  planFor,
  requestFor,
  stateFor,
  type Custody,
} from "../../../factory/custody.ts";
import { policyBody } from "../../../factory/documents.ts";
import { reviewed, signed, after } from "../../../factory/gates.ts";
import { ask, planned } from "../../../factory/requests.ts";
import { codeOf } from "../../../factory/thrown.ts";

const custody = makeCustody();
const state = stateFor(custody);
const one = payout(custody);
const plan = planFor(custody, [one]);

/** The verdict on a request whose plan was replaced. */
function judged(bad: PlanDocument, payouts = [one], world: Custody = custody): string {
  const { previous } = planned(custody, [one]);
  return codeOf(() =>
    reviewed(requestFor(world, payouts, [bad], { previous: [...previous] }), stateFor(world)),
  );
}

/** The verdict on a plan with what it spends. */
const onCoins = (changes: Parameters<typeof planned>[2], payouts = [one]) =>
  codeOf(() => reviewed(ask(custody, [planned(custody, payouts, changes)]), state));

function withBase(
  edit: Parameters<typeof editPsbt>[1],
  changes: Partial<PlanDocument["body"]> = {},
): PlanDocument {
  const base = toBase64(editPsbt(fromBase64(plan.body.base), edit));
  return makeDocument(PLAN, { ...plan.body, base, ...changes });
}

/** The plan with other fees: of its rungs, and of its cancel rung. */
function withFees(rungs: readonly bigint[], cancel?: bigint): PlanDocument {
  const { cancel: own, ...body } = plan.body;
  return makeDocument(PLAN, {
    ...body,
    rungs: rungs.map((fee) => ({ feeUnits: fee.toString() })),
    ...(own === undefined || cancel === undefined ? {} : { cancel: { ...own, feeUnits: cancel.toString() } }),
  });
}

describe("G5 decode", () => {
  test("our builder's bytes decode", () => {
    expect(judged(plan)).toBe("none");
  });

  test("malformed bytes are invalid input (exit 3), refused bytes are denied (exit 4)", () => {
    const broken = makeDocument(PLAN, { ...plan.body, base: "AAAA" });
    const field9 = withBase((psbt) => void psbt.inputs[0]?.push(field(0x09, [1])));
    const exits = [broken, field9].map((bad) => {
      try {
        reviewed(requestFor(custody, [one], [bad]), state);
      } catch (error) {
        return error instanceof Refusal ? [error.gate, error.exit] : error;
      }
      return "none";
    });
    expect(exits).toEqual([
      ["G5", "invalid"],
      ["G8", "denied"],
    ]);
  });

  test("what plans spend comes with the request: all of it, in order, and nothing else", () => {
    const { previous } = planned(custody, [one]);
    const others = planned(custody, [one], { coins: [{ units: 90_000_000n, index: 4 }] }).previous;
    const verdict = (list: readonly string[]) =>
      codeOf(() => reviewed(requestFor(custody, [one], [plan], { previous: [...list] }), state));
    expect(verdict(previous)).toBe("none");
    expect(verdict([])).toBe("G8_PREVIOUS_TRANSACTION_MISSING");
    expect(verdict([...previous, ...others].sort())).toBe("G5_STRAY_PREVIOUS");
    expect(verdict([...previous, ...previous])).toBe("G4_PREVIOUS_UNSORTED");
    const two = [
      { units: 20_000_000n, index: 1 },
      { units: 20_000_000n, index: 2 },
    ];
    const pair = planned(custody, [one], { coins: two });
    const judge = (list: readonly string[]) =>
      codeOf(() => reviewed(ask(custody, [pair], { previous: [...list] }), state));
    expect(judge(pair.previous)).toBe("none");
    expect(judge([...pair.previous].reverse())).toBe("G4_PREVIOUS_UNSORTED");
  });

  test("an own address that is claimed and not derived is no change (attack B3)", () => {
    const other = makeCustody();
    const stolen = withBase((psbt) => {
      const own = psbt.outputs.findIndex((output) => output.length > 0);
      psbt.unsigned = {
        ...psbt.unsigned,
        outputs: changed(psbt.unsigned.outputs, own, (output) => ({
          ...output,
          script: Uint8Array.from(output.script, (byte, i) => (i === 10 ? byte ^ 1 : byte)),
        })),
      };
    });
    expect(judged(stolen, [one], other)).toMatch(/^G[58]_/);
  });

  test("change far above the highest index that this signer signed is refused (attack B7, law 10)", () => {
    const far = { snapshot: { changeIndex: 21 } };
    expect(onCoins(far)).toBe("none");
    // The builder would not build it either: gap 20 above index 1 of the input.
    expect(codeOf(() => planFor(custody, [one], { snapshot: { changeIndex: 22 } }))).toBe(
      "CHANGE_INDEX_AHEAD",
    );
    const next = after(state, signed(ask(custody, [planned(custody, [one], far)]), state));
    const two = payout(custody, { label: "order 78" });
    const farther = planned({ ...custody, wallet: { ...custody.wallet, indexGap: 60 } }, [two], {
      coins: [{ units: 80_000_000n, index: 1 }],
      snapshot: { changeIndex: 41 },
    });
    expect(codeOf(() => reviewed(ask(custody, [farther]), next))).toBe("none");
    expect(codeOf(() => reviewed(ask(custody, [farther]), state))).toBe("G8_CHANGE_INDEX");
  });
});

describe("G6 effects", () => {
  test("a payment to another address than the approved one is refused (Bybit, 2025)", () => {
    const decoy = payout(custody, { address: OTHER_PAYEE });
    const swapped = planFor(custody, [decoy], { plan: { intents: [one.intent.digest] } });
    expect(judged(swapped)).toBe("G6_EFFECT_WITHOUT_INTENT");
  });

  test("another amount is refused", () => {
    const decoy = payout(custody, { units: "25000001" });
    expect(judged(planFor(custody, [decoy], { plan: { intents: [one.intent.digest] } }))).toBe(
      "G6_EFFECT_WITHOUT_INTENT",
    );
  });

  test("a payment beside the approved ones is refused", () => {
    const extra = payout(custody, { label: "extra", units: "1000", address: OTHER_PAYEE });
    expect(judged(planFor(custody, [one, extra], { plan: { intents: [one.intent.digest] } }))).toBe(
      "G6_EFFECT_WITHOUT_INTENT",
    );
  });

  test("one payment does not settle two equal intents", () => {
    const twin = payout(custody, { label: "twin", intent: { beneficiary: one.beneficiary.digest } });
    const payouts = [one, { ...twin, beneficiary: one.beneficiary }];
    const body = { beneficiaries: [embed(one.beneficiary)] };
    const request = (bad: PlanDocument) => requestFor(custody, payouts, [bad], { body });
    const intents = payouts.map(({ intent }) => intent.digest);
    const verdict = (bad: PlanDocument) => codeOf(() => reviewed(request(bad), state));
    expect(verdict(planFor(custody, payouts))).toBe("none");
    expect(verdict(planFor(custody, [one], { plan: { intents } }))).toBe("G6_INTENT_WITHOUT_EFFECT");
  });

  test("conflict keys are those of the bytes, in their order", () => {
    const coins = [
      { units: 20_000_000n, index: 1 },
      { units: 20_000_000n, index: 2 },
    ];
    const { conflictKeys } = planFor(custody, [one], { coins }).body;
    expect(conflictKeys).toHaveLength(2);
    const stated = (keys: string[]) => onCoins({ coins, plan: { conflictKeys: keys } });
    expect(stated(conflictKeys)).toBe("none");
    expect(stated([...conflictKeys].reverse())).toBe("G6_CONFLICT_KEYS_DIFFER");
    expect(stated(conflictKeys.slice(1))).toBe("G6_CONFLICT_KEYS_DIFFER");
  });

  test("two plans do not compete for one coin", () => {
    const two = payout(custody, { label: "order 78", address: OTHER_PAYEE });
    const plans = [plan, planFor(custody, [two])];
    expect(codeOf(() => reviewed(requestFor(custody, [one, two], plans), state))).toBe(
      "G6_COIN_IN_TWO_PLANS",
    );
  });
});

describe("G7 fees", () => {
  const fee = BigInt(plan.body.rungs[0]?.feeUnits ?? "0");
  const cancelFee = BigInt(plan.body.cancel?.feeUnits ?? "0");
  const [rules] = policyBody().chains as [Policy["chains"][number]];
  /** The verdict on the same plan where the policy's caps are others. */
  const capped = (fees: Partial<typeof rules.fees>, of = plan) => {
    const world = makeCustody({ chains: [{ ...rules, fees: { ...rules.fees, ...fees } }] });
    const payouts = [payout(world)];
    const [intents, custodyId] = [payouts.map(({ intent }) => intent.digest), world.id];
    return judged(makeDocument(PLAN, { ...of.body, custody: custodyId, intents }), payouts, world);
  };

  test("the absolute cap, of rungs and of the cancel rung", () => {
    expect(cancelFee).toBeGreaterThan(fee);
    expect(capped({ absoluteUnitsMax: cancelFee.toString() })).toBe("none");
    expect(capped({ absoluteUnitsMax: (cancelFee - 1n).toString() })).toBe("G7_FEE_TOO_HIGH");
    expect(capped({ absoluteUnitsMax: (fee - 1n).toString() })).toBe("G7_FEE_TOO_HIGH");
  });

  test("the cap by size: the builder's rate is 5 sat/vB, the cancel rung's is taken over the largest rung", () => {
    expect(capped({ rateMax: 6 })).toBe("none");
    expect(capped({ rateMax: 5 })).toBe("G7_FEE_RATE_TOO_HIGH");
    expect(capped({ rateMax: 4 })).toBe("G7_FEE_RATE_TOO_HIGH");
  });

  test("the cap as a share of what is paid, also for the cancel rung, which pays nobody itself", () => {
    const of = (units: bigint) => {
      const payouts = [payout(custody, { units: units.toString() })];
      return onCoins({ options: { caps: { ...feeCapsOf(rules), sharePermilleMax: 1000 } } }, payouts);
    };
    // The policy says a tenth.
    expect(of(cancelFee * 10n)).toBe("none");
    expect(of(cancelFee * 10n - 1n)).toBe("G7_FEE_SHARE_TOO_HIGH");
  });

  test("a fee that the plan states wrongly", () => {
    expect(judged(withFees([fee - 1n], cancelFee))).toBe("G8_BASE_FEE_MISSTATED");
  });

  test("a chain without caps is not signed for", () => {
    const other = makeCustody({ chains: [{ ...rules, chain: BITCOIN_CHAINS.mainnet }] });
    const payouts = [payout(other)];
    const intents = payouts.map(({ intent }) => intent.digest);
    const same = makeDocument(PLAN, { ...plan.body, custody: other.id, intents });
    expect(judged(same, payouts, other)).toBe("G7_NO_CAPS");
  });

  test("rungs rise, and not by more than the ladder allows", () => {
    expect(judged(withFees([fee, fee * 2n], fee * 3n))).toBe("none");
    expect(judged(withFees([fee, fee * 4n, fee * 2n], fee * 5n))).toBe("G7_RUNGS_OUT_OF_ORDER");
    expect(judged(withFees([fee, fee], fee * 3n))).toBe("G7_RUNGS_OUT_OF_ORDER");
    expect(judged(withFees([fee, fee * 5n + 1n], fee * 9n))).toBe("G7_LADDER_TOO_STEEP");
    expect(judged(withFees([fee], fee * 5n))).toBe("none");
    expect(judged(withFees([fee], fee * 5n + 1n))).toBe("G7_LADDER_TOO_STEEP");
  });

  test("a cancel rung that nodes would not take in place of the dearest rung is refused (BIP-125)", () => {
    expect(judged(withFees([fee], cancelFee))).toBe("none");
    expect(judged(withFees([fee, cancelFee], cancelFee + 1n))).toBe("G8_CANCEL_TOO_CHEAP");
  });
});
