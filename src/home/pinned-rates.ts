/** The operator's own fee rates, as the setting `fees.pinned` spells them. */
import type { FeeEstimate } from "../chains/adapter.ts";
import { FEE_TARGETS } from "../chains/bitcoin/fee-sources.ts";
import { declareError } from "../core/errors.ts";
import { parseFeeRate } from "../core/fee-rate.ts";
import { quoted } from "../core/text.ts";

export const PINNED_RATES_MALFORMED = declareError(
  "PINNED_RATES_MALFORMED",
  "invalid",
  "The pinned table of fee rates cannot be read.",
);

/** `2:20,6:10.5,144:3`: a rate for each target in blocks, in sat/vB. @throws PINNED_RATES_MALFORMED */
export function parsePinnedRates(text: string | undefined): readonly FeeEstimate[] {
  if (text === undefined) return [];
  const parts = text.split(",");
  const read = parts.flatMap((part): readonly FeeEstimate[] => {
    const [target, rate = ""] = part.trim().split(":");
    const blocks = FEE_TARGETS.find((each) => String(each) === target);
    const rateMilli = parseFeeRate(rate);
    return blocks === undefined || rateMilli === undefined
      ? []
      : [{ source: "pinned table", blocks, rateMilli }];
  });
  const once = new Set(read.map(({ blocks }) => blocks)).size === parts.length;
  if (once) return read;
  throw PINNED_RATES_MALFORMED(`fees.pinned ${quoted(text)} is no table of fee rates`, {
    field: "fees.pinned",
    hint: "custody config set fees.pinned 2:20,6:10,144:3",
  });
}
