/** The policy's caps on network fees, judged from facts that the caller has verified: online at build, offline at G7. */
import { feeAsset, type AssetId, type RateUnit } from "../asset.ts";
import { formatFeeRate, milliOf, rateMilliOf, rateUnitOf } from "../fee-rate.ts";
import { declareError } from "../errors.ts";
import type { ChainRules } from "./policy.ts";

export const FEE_ABSOLUTE_CAP = declareError(
  "FEE_ABSOLUTE_CAP",
  "denied",
  "A fee is higher than the policy's absolute cap.",
);
export const FEE_RATE_CAP = declareError(
  "FEE_RATE_CAP",
  "denied",
  "A fee rate is higher than the policy's cap.",
);
export const FEE_SHARE_CAP = declareError(
  "FEE_SHARE_CAP",
  "denied",
  "A fee is a larger share of what is paid out than the policy allows.",
);

/** `rateMilli`: thousandths of the chain's unit of rates. */
type Fee = { readonly units: bigint; readonly rateMilli: bigint };

/** A chain's caps, with what its rates are counted in. */
export type FeeCaps = ChainRules["fees"] & { readonly rateUnit: RateUnit };

type Caps = FeeCaps;

export function feeCapsOf({ chain, fees }: Pick<ChainRules, "chain" | "fees">): FeeCaps {
  return { ...fees, rateUnit: rateUnitOf(chain) };
}

export type FeeExcess = {
  readonly cap: "absolute" | "rate" | "share";
  readonly field: keyof ChainRules["fees"];
  readonly why: string;
};

/**
 * Fee as a share of what is paid out, in thousandths, rounded up. Undefined when nothing is paid out: a share of
 * nothing has no number, and dividing by it has crashed signers (attack B12).
 */
export function feeSharePermille(feeUnits: bigint, paidUnits: bigint): bigint | undefined {
  return paidUnits === 0n ? undefined : (feeUnits * 1000n + paidUnits - 1n) / paidUnits;
}

/**
 * Of a token no fee is a share: it is paid in the chain's coin, and no signer knows what one is worth in the other. Nor of an
 * account's nonce, which is used up while the account keeps all that it has.
 */
export const NO_SHARE = "no share";

/** What a fee is judged as a share of, in base units. */
export type Judged = bigint | typeof NO_SHARE;

/**
 * The first cap that a fee exceeds; undefined when all that can be judged hold (failure F15).
 * @param paid what leaves the wallet to others
 */
export function feeExcess(fee: Fee, paid: Judged, caps: Caps): FeeExcess | undefined {
  if (fee.units > BigInt(caps.absoluteUnitsMax)) {
    return {
      cap: "absolute",
      field: "absoluteUnitsMax",
      why: `the fee is ${fee.units} base units, the cap is ${caps.absoluteUnitsMax}`,
    };
  }
  const capMilli = milliOf(caps.rateMax);
  if (fee.rateMilli > capMilli) {
    const why = `the fee rate is ${formatFeeRate(fee.rateMilli, caps.rateUnit)}, the cap is ${formatFeeRate(capMilli, caps.rateUnit)}`;
    return { cap: "rate", field: "rateMax", why };
  }
  if (paid === NO_SHARE) return undefined;
  const share = feeSharePermille(fee.units, paid);
  if (share !== undefined && share <= BigInt(caps.sharePermilleMax)) return undefined;
  const found =
    share === undefined
      ? "nothing is paid out, so any fee is too large a share"
      : `the fee is ${share} thousandths of what is paid out`;
  return { cap: "share", field: "sharePermilleMax", why: `${found}; the cap is ${caps.sharePermilleMax}` };
}

/** What an attempt does, as far as its fee is judged by it. A signed message moves nothing. */
type Moved =
  | {
      readonly type: "pay" | "own" | "change";
      readonly asset: AssetId;
      readonly units: bigint;
      /** Nothing was taken that could come back: the codec has seen an account's nonce used up. */
      readonly keeps?: boolean | undefined;
    }
  | { readonly type: "attest" | "control" };

/**
 * What a fee is a share of: what reaches others or another wallet of ours. Where nothing does (consolidate, cancel) it is
 * what comes back: there the whole is being moved. A plan's cancel rung is judged by what the plan's other rungs pay
 * (`cancelExcess`). Where a token is moved, or nothing at all, there is no share, and the caps in absolute terms and by rate
 * alone hold.
 */
