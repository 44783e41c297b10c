/** F15, B12: the policy's caps on fees, each at its edge: the last fee that is within it, and the first that is not. */
import { describe, expect, test } from "vitest";
import { feeAsset } from "../../../../src/core/asset.ts";
import {
  assertFeeCaps,
  cancelExcess,
  feeCapsOf,
  feeExcess,
  feeSharePermille,
  judgedUnits,
  ladderExcess,
  NO_SHARE,
  planExcess,
} from "../../../../src/core/policy/fee-caps.ts";
import { BTC, policyBody } from "../../../factory/documents.ts";
import { USDC } from "../../../factory/evm-token.ts";
import { codeOf } from "../../../factory/thrown.ts";

const [chain] = policyBody().chains;
if (chain === undefined) throw new TypeError("the factory's policy has rules for a chain");
const CAPS = {
  ...feeCapsOf(chain),
  absoluteUnitsMax: "1000",
  rateMax: 10,
  sharePermilleMax: 50,
  ladderRatioMax: 4,
};
const PAID = 100_000n;
const cheap = { units: 100n, rateMilli: 1000n };
const capOf = (fee: Partial<typeof cheap>, paid = PAID) => feeExcess({ ...cheap, ...fee }, paid, CAPS)?.cap;

test.each([
  ["absolute", { units: 1000n }, { units: 1001n }],
  ["rate", { rateMilli: 10_000n }, { rateMilli: 10_001n }],
] as const)("the cap %s holds at its edge and not above it", (cap, within, above) => {
  expect(capOf(within)).toBeUndefined();
  expect(capOf(above)).toBe(cap);
});

test("a fee's share is rounded up: a base unit too much is too much", () => {
  expect(feeSharePermille(50n, 1000n)).toBe(50n);
  expect(feeSharePermille(51n, 1001n)).toBe(51n);
  expect(capOf({ units: 50n }, 1000n)).toBeUndefined();
  expect(capOf({ units: 50n }, 999n)).toBe("share");
});

test("B12: a share of nothing has no number, and no fee is small enough for it", () => {
  expect(feeSharePermille(1n, 0n)).toBeUndefined();
  expect(feeExcess({ units: 0n, rateMilli: 0n }, 0n, CAPS)).toEqual({
    cap: "share",
    field: "sharePermilleMax",
    why: "nothing is paid out, so any fee is too large a share; the cap is 50",
  });
});

test("each excess names its cap, its field and its numbers", () => {
  expect(feeExcess({ units: 1001n, rateMilli: 0n }, PAID, CAPS)).toEqual({
    cap: "absolute",
    field: "absoluteUnitsMax",
    why: "the fee is 1001 base units, the cap is 1000",
  });
  expect(feeExcess({ units: 1n, rateMilli: 10_001n }, PAID, CAPS)).toMatchObject({ field: "rateMax" });
  expect(feeExcess({ units: 50n, rateMilli: 0n }, 500n, CAPS)?.why).toBe(
    "the fee is 100 thousandths of what is paid out; the cap is 50",
  );
});

test("a fee is judged by what reaches others, or, where nothing does, by what comes back", () => {
  const [pay, own, change] = (["pay", "own", "change"] as const).map((type, i) => ({
    type,
    asset: BTC,
    units: 10n ** BigInt(i),
  }));
  if (pay === undefined || own === undefined || change === undefined) throw new TypeError("three effects");
  expect(judgedUnits([pay, own, change])).toBe(11n);
  expect(judgedUnits([change])).toBe(100n);
  expect(judgedUnits([{ type: "attest" }])).toBe(0n);
  expect(judgedUnits([])).toBe(0n);
});

