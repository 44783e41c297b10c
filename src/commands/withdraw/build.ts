import { bitcoinBuilder, bitcoinCodec, freeCoins } from "../../chains/bitcoin/index.ts";
import { counted } from "../../core/count.ts";
import { formatAmount } from "../../core/amount.ts";
import { bitcoinAsset } from "../../core/asset.ts";
import { parseId, parseName, type Id } from "../../core/identifier.ts";
import { LIMITS } from "../../core/limits.ts";
import { STATE_CONFLICT } from "../../core/states/edges.ts";
import { getPlan, leasedKeys, lineOf } from "../../store/plans.ts";
import type { Tx } from "../../store/transaction.ts";
import { getWallet } from "../../store/wallets.ts";
import { getWithdrawal, listWithdrawals, withdrawalsOf, type Withdrawal } from "../../store/withdrawals.ts";
import {
  countFlag,
  optionalFlag,
  repeatedFlag,
  requiredFlag,
  type Flags,
  type Run,
} from "../../terminal/command.ts";
import { crossings, CROSSING_AT, type Crossing } from "../../terminal/crossing.ts";
import { windowFor } from "../../terminal/qr-screen.ts";
import { drawFacts } from "../../terminal/table.ts";
import { advance } from "../../withdrawals/advance.ts";
import { buildPlan, type Planned } from "../../withdrawals/build.ts";
import { haltsNow } from "../../withdrawals/evidence.ts";
import { plainAttempts } from "../../withdrawals/plan-bytes.ts";
import { requestLike } from "../../withdrawals/export.ts";
import type { PlanRow } from "../../withdrawals/ports.ts";
import { withNode } from "../../home/node.ts";
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
import { feeRatesMilli } from "./rates.ts";

/** Asks the node for the wallet's coins first, then decides and stores everything in one transaction. */
export const run: Run = async (call) =>
  withOnline(call, async (online) => {
    requireSession(online);
    const policy = requirePolicy(online);
    const view = walletView(online.store, policy, parseName(requiredFlag(call.flags, "wallet"), "--wallet"));
    const snapshot = await withNode(call, policy, (node) => node.snapshot(view));
    const rates = feeRatesMilli(call.flags, BigInt(snapshot.feeRateMilli));
    const max = countFlag(call.flags, "max", {
      min: 1,
      max: LIMITS.intentsPerPlanMax,
      otherwise: LIMITS.intentsPerPlanMax,
    });
    return change(online, (tx, operation) => {
      const replaces = replaced(tx, call.flags);
      const line = replaces === undefined ? [] : lineOf(tx, replaces.id).map(({ id }) => id);
      const leased = leasedKeys(tx, line);
      const free = freeCoins(snapshot.coins, leased, view.network);
      const input = {
        ready: replaces === undefined ? readyIn(online, tx) : stillWanted(tx, replaces),
        max,
        view,
        snapshot: { ...snapshot, coins: free, changeIndex: getWallet(tx, view.wallet.name).nextChange },
        feeRatesMilli: rates,
        replaces,
      };
      const about = { policy, now: call.io.now(), operation, id: newId(online) };
      const planned = buildPlan(PORTS, tx, { builder: bitcoinBuilder, codec: bitcoinCodec }, input, about);
      const psbts = plainAttempts(PORTS, tx, planned.plan, { codec: bitcoinCodec, view: () => view });
      const psbtBytes = psbts.reduce((total, { length }) => total + length, 0);
      return answer(online, planned, requestLike(PORTS, tx, planned.plan, policy), psbtBytes);
    });
  });

// What waits is looked at again first: KYC may have been accepted, a destination have come into force.
function readyIn(online: Online, tx: Tx): readonly Withdrawal[] {
  const { io, flags } = online.call;
  const policy = requirePolicy(online);
  const about = { policy, now: io.now(), halts: haltsNow(PORTS, tx) };
  const page = { limit: LIMITS.pageRowsMax };
  for (const state of ["COOLING", "PENDING_APPROVAL"] as const)
    for (const withdrawal of listWithdrawals(tx, { state }, page)) advance(PORTS, tx, withdrawal, about);
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

function replaced(tx: Tx, flags: Flags): PlanRow | undefined {
  const text = optionalFlag(flags, "replace");
  return text === undefined ? undefined : getPlan(tx, parseId(text, "--replace"));
}

/** The members of a plan that shall still be paid. */
function stillWanted(tx: Tx, { id }: { readonly id: Id }): readonly Withdrawal[] {
  const live = ["EXPORTED", "SIGNED", "BROADCASTING", "UNCERTAIN", "BROADCAST"];
  return withdrawalsOf(tx, id).filter(({ state }) => live.includes(state));
}

function answer({ network }: Online, planned: Planned, request: Uint8Array, psbtBytes: number) {
  const { plan, document, built, withdrawals, leftOut } = planned;
  const asset = bitcoinAsset(network);
  const show = (units: bigint) => formatAmount({ asset, units });
  const paid = withdrawals.reduce((total, withdrawal) => total + withdrawal.amount.units, 0n);
  const ways = crossings(request);
  const fees = built.rungs.map(({ feeUnits }) => feeUnits);
  return {
    data: {
      plan: plan.id,
      digest: plan.digest,
      ...(plan.replaces === undefined ? {} : { replaces: plan.replaces }),
      withdrawals: withdrawals.map(({ id }) => id),
      paidUnits: paid.toString(),
      feeUnits: fees[0] ?? "0",
      rungs: fees,
      ...(built.cancel === undefined ? {} : { cancelFeeUnits: built.cancel.feeUnits }),
      inputs: document.body.conflictKeys.length,
      requestBytes: request.length,
      psbtBytes,
      crossings: ways,
      leftOut: leftOut.map(({ withdrawal, why }) => ({ id: withdrawal.id, why })),
    },
    text: drawFacts([
      ["plan", plan.id],
      ...(plan.replaces === undefined ? [] : [["replaces", plan.replaces] as const]),
      ["pays", `${counted(withdrawals.length, "withdrawal")}, ${show(paid)}`],
      ...fees.map((fee, index) => [`fee, rung ${index + 1}`, show(BigInt(fee))] as const),
      ...(built.cancel === undefined ? [] : [["fee, cancel", show(BigInt(built.cancel.feeUnits))] as const]),
      ["inputs", String(document.body.conflictKeys.length)],
      ["request", `${request.length} bytes; plain PSBTs together ${psbtBytes} bytes`],
      ...ways.map(drawWay),
      ...(ways.length === 1
        ? [["by QR", "too large to be shown; take the file"] as const]
        : [["by QR at", assumptions()] as const]),
    ]),
    warnings: leftOut.map(({ withdrawal, why }) => `left out ${withdrawal.id}: ${why}`),
    next: `custody withdraw export ${plan.id} --out request.json`,
  };
}

function drawWay({ way, frames, minutes }: Crossing): readonly [string, string] {
  if (way === "file") return ["by file", "at once"];
  const name = way === "ur" ? "by QR (UR)" : "by QR (BBQr)";
  return [name, `about ${minutes} min: ${counted(frames, "frame")}`];
}

function assumptions(): string {
  const { framesPerSecond, density, lostPercent } = CROSSING_AT;
  return `density ${density} (${windowFor(density)}), ${framesPerSecond} frames a second, ${lostPercent} % of them missed`;
}
