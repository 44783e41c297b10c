import { parseAmount, positive } from "../../core/amount.ts";
import { nativeAsset } from "../../core/asset.ts";
import type { ChainId } from "../../core/chain.ts";
import { LIMITS } from "../../core/limits.ts";
import { countSetting } from "../../home/settings.ts";
import { countFlag, optionalFlag } from "../../terminal/command.ts";
import type { Online } from "../../home/online.ts";
import type { Pace } from "../../withdrawals/planning/pace.ts";

/** How fast a plan's fee may rise by itself. @throws FLAG_MALFORMED, AMOUNT_… */
export function paceOf({ call }: Pick<Online, "call">, chain: ChainId): Pace {
  const text = optionalFlag(call.flags, "feeBudget");
  const asset = nativeAsset(chain);
  const budgetUnits =
    text === undefined ? undefined : positive(parseAmount(text, asset, "--fee-budget"), "--fee-budget").units;
  const minutes = countFlag(call.flags, "deadlineMinutes", {
    min: 0,
    max: LIMITS.deadlineMinutesMax,
    otherwise: countSetting(call.io, "fees.deadline-minutes"),
  });
  return { minutes, budgetUnits };
}
