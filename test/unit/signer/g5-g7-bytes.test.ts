import { describe, expect, test } from "vitest";
import { bitcoinCodec } from "../../../src/chains/bitcoin/index.ts";
import { PLAN, type PlanDocument } from "../../../src/core/documents/plan.ts";
import { embed, makeDocument } from "../../../src/core/document.ts";
import { Refusal } from "../../../src/core/gate.ts";
import { fromBase64, toBase64 } from "../../../src/core/hex.ts";
import type { Policy } from "../../../src/core/policy/policy.ts";
import { changed, editPsbt, field } from "../../bitcoin/edit-psbt.ts";
import {
  COINS,
  makeCustody,
  OTHER_PAYEE,
  payout,
  planFor,
  requestFor,
  stateFor,
  type Custody,
} from "../../factory/custody.ts";
import { policyBody } from "../../factory/documents.ts";
import { reviewed, signed, after } from "../../factory/gates.ts";
import { codeOf } from "../../factory/thrown.ts";

const custody = makeCustody();
const state = stateFor(custody);
const one = payout(custody);
const plan = planFor(custody, [one]);

/** The verdict on a request whose plan was replaced. */
function judged(bad: PlanDocument, payouts = [one], world: Custody = custody): string {
  return codeOf(() => reviewed(requestFor(world, payouts, [bad]), stateFor(world)));
}

function withPsbt(
  edit: Parameters<typeof editPsbt>[1],
  changes: Partial<PlanDocument["body"]> = {},
): PlanDocument {
  const [rung] = plan.body.rungs;
  const psbt = toBase64(editPsbt(fromBase64(rung?.psbt ?? ""), edit));
  return makeDocument(PLAN, { ...plan.body, rungs: [{ psbt, feeUnits: rung?.feeUnits ?? "" }], ...changes });
}

