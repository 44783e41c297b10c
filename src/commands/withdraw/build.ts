import { bitcoinBuilder, bitcoinCodec, parseDescriptor } from "../../chains/bitcoin/index.ts";
import type { BitcoinSnapshot } from "../../chains/bitcoin/snapshot.ts";
import { parseId, parseName, type Id } from "../../core/identifier.ts";
import { LIMITS } from "../../core/limits.ts";
import { isError } from "../../core/errors.ts";
import { STATE_CONFLICT } from "../../core/states/edges.ts";
import { getPlan } from "../../store/plans.ts";
import type { Tx } from "../../store/transaction.ts";
import { listWithdrawals } from "../../store/withdrawal-lists.ts";
import { getWithdrawal, withdrawalsOf, type Withdrawal } from "../../store/withdrawals.ts";
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
import { advance } from "../../withdrawals/deciding/advance.ts";
import { NOTHING_TO_BUILD } from "../../withdrawals/planning/batch.ts";
import { assertBatchDue, type BatchRule } from "../../withdrawals/planning/batch-due.ts";
import {
  buildPlan,
  type BuildAbout,
  type BuildInput,
  type Planned,
} from "../../withdrawals/planning/build.ts";
import { haltsNow } from "../../withdrawals/deciding/evidence.ts";
import { plainAttempts } from "../../withdrawals/planning/plan-bytes.ts";
import { requestLike } from "../../withdrawals/crossing/export.ts";
import type { PlanRow } from "../../withdrawals/ports.ts";
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
import { PORTS } from "../../home/ports.ts";
import { countSetting } from "../../home/settings.ts";
import { adviceOn } from "../intent/small.ts";
import { answer } from "./build-answer.ts";
import { paceOf } from "./pace.ts";
import { feeRatesMilli } from "./rates.ts";

/** Asks the node for the wallet's coins first, then decides and stores everything in one transaction. */
export const run: Run = async (call) =>
  withOnline(call, async (online) => {
    requireSession(online);
    const policy = requirePolicy(online);
    const view = walletView(online.store, policy, parseName(requiredFlag(call.flags, "wallet"), "--wallet"));
    const pace = paceOf(online);
    const snapshot = await takeSnapshot(online, policy, view, { minutes: pace.minutes });
    const rates = feeRatesMilli(call.flags, BigInt(snapshot.feeRateMilli));
    const rule = batchRule(online);
    const max = countFlag(call.flags, "max", {
      min: 1,
      max: LIMITS.intentsPerPlanMax,
      otherwise: rule?.count ?? LIMITS.intentsPerPlanMax,
    });
    // In a step of its own: what is put on hold, or has lapsed, stays so when nothing is left to build.
    if (!call.dryRun) change(online, (tx) => review(online, tx));
    return change(online, (tx, operation) => {
      const replaces = replaced(tx, call.flags);
      const free = freeSnapshot(tx, snapshot, view, replaces?.id);
      const input = {
        ready: replaces === undefined ? readyIn(online, tx) : stillWanted(tx, replaces),
        max,
        view,
        snapshot: free,
        feeRatesMilli: rates,
        pace,
        unconfirmedChange: switchedOn(call.flags, "unconfirmedChange") || undefined,
        replaces,
      };
      const about = { policy, now: call.io.now(), operation, id: newId(online) };
      const { planned, due } = planBatch(tx, input, about, rule);
      const psbts = plainAttempts(PORTS, tx, planned.plan, { codec: bitcoinCodec, view: () => view });
      const psbtBytes = psbts.reduce((total, { length }) => total + length, 0);
      const request = requestLike(PORTS, tx, planned.plan, policy);
      const shape = parseDescriptor(view.wallet.descriptor, view.network);
      const advice = adviceOn(call.io, view.wallet.name, free, shape);
      return answer(online, { planned, snapshot, pace, request, psbtBytes, due, advice });
    });
  });

/** When a batch is due, by the settings; undefined where nobody asked. */
function batchRule({ call: { io, flags } }: Online): BatchRule | undefined {
  if (!switchedOn(flags, "whenDue")) return undefined;
  return {
    count: countSetting(io, "batch.max"),
    ageMinutes: countSetting(io, "batch.max-age-minutes"),
    rateMilli: 1000n * BigInt(countSetting(io, "batch.fee-rate")),
  };
}

// Built first, for only what can be paid now counts; what is not due is taken back with its transaction.
function planBatch(
  tx: Tx,
  input: Omit<BuildInput<BitcoinSnapshot>, "ready"> & { readonly ready: readonly Withdrawal[] },
  about: BuildAbout,
  rule: BatchRule | undefined,
): { readonly planned: Planned; readonly due: string | undefined } {
  const chain = { builder: bitcoinBuilder, codec: bitcoinCodec };
  if (rule === undefined) return { planned: buildPlan(PORTS, tx, chain, input, about), due: undefined };
  const rateMilli = BigInt(input.snapshot.feeRateMilli);
  try {
    const planned = buildPlan(PORTS, tx, chain, input, about);
    const ids = new Set(planned.withdrawals.map(({ id }) => id));
    // As they were read: their last step had made them ready.
    const since = input.ready.filter(({ id }) => ids.has(id)).map(({ updated }) => updated);
    return { planned, due: assertBatchDue({ count: ids.size, since, rateMilli }, rule, about.now) };
  } catch (error) {
    if (!isError(error, NOTHING_TO_BUILD)) throw error;
    assertBatchDue({ count: 0, since: [], rateMilli }, rule, about.now);
    throw error;
  }
}

// What waits is looked at again first: a delay may be over, signatures have lapsed, a customer be suspended (F25).
function review(online: Online, tx: Tx): void {
  const about = { policy: requirePolicy(online), now: online.call.io.now(), halts: haltsNow(PORTS, tx) };
  const page = { limit: LIMITS.pageRowsMax };
  for (const state of ["READY", "COOLING", "PENDING_APPROVAL"] as const)
    for (const withdrawal of listWithdrawals(tx, { state }, page)) advance(PORTS, tx, withdrawal, about);
}

function readyIn(online: Online, tx: Tx): readonly Withdrawal[] {
  const { flags, dryRun } = online.call;
  const page = { limit: LIMITS.pageRowsMax };
  if (dryRun) review(online, tx);
  const only = repeatedFlag(flags, "only").map((text) => parseId(text, "--only"));
  if (only.length === 0) return listWithdrawals(tx, { state: "READY" }, page);
  return only.map((id) => assertReady(getWithdrawal(tx, id)));
}

function assertReady(withdrawal: Withdrawal): Withdrawal {
  if (withdrawal.state === "READY") return withdrawal;
  throw STATE_CONFLICT(`withdrawal ${withdrawal.id} is ${withdrawal.state}, not READY`, {
    field: "--only",
    hint: `custody withdraw show ${withdrawal.id}`,
  });
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

/** The members of a plan that shall still be paid. */
function stillWanted(tx: Tx, { id }: { readonly id: Id }): readonly Withdrawal[] {
  const live = ["EXPORTED", "SIGNED", "BROADCASTING", "UNCERTAIN", "BROADCAST"];
  return withdrawalsOf(tx, id).filter(({ state }) => live.includes(state));
}
