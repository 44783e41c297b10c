import { milliOf } from "../../core/fee-rate.ts";
import { adapterOf } from "../../chains/registry.ts";
import { parseId, parseName, type Id } from "../../core/identifier.ts";
import { LIMITS } from "../../core/limits.ts";
import { getPlan } from "../../store/plans.ts";
import type { Tx } from "../../store/transaction.ts";
import {
  countFlag,
  FLAG_MALFORMED,
  optionalFlag,
  repeatedFlag,
  requiredFlag,
  switchedOn,
  type Flags,
  type Run,
} from "../../terminal/command.ts";
import type { BatchRule } from "../../withdrawals/planning/batch-due.ts";
import type { Planned } from "../../withdrawals/planning/build.ts";
import { buildWhenDue } from "../../withdrawals/planning/build-due.ts";
import { judgeWaiting, readyMembers, stillWanted, type Member } from "../../withdrawals/planning/members.ts";
import { plainAttempts } from "../../withdrawals/planning/plan-bytes.ts";
import { requestLike } from "../../withdrawals/crossing/request-content.ts";
import type { PlanRow } from "../../withdrawals/rows.ts";
import { takeSnapshot } from "../../home/chain-snapshot.ts";
import { freeSnapshot } from "../../home/free-snapshot.ts";
import {
  change,
  newId,
  requirePolicy,
  requireSession,
  walletView,
  withOnline,
  type Online,
} from "../../home/online.ts";
import { readingIn } from "../../home/plan-reading.ts";
import { MEMBER_PORTS, PORTS } from "../../home/ports.ts";
import { countSetting } from "../../home/settings.ts";
import { adviceOn } from "../intent/small.ts";
import { warnOfEnd } from "../policy-end.ts";
import { answer } from "./build-answer.ts";
import { namedCoins } from "../named-coins.ts";
import { paceOf } from "./pace.ts";
import { feeRatesMilli } from "./rates.ts";

/** Asks the node for the wallet's coins first, then decides and stores everything in one transaction. */
export const run: Run = async (call) =>
  withOnline(call, async (online) => {
    requireSession(online);
    const policy = requirePolicy(online);
    const view = walletView(online.store, policy, parseName(requiredFlag(call.flags, "wallet"), "--wallet"));
    const pace = paceOf(online, view.wallet.chain);
    const snapshot = await takeSnapshot(online, policy, view, { minutes: pace.minutes });
    const rule = batchRule(online);
    const max = countFlag(call.flags, "max", {
      min: 1,
      max: LIMITS.intentsPerPlanMax,
      otherwise: rule?.count ?? LIMITS.intentsPerPlanMax,
    });
    const judging = { policy, now: call.io.now() };
    // In a step of its own: what is put on hold, or has lapsed, stays so when nothing is left to build.
    if (!call.dryRun) change(online, (tx) => judgeWaiting(MEMBER_PORTS, tx, judging));
    const rates = feeRatesMilli(call.flags, BigInt(snapshot.feeRateMilli));
    return change(online, (tx, operation) => {
      if (call.dryRun) judgeWaiting(MEMBER_PORTS, tx, judging);
      const replaces = replaced(tx, call.flags);
      const build = (only: readonly Id[], count: number) => {
        const free = freeSnapshot(tx, snapshot, view, replaces?.id);
        const input = {
          ready: membersFor(tx, replaces, only),
          max: count,
          view,
          snapshot: free,
          feeRatesMilli: rates,
          pace,
          coins: namedCoins(call.flags, view, free),
          unconfirmedChange: switchedOn(call.flags, "unconfirmedChange") || undefined,
          replaces,
        };
        const about = { ...judging, operation, id: newId(online), rule };
        const { planned, due } = buildWhenDue(PORTS, tx, adapterOf(view.wallet.chain), input, about);
        const psbts = plainAttempts(PORTS, tx, planned.plan, readingIn(view));
        const plainBytes = psbts.reduce((total, { length }) => total + length, 0);
        const request = requestLike(PORTS, tx, planned.plan, policy);
        return { planned, snapshot, pace, request, plainBytes, due, advice: adviceOn(call.io, free, view) };
      };
      const only = repeatedFlag(call.flags, "only").map((text) => parseId(text, "--only"));
      const built = besides(build(only, max), max, (withdrawal) => build([withdrawal], 1));
      return answer(built, warnOfEnd(policy, call.io.now()));
    });
  });

/** As many plans as leave in one request: a wallet that makes one payment with each has the others in plans of their own. */
function besides<Built extends { readonly planned: Planned }>(
  first: Built,
  max: number,
  build: (withdrawal: Id) => Built,
): readonly [Built, ...Built[]] {
  const { withdrawals, leftOut, plan } = first.planned;
  if (plan.replaces !== undefined) return [first];
  const room = Math.min(max, LIMITS.plansPerRequestMax) - withdrawals.length;
  const others = leftOut.filter(({ again }) => again === true).slice(0, Math.max(room, 0));
  return [first, ...others.map(({ withdrawal }) => build(withdrawal.id))];
}

/** When a batch is due, by the settings; undefined where nobody asked. */
function batchRule({ call: { io, flags } }: Online): BatchRule | undefined {
  if (!switchedOn(flags, "whenDue")) return undefined;
  return {
    count: countSetting(io, "batch.max"),
    ageMinutes: countSetting(io, "batch.max-age-minutes"),
    rateMilli: milliOf(countSetting(io, "batch.fee-rate")),
  };
}

function membersFor(tx: Tx, replaces: PlanRow | undefined, only: readonly Id[]): readonly Member[] {
  if (replaces !== undefined) return stillWanted(MEMBER_PORTS, tx, replaces.id);
  return readyMembers(MEMBER_PORTS, tx, only);
}

// What replaces a plan spends its coins; with a coin more that may never exist, it could die where the other lives on.
function replaced(tx: Tx, flags: Flags): PlanRow | undefined {
  const text = optionalFlag(flags, "replace");
  if (text !== undefined && switchedOn(flags, "unconfirmedChange"))
    throw FLAG_MALFORMED("--unconfirmed-change is for new plans, --replace for one that exists", {
      field: "--unconfirmed-change",
      hint: "leave one of them out",
    });
  return text === undefined ? undefined : getPlan(tx, parseId(text, "--replace"));
}
