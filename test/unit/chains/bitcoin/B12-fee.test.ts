import { describe, expect, test } from "vitest";
import { decode, OUTPUTS_EXCEED_INPUTS } from "../../../../src/chains/bitcoin/decode.ts";
import { feeAtRate, feeFacts } from "../../../../src/chains/bitcoin/fee.ts";
import {
  assertFeeCaps,
  feeSharePermille,
  FEE_ABSOLUTE_CAP,
  FEE_RATE_CAP,
  FEE_SHARE_CAP,
} from "../../../../src/core/policy/fee-caps.ts";
import { OUTPUT_ZERO } from "../../../../src/chains/bitcoin/outputs.ts";
import { changed, editPsbt } from "../../../bitcoin/edit-psbt.ts";
import { expectRefusal } from "../../../bitcoin/refusal.ts";
import { goodPsbt, testWallet, viewOf } from "../../../bitcoin/regtest-wallet.ts";

const rules = { absoluteUnitsMax: "10000", rateMax: 50, sharePermilleMax: 100, ladderRatioMax: 4 };

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