describe("G5 decode", () => {
  test("our builder's bytes decode", () => {
    expect(judged(plan)).toBe("none");
  });

  test("malformed bytes are invalid input (exit 3), refused bytes are denied (exit 4)", () => {
    const broken = makeDocument(PLAN, { ...plan.body, rungs: [{ psbt: "AAAA", feeUnits: "1" }] });
    const field9 = withPsbt((psbt) => void psbt.inputs[0]?.push(field(0x09, [1])));
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
      ["G5", "denied"],
    ]);
  });

  test("an own address that is claimed and not derived is no change (attack B3)", () => {
    const other = makeCustody();
    const stolen = withPsbt((psbt) => {
      const own = psbt.outputs.findIndex((output) => output.length > 0);
      psbt.unsigned = {
        ...psbt.unsigned,
        outputs: changed(psbt.unsigned.outputs, own, (output) => ({
          ...output,
          script: Uint8Array.from(output.script, (byte, i) => (i === 10 ? byte ^ 1 : byte)),
        })),
      };
    });
    expect(judged(stolen, [one], other)).toMatch(/^G5_/);
  });

  test("change far above the highest index that this signer signed is refused (attack B7, law 10)", () => {
    const far = planFor(custody, [one], { snapshot: { changeIndex: 21 } });
    expect(judged(far)).toBe("none");
    // The builder would not build it either: gap 20 above index 1 of the input.
    expect(codeOf(() => planFor(custody, [one], { snapshot: { changeIndex: 22 } }))).toBe(
      "CHANGE_INDEX_AHEAD",
    );
    const next = after(state, signed(requestFor(custody, [one], [far]), state));
    const two = payout(custody, { label: "order 78" });
    const farther = planFor({ ...custody, wallet: { ...custody.wallet, indexGap: 60 } }, [two], {
      coins: [{ units: 80_000_000n, index: 1 }],
      snapshot: { changeIndex: 41 },
    });
    expect(codeOf(() => reviewed(requestFor(custody, [two], [farther]), next))).toBe("none");
    expect(codeOf(() => reviewed(requestFor(custody, [two], [farther]), state))).toMatch(/^G5_/);
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
    const two = planFor(custody, [one], { coins });
    expect(judged(two)).toBe("none");
    const reversed = makeDocument(PLAN, { ...two.body, conflictKeys: [...two.body.conflictKeys].reverse() });
    expect(judged(reversed)).toBe("G6_CONFLICT_KEYS_DIFFER");
    const fewer = makeDocument(PLAN, { ...two.body, conflictKeys: two.body.conflictKeys.slice(1) });
    expect(judged(fewer)).toBe("G6_CONFLICT_KEYS_DIFFER");
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
  const capped = (fees: Partial<Policy["chains"][number]["fees"]>) => {
    const [chain] = policyBody().chains as [Policy["chains"][number]];
    const world = makeCustody({ chains: [{ ...chain, fees: { ...chain.fees, ...fees } }] });
    const payouts = [payout(world)];
    return judged(planFor(world, payouts), payouts, world);
  };

  test("the absolute cap", () => {
    expect(capped({ absoluteUnitsMax: fee.toString() })).toBe("none");
    expect(capped({ absoluteUnitsMax: (fee - 1n).toString() })).toBe("G7_FEE_TOO_HIGH");
  });

  test("the cap by size: the builder's rate is 5 sat/vB, rounded up to whole satoshis", () => {
    expect(capped({ rateMax: 6 })).toBe("none");
    expect(capped({ rateMax: 4 })).toBe("G7_FEE_RATE_TOO_HIGH");
  });

  test("the cap as a share of what is paid", () => {
    const [chain] = policyBody().chains as [Policy["chains"][number]];
    const world = makeCustody({ chains: [{ ...chain, fees: { ...chain.fees, sharePermilleMax: 50 } }] });
    const of = (units: bigint) => {
      const payouts = [payout(world, { units: units.toString() })];
      return judged(planFor(world, payouts), payouts, world);
    };
    expect(of(fee * 20n)).toBe("none");
    expect(of(fee * 20n - 1n)).toBe("G7_FEE_SHARE_TOO_HIGH");
  });

  test("a fee that the plan states wrongly", () => {
    const misstated = makeDocument(PLAN, {
      ...plan.body,
      rungs: plan.body.rungs.map(({ psbt }) => ({ psbt, feeUnits: (fee - 1n).toString() })),
    });
    expect(judged(misstated)).toBe("G7_FEE_MISSTATED");
  });

  test("a chain without caps is not signed for", () => {
    const other = makeCustody({ chains: [] });
    const payouts = [payout(other)];
    expect(judged(planFor(other, payouts), payouts, other)).toBe("G7_NO_CAPS");
  });

  test("rungs rise, and not by more than the ladder allows", () => {
    const rung = (feeRateMilli: string) => planFor(custody, [one], { snapshot: { feeRateMilli } }).body;
    const ladder = (...bodies: PlanDocument["body"][]) =>
      makeDocument(PLAN, { ...plan.body, rungs: bodies.flatMap(({ rungs }) => rungs) });
    expect(judged(ladder(rung("5000"), rung("25000")))).toBe("none");
    expect(judged(ladder(rung("25000"), rung("5000")))).toBe("G7_RUNGS_OUT_OF_ORDER");
    expect(judged(ladder(rung("5000"), rung("5000")))).toBe("G7_RUNGS_OUT_OF_ORDER");
    expect(judged(ladder(rung("5000"), rung("25100")))).toBe("G7_LADDER_TOO_STEEP");
  });

  test("every rung is signed, and each signature verifies", () => {
    const rung = (feeRateMilli: string) => planFor(custody, [one], { snapshot: { feeRateMilli } }).body.rungs;
    const ladder = makeDocument(PLAN, { ...plan.body, rungs: [...rung("5000"), ...rung("10000")] });
    const { outcome } = signed(requestFor(custody, [one], [ladder]), state).receipt.body;
    expect(outcome.type === "signed" && outcome.plans[0]?.rungs.map(({ rung: index }) => index)).toEqual([
      0, 1,
    ]);
    const view = { wallet: custody.wallet, network: "regtest", highestIndex: -1 } as const;
    ladder.body.rungs.forEach(({ psbt }, index) => {
      const { tx } = bitcoinCodec.decode(fromBase64(psbt), view);
      const signatures = outcome.type === "signed" ? (outcome.plans[0]?.rungs[index]?.signatures ?? []) : [];
      expect(signatures).toHaveLength(COINS.length);
      expect(() => bitcoinCodec.verifySignatures(tx, signatures)).not.toThrow();
    });
  });
});
