/** Who got less than they were sent by an attempt, as its column has it: canonical JSON, amounts as decimal strings. */
import { z } from "zod";
import type { Shortfall } from "../chains/chain-node.ts";
import type { AccountId } from "../core/account.ts";
import { amount } from "../core/amount.ts";
import { parseAsset } from "../core/asset.ts";
import { canonicalText } from "../core/canonical.ts";

const SHORTFALLS = z.array(
  z.strictObject({ account: z.string(), asset: z.string(), sent: z.string(), arrived: z.string() }),
);

/** Null where nobody did. */
export function writeShortfalls(shortfalls: readonly Shortfall[]): string | null {
  if (shortfalls.length === 0) return null;
  return canonicalText(
    shortfalls.map(({ account, sent, arrived }) => ({
      account,
      asset: sent.asset,
      sent: sent.units.toString(),
      arrived: arrived.toString(),
    })),
  );
}

export function readShortfalls(text: string | null): readonly Shortfall[] {
  if (text === null) return [];
  return SHORTFALLS.parse(JSON.parse(text)).map(({ account, asset, sent, arrived }) => ({
    account: account as AccountId,
    sent: amount(parseAsset(asset), BigInt(sent)),
    arrived: BigInt(arrived),
  }));
}
