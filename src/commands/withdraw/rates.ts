import { declareError } from "../../core/errors.ts";
import { parseFeeRate } from "../../core/fee-rate.ts";
import { LIMITS } from "../../core/limits.ts";
import { optionalFlag, type Flags } from "../../terminal/command.ts";

export const RATES_MALFORMED = declareError(
  "RATES_MALFORMED",
  "usage",
  "Fee rates are not rising numbers of sat/vB.",
);

/**
 * Each rung costs so many times the snapshot's rate, where --rates gives none: room for two doublings within the
 * policy's caps, which end the ladder earlier. Each is well above what nodes ask of a replacement (BIP-125 rule 4).
 */
const LADDER = [1n, 2n, 4n];

/**
 * Fee rates of a plan's rungs, in thousandths of a satoshi per virtual byte: what `--rates 5,10.5,20` says, or one, two
 * and four times the snapshot's.
 * @throws RATES_MALFORMED
 */
export function feeRatesMilli(flags: Flags, snapshotMilli: bigint): readonly bigint[] {
  const text = optionalFlag(flags, "rates");
  if (text === undefined) return LADDER.map((times) => times * snapshotMilli);
  const rates = text.split(",").map((part) => parseFeeRate(part.trim()) ?? 0n);
  const rising = rates.every((rate, index) => rate > (rates[index - 1] ?? 0n));
  if (rising && rates.length <= LIMITS.ladderRungsMax) return rates;
  throw RATES_MALFORMED(
    `--rates ${JSON.stringify(text)} are not 1 to ${LIMITS.ladderRungsMax} rising rates`,
    {
      field: "--rates",
      hint: "--rates 5,10,20   (sat/vB, cheapest first)",
    },
  );
}