export function judgedUnits(effects: readonly Moved[]): Judged {
  const moved = effects.flatMap((effect) => ("units" in effect ? [effect] : []));
  if (effects.some(({ type }) => type === "control")) return NO_SHARE;
  if (moved.some(({ asset }) => feeAsset(asset) !== asset)) return NO_SHARE;
  if (moved.length > 0 && moved.every(({ keeps }) => keeps === true)) return NO_SHARE;
  const sum = (parts: typeof moved) => parts.reduce((total, { units }) => total + units, 0n);
  const paid = sum(moved.filter(({ type }) => type !== "change"));
  return paid > 0n ? paid : sum(moved);
}

export type LadderExcess = {
  readonly cap: "ladder";
  readonly field: "ladderRatioMax";
  readonly why: string;
};

/** Whether an attempt costs too many times a plan's cheapest; undefined when it does not. Fees in base units. */
export function ladderExcess(
  cheapestUnits: bigint,
  dearestUnits: bigint,
  { ladderRatioMax }: Pick<Caps, "ladderRatioMax">,
): LadderExcess | undefined {
  if (dearestUnits <= cheapestUnits * BigInt(ladderRatioMax)) return undefined;
  return {
    cap: "ladder",
    field: "ladderRatioMax",
    why: `the dearest attempt costs ${dearestUnits} base units, more than ${ladderRatioMax} times ${cheapestUnits}`,
  };
}

/**
 * The first cap that a plan's cancel rung exceeds; undefined when it is within all. Its fee must pay for the relay of
 * every rung that it replaces (BIP-125 rule 3), however small it is itself, so its rate is taken over the size of the
 * largest of them, and its share of what the plan pays.
 * @param rungs the plan's other rungs, cheapest first; sizes in virtual bytes, or in gas
 */
export function cancelExcess(
  cancelUnits: bigint,
  rungs: readonly { readonly units: bigint; readonly virtualSize: number }[],
  paid: Judged,
  caps: Caps,
): FeeExcess | LadderExcess | undefined {
  const largest = rungs.reduce((size, { virtualSize }) => Math.max(size, virtualSize), 1);
  const rateMilli = rateMilliOf(cancelUnits, BigInt(largest), caps.rateUnit);
  return (
    feeExcess({ units: cancelUnits, rateMilli }, paid, caps) ??
    ladderExcess(rungs[0]?.units ?? 0n, cancelUnits, caps)
  );
}

/** An attempt's fee, the size that it is paid for, and what the attempt does. */
type Paying = {
  readonly fee: Fee & { readonly virtualSize: number };
  readonly effects: readonly Moved[];
};

/**
 * The first cap that one of a plan's attempts exceeds, with the attempt's name for people; undefined when all are within
 * all. As the signer judges them at G7, and the auditor after it. Of plans that move coins: a message costs nothing.
 */
export function planExcess(
  { rungs, cancel }: { readonly rungs: readonly Paying[]; readonly cancel: Paying | undefined },
  caps: Caps,
): { readonly attempt: string; readonly excess: FeeExcess | LadderExcess } | undefined {
  for (const [place, { fee, effects }] of rungs.entries()) {
    const excess = feeExcess(fee, judgedUnits(effects), caps);
    if (excess !== undefined) return { attempt: `rung ${place + 1}`, excess };
  }
  const fees = rungs.map(({ fee }) => fee);
  const steep = ladderExcess(fees[0]?.units ?? 0n, fees.at(-1)?.units ?? 0n, caps);
  if (steep !== undefined) return { attempt: `rung ${rungs.length}`, excess: steep };
  const paid = judgedUnits(rungs[0]?.effects ?? []);
  const excess = cancel && cancelExcess(cancel.fee.units, fees, paid, caps);
  return excess && { attempt: "cancel rung", excess };
}

/** @throws FEE_ABSOLUTE_CAP, FEE_RATE_CAP, FEE_SHARE_CAP */
export function assertFeeCaps(fee: Fee, paid: Judged, caps: Caps): void {
  const excess = feeExcess(fee, paid, caps);
  if (excess === undefined) return;
  const { kind, hint } = {
    absolute: { kind: FEE_ABSOLUTE_CAP, hint: "split the batch, or have the admins raise absoluteUnitsMax" },
    rate: { kind: FEE_RATE_CAP, hint: "build again at a lower rate" },
    share: { kind: FEE_SHARE_CAP, hint: "pay more in one batch, or wait for lower fees" },
  }[excess.cap];
  throw kind(excess.why, { field: excess.field, hint });
}
