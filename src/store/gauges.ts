/** Counts and sums for whoever measures the custody. Money is summed in code, never in SQL. */
import type { AssetId } from "../core/asset.ts";
import type { AttemptState } from "../core/states/edges.ts";
import { all, each, type Reader } from "./statement.ts";

/** How many attempts are in each state that has any. */
export function countAttempts(
  reader: Reader,
): readonly { readonly state: AttemptState; readonly count: number }[] {
  return all<{ state: AttemptState; count: number }>(
    reader,
    "SELECT state, count(*) AS count FROM attempt GROUP BY state ORDER BY state",
  );
}

/** Base units of each asset that are READY and in no plan. */
export function readyUnits(reader: Reader): readonly { readonly asset: AssetId; readonly units: bigint }[] {
  const sums = new Map<AssetId, bigint>();
  const sql = "SELECT asset, units FROM withdrawal WHERE state = 'READY'";
  for (const { asset, units } of each<{ asset: AssetId; units: string }>(reader, sql))
    sums.set(asset, (sums.get(asset) ?? 0n) + BigInt(units));
  return [...sums].map(([asset, units]) => ({ asset, units }));
}