describe("a token's fee is paid in another asset", () => {
  const token = { type: "pay", asset: USDC, units: 1n } as const;
  const coin = { ...token, asset: feeAsset(USDC), units: 5n };

  test("so that it is a share of nothing that is moved, also where coins are moved beside it", () => {
    expect(judgedUnits([token])).toBe(NO_SHARE);
    expect(judgedUnits([coin, token])).toBe(NO_SHARE);
    expect(judgedUnits([coin])).toBe(5n);
  });

  test("the caps in absolute terms and by rate hold at their edges, and alone", () => {
    const capped = (fee: Partial<typeof cheap>) => feeExcess({ ...cheap, ...fee }, NO_SHARE, CAPS)?.cap;
    expect(capped({ units: 1000n })).toBeUndefined();
    expect(capped({ units: 1001n })).toBe("absolute");
    expect(capped({ rateMilli: 10_001n })).toBe("rate");
  });

  test("a plan's rungs and its cancel rung are held to them", () => {
    const at = (units: bigint) => ({ fee: { units, rateMilli: 1000n, virtualSize: 100 }, effects: [token] });
    const found = (rung: bigint, cancel: bigint) =>
      planExcess({ rungs: [at(rung)], cancel: at(cancel) }, CAPS)?.excess.cap;
    expect(found(300n, 1000n)).toBeUndefined();
    expect(found(300n, 1001n)).toBe("absolute");
    expect(found(100n, 401n)).toBe("ladder");
  });
});

test("the ladder holds at its ratio and not above it", () => {
  expect(ladderExcess(100n, 400n, CAPS)).toBeUndefined();
  expect(ladderExcess(100n, 401n, CAPS)).toMatchObject({ cap: "ladder", field: "ladderRatioMax" });
});

describe("a cancel rung", () => {
  const rungs = [
    { units: 100n, virtualSize: 50 },
    { units: 200n, virtualSize: 40 },
  ];
  const capOfCancel = (units: bigint, caps: object = {}, over = rungs) =>
    cancelExcess(units, over, PAID, { ...CAPS, ...caps })?.cap;

  test("its rate is taken over the largest rung, rounded up", () => {
    expect(capOfCancel(500n, { ladderRatioMax: 10 })).toBeUndefined();
    expect(capOfCancel(501n, { ladderRatioMax: 10 })).toBe("rate");
  });

  test("it is a rung of the ladder", () => {
    expect(capOfCancel(400n)).toBeUndefined();
    expect(capOfCancel(401n)).toBe("ladder");
  });

  test("of a plan without rungs it is within nothing", () => {
    expect(capOfCancel(1n, {}, [])).toBe("ladder");
  });
});

describe("a plan: the first attempt above a cap is named", () => {
  const attempt = (units: bigint) => ({
    fee: { units, rateMilli: 1000n, virtualSize: 100 },
    effects: [{ type: "pay", asset: BTC, units: PAID } as const],
  });
  const found = (rungs: readonly bigint[], cancel?: bigint) => {
    const plan = { rungs: rungs.map(attempt), cancel: cancel === undefined ? undefined : attempt(cancel) };
    const excess = planExcess(plan, CAPS);
    return excess && `${excess.attempt}: ${excess.excess.cap}`;
  };

  test.each([
    [[100n, 400n], 400n, undefined],
    [[300n, 1001n], undefined, "rung 2: absolute"],
    [[1001n, 300n], undefined, "rung 1: absolute"],
    [[100n, 200n, 401n], 300n, "rung 3: ladder"],
    [[100n, 200n], 401n, "cancel rung: ladder"],
    [[300n], 1001n, "cancel rung: absolute"],
  ] as const)("%s, cancel %s: %s", (rungs, cancel, expected) => {
    expect(found(rungs, cancel)).toBe(expected);
  });
});

test("at build each cap has its own error", () => {
  const thrown = (fee: Partial<typeof cheap>, paid = PAID) =>
    codeOf(() => assertFeeCaps({ ...cheap, ...fee }, paid, CAPS));
  expect(thrown({})).toBe("none");
  expect(thrown({ units: 1001n })).toBe("FEE_ABSOLUTE_CAP");
  expect(thrown({ rateMilli: 10_001n })).toBe("FEE_RATE_CAP");
  expect(thrown({}, 1000n)).toBe("FEE_SHARE_CAP");
});
