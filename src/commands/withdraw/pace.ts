import { parseAmount, positive } from "../../core/amount.ts";
import { bitcoinAsset } from "../../core/asset.ts";
import { LIMITS } from "../../core/limits.ts";
import { countSetting } from "../../home/settings.ts";
import { countFlag, optionalFlag } from "../../terminal/command.ts";
import type { Online } from "../../home/online.ts";
import type { Pace } from "../../withdrawals/planning/pace.ts";

/** How fast a plan's fee may rise by itself. @throws FLAG_MALFORMED, AMOUNT_… */
export function paceOf({ call, network }: Pick<Online, "call" | "network">): Pace {
  const text = optionalFlag(call.flags, "feeBudget");
  const asset = bitcoinAsset(network);
  const budgetUnits =
    text === undefined ? undefined : positive(parseAmount(text, asset, "--fee-budget"), "--fee-budget").units;
  const minutes = countFlag(call.flags, "deadlineMinutes", {
    min: 0,
    max: LIMITS.deadlineMinutesMax,
    otherwise: countSetting(call.io, "fees.deadline-minutes"),
  });
  return { minutes, budgetUnits };
}
