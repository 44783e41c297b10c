/** The operator's own fee rates, as the setting `fees.pinned` spells them. */
import type { FeeEstimate } from "../chains/adapter.ts";
import { FEE_TARGETS } from "../chains/bitcoin/fee-sources.ts";
import { declareError } from "../core/errors.ts";
import { quoted } from "../core/text.ts";

export const PINNED_RATES_MALFORMED = declareError(
  "PINNED_RATES_MALFORMED",
  "invalid",
  "The pinned table of fee rates cannot be read.",
);

/** `2:20,6:10.5,144:3`: a rate for each target, in base units per virtual byte. @throws PINNED_RATES_MALFORMED */
export function parsePinnedRates(text: string | undefined): readonly FeeEstimate[] {
  if (text === undefined) return [];
  const rates = text
    .split(",")
    .map((part) => /^([0-9]{1,4}):([0-9]{1,6})(?:\.([0-9]{1,3}))?$/.exec(part.trim()));
  const read = rates.flatMap((match): readonly FeeEstimate[] => {
    if (match === null) return [];
    const rateMilli = BigInt(`${match[2]}${(match[3] ?? "").padEnd(3, "0")}`);
    return [{ source: "pinned table", blocks: Number.parseInt(match[1] as string, 10), rateMilli }];
  });
  const known = read.every(
    ({ blocks, rateMilli }) => FEE_TARGETS.some((each) => each === blocks) && rateMilli > 0n,
  );
  const once = new Set(read.map(({ blocks }) => blocks)).size === rates.length;
  if (known && once) return read;
  throw PINNED_RATES_MALFORMED(`fees.pinned ${quoted(text)} is no table of fee rates`, {
    field: "fees.pinned",
    hint: "custody config set fees.pinned 2:20,6:10,144:3",
  });
}
