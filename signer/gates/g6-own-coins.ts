/** G6: coins that stay ours. Consolidations and cancels bring them back; transfers bring them to another wallet. */
import { formatAmount } from "../../src/core/amount.ts";
import type { DecodedAttempt } from "../../src/chains/adapter.ts";
import type { Effect } from "../../src/chains/effect.ts";
import type { Intent } from "../../src/core/documents/intent.ts";
import { assert } from "../../src/core/errors.ts";
import { declareRule } from "../../src/core/gate.ts";
import { LIMITS } from "../../src/core/limits.ts";
import { walletNamed } from "../../src/core/policy/entries.ts";
import type { Memory } from "../journal/memory.ts";
import { refusingAt } from "./refuse.ts";
import type { SignerState } from "./state.ts";

/** Also of a plan's cancel rung. */
export const CHANGE_ALONE = declareRule(
  "G6",
  "CHANGE_ALONE",
  "what shall bring coins back does something else, or does it with several outputs.",
);
const CONSOLIDATES_TOO_MUCH = declareRule(
  "G6",
  "CONSOLIDATES_TOO_MUCH",
  "a consolidation brings together more than its intent allows.",
);
const CANCELS_OTHER_COINS = declareRule(
  "G6",
  "CANCELS_OTHER_COINS",
  "a cancel spends other coins than its intent names.",
);
const OWN_INDEX_AHEAD = declareRule(
  "G6",
  "OWN_INDEX_AHEAD",
  "a transfer goes to an address of our own that is too far above those known to be in use.",
);

/** @param conflictKeys the plan's, which G6 has compared with the attempt's @throws Refusal of G6 */
export function assertOwnCoins(
  body: Intent,
  { effects, inputs }: DecodedAttempt<unknown>,
  conflictKeys: readonly string[],
  where: string,
): void {
  if (effects.length !== 1 || effects[0]?.type !== "change") {
    throw CHANGE_ALONE(
      `${where}: intent ${body.id} (${body.type}) allows one change output and nothing else`,
      {
        field: "plan.base",
        hint: "do not sign: somebody changed the transaction or the plan",
      },
    );
  }
  if (body.type === "consolidate") {
    const spent = inputs.reduce((total, { units }) => total + BigInt(units), 0n);
    if (spent <= BigInt(body.units)) return;
    throw CONSOLIDATES_TOO_MUCH(
      `${where}: it brings ${formatAmount({ asset: body.asset, units: spent })} together, ${formatAmount(body)} are allowed`,
      {
        field: "plan.conflictKeys",
        hint: "build a smaller consolidation, or let people approve a larger one",
      },
    );
  }
  assert(body.type === "cancel", "payments are matched one by one, messages elsewhere");
  const named = new Set(body.conflictKeys);
  const same =
    named.size === body.conflictKeys.length &&
    named.size === conflictKeys.length &&
    conflictKeys.every((key) => named.has(key));
  if (same) return;
  throw CANCELS_OTHER_COINS(`${where}: it spends other coins than intent ${body.id} names`, {
    field: "plan.conflictKeys",
    hint: "build the cancel from the conflict keys of the plan that it shall end",
  });
}

/**
 * In the spirit of law 10: an address of ours is good to be paid when it lies at most the destination's gap above the
 * highest that this signer has signed for there: coins spent, change, transfers received. A coin sent far up is as good
 * as lost until somebody scans so far (attack B7). A wallet whose addresses this signer has not seen in use is paid
 * near its beginning; a wallet that is far ahead needs a wider gap in the policy.
 * @throws Refusal of G6
 */
export function assertOwnIndex(effect: Effect, { policy }: SignerState, memory: Memory): void {
  if (effect.type !== "own") return;
  const destination = refusingAt("G6", () => walletNamed(policy.body, effect.wallet));
  const known = memory.indexes.get(effect.wallet)?.any ?? -1;
  const highest = Math.min(known + destination.indexGap, LIMITS.addressIndexMax);
  if (effect.index <= highest) return;
  throw OWN_INDEX_AHEAD(
    `a transfer goes to index ${effect.index} of wallet ${effect.wallet}, the highest allowed is ${highest}`,
    {
      field: "plan.base",
      hint: `pay an address of ${effect.wallet} at index ${highest} or below, or let the admins widen its indexGap`,
    },
  );
}
