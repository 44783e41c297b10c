/** B12: an approved payment whose fee is the theft. Three caps, on amounts that were proven; a share of nothing is refused. */
import { SAT_PER_VBYTE } from "../../src/core/asset.ts";
import { describe, expect, test } from "vitest";
import { decode, OUTPUTS_EXCEED_INPUTS } from "../../src/chains/bitcoin/decode.ts";
import { feeAtRate, feeFacts } from "../../src/chains/bitcoin/fee.ts";
import {
  assertFeeCaps,
  feeSharePermille,
  FEE_ABSOLUTE_CAP,
  FEE_RATE_CAP,
  FEE_SHARE_CAP,
} from "../../src/core/policy/fee-caps.ts";
import { OUTPUT_ZERO } from "../../src/chains/bitcoin/outputs.ts";
import { changed, editPsbt } from "../bitcoin/edit-psbt.ts";
import { expectRefusal } from "../bitcoin/refusal.ts";
import { goodPsbt, testWallet, viewOf } from "../bitcoin/regtest-wallet.ts";
import { codeOf } from "../factory/thrown.ts";
import {
  CUSTOMER_SCRIPT,
  dearer,
  offered,
  onePayment,
  withExtraOutput,
  withOutput,
  withPlan,
} from "./one-payment.ts";
import { pair } from "./pair.ts";

/** The papers with `by` sat less of change and as much more of fee, and that said. */
const costlier = (papers: ReturnType<typeof onePayment>, by: bigint) =>
  withPlan(
    withOutput(papers, "change", (output) => ({ ...output, units: output.units - by })),
    dearer(by),
  );

// The house allows 100,000 sat, 200 sat/vB and a tenth of what is paid; its payment is of about 200 vB.
pair("B12", "the fee is above the absolute cap", {
  good: onePayment,
  bad: (papers) => costlier(papers, 100_000n),
  judge: offered,
  accepted: "signed",
  refused: "G7 FEE_TOO_HIGH",
  removes: ["fees are within the policy's caps"],
  without: "signed",
});

pair("B12", "the fee is above the cap by size", {
  good: onePayment,
  bad: (papers) => costlier(papers, 60_000n),
  judge: offered,
  accepted: "signed",
  refused: "G7 FEE_RATE_TOO_HIGH",
  removes: ["fees are within the policy's caps"],
  without: "signed",
});

pair("B12", "the fee is a large share of a small payment", {
  good: () => onePayment(undefined, {}, { units: "100000" }),
  bad: (papers) => costlier(papers, 15_000n),
  judge: offered,
  accepted: "signed",
  refused: "G7 FEE_SHARE_TOO_HIGH",
  removes: ["fees are within the policy's caps"],
  without: "signed",
});

pair("B12", "an output pays nothing, so that a share has nothing to be a share of", {
  good: () => withExtraOutput(onePayment(), { units: 1000n, script: CUSTOMER_SCRIPT }),
  bad: () => withExtraOutput(onePayment(), { units: 0n, script: CUSTOMER_SCRIPT }),
  judge: offered,
  accepted: "G6 EFFECT_WITHOUT_INTENT",
  refused: "G8 OUTPUT_ZERO",
  removes: ["an output pays something"],
  without: "G6 EFFECT_WITHOUT_INTENT",
});

const rules = {
  rateUnit: SAT_PER_VBYTE,
  absoluteUnitsMax: "10000",
  rateMax: 50,
  sharePermilleMax: 100,
  ladderRatioMax: 4,
};

describe("fee caps", () => {
  test("each cap holds at its bound and refuses one above", () => {
    assertFeeCaps(feeFacts(10_000n, 200), 100_000n, rules);
    expectRefusal(() => assertFeeCaps(feeFacts(10_001n, 300), 10_000_000n, rules), FEE_ABSOLUTE_CAP);
    expectRefusal(() => assertFeeCaps(feeFacts(10_000n, 199), 10_000_000n, rules), FEE_RATE_CAP);
    expectRefusal(() => assertFeeCaps(feeFacts(10_000n, 200), 99_999n, rules), FEE_SHARE_CAP);
  });

  test("B12: a share of nothing is refused and does not divide by zero", () => {
    expect(feeSharePermille(1n, 0n)).toBeUndefined();
    expectRefusal(() => assertFeeCaps(feeFacts(1000n, 200), 0n, rules), FEE_SHARE_CAP);
    expect(feeSharePermille(1n, 1_000_000n)).toBe(1n);
  });

  test("rounds against us: rates and fees up", () => {
    expect(feeFacts(141n, 140).rateMilli).toBe(1008n);
    expect([feeAtRate(141, 1000n), feeAtRate(141, 1001n), feeAtRate(1, 1n)]).toEqual([141n, 142n, 1n]);
  });
});

describe("decode", () => {
  const wallet = testWallet();
  const view = viewOf(wallet);
  const good = goodPsbt(wallet);
  const withUnits = (units: bigint) =>
    editPsbt(good, (psbt) => {
      const at = decode(good, view).effects.findIndex(({ type }) => type === "pay");
      psbt.unsigned = {
        ...psbt.unsigned,
        outputs: changed(psbt.unsigned.outputs, at, (output) => ({ ...output, units })),
      };
    });

  pair("B12", "a whole PSBT pays out more than it spends", {
    good: () => withUnits(80_000n),
    bad: () => withUnits(200_000n),
    judge: (bytes) => codeOf(() => decode(bytes, view)),
    accepted: "none",
    refused: "OUTPUTS_EXCEED_INPUTS",
    removes: ["outputs are covered by inputs", "a fee is not negative"],
    without: "none",
  });

  test("F15: the fee is what inputs exceed outputs by, and a huge one is shown", () => {
    const before = decode(good, view);
    const after = decode(withUnits(1000n), view);
    expect(after.fee.units).toBe(before.fee.units + 79_000n);
    expect(after.warnings.join()).toContain("thousandths of what is paid");
    expect(before.warnings).toEqual([]);
  });

  test("B12: outputs above inputs, and outputs that pay nothing", () => {
    expectRefusal(() => decode(withUnits(200_000n), view), OUTPUTS_EXCEED_INPUTS);
    expectRefusal(() => decode(withUnits(0n), view), OUTPUT_ZERO);
  });
});
