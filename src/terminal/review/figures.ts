/** Numbers of a review in words. */
import { formatPlaces } from "../../core/decimal.ts";

/** Thousandths of a whole as per cent with one decimal: `15` is `1.5`. */
export function percent(permille: string): string {
  return formatPlaces(BigInt(permille), 1);
}
