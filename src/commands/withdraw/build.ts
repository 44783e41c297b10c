import { bitcoinBuilder, bitcoinCodec } from "../../chains/bitcoin/index.ts";
import { amount, formatAmount } from "../../core/amount.ts";
import { bitcoinAsset } from "../../core/asset.ts";
import { documentBytes } from "../../core/document.ts";
import { parseName } from "../../core/identifier.ts";
import { leasedKeys } from "../../store/plans.ts";
import { getWallet } from "../../store/wallets.ts";
import { listWithdrawals } from "../../store/withdrawals.ts";
import { LIMITS } from "../../core/limits.ts";
import { requiredFlag, type Run } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { buildPlan, type Planned } from "../../withdrawals/build.ts";
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

/** Asks the node for the wallet's coins first, then decides and stores everything in one transaction. */
export const run: Run = async (call) =>
  withOnline(call, async (online) => {
    requireSession(online);
    const policy = requirePolicy(online);
    const view = walletView(online.store, policy, parseName(requiredFlag(call.flags, "wallet"), "--wallet"));
    const snapshot = await withNode(call, policy, (node) => node.snapshot(view));
    const planned = change(online, (tx, operation) => {
      const leased = leasedKeys(tx);
      const free = snapshot.coins.filter(
        ({ txid, vout }) => !leased.has(`${view.wallet.chain}:outpoint:${txid}:${vout}`),
      );
      const input = {
        ready: listWithdrawals(tx, { state: "READY" }, { limit: LIMITS.pageRowsMax }),
        view,
        snapshot: { ...snapshot, coins: free, changeIndex: getWallet(tx, view.wallet.name).nextChange },
      };
      return buildPlan(PORTS, tx, { builder: bitcoinBuilder, codec: bitcoinCodec }, input, {
        policy,
        now: call.io.now(),
        operation,
        id: newId(online),
      });
    });
    return answer(online, planned);
  });

function answer({ network }: Online, { plan, document, withdrawals, leftOut }: Planned) {
  const asset = bitcoinAsset(network);
  const paid = withdrawals.reduce((total, withdrawal) => total + withdrawal.amount.units, 0n);
  const bytes = documentBytes(document).length;
  return {
    data: {
      plan: plan.id,
      digest: plan.digest,
      withdrawals: withdrawals.map(({ id }) => id),
      paidUnits: paid.toString(),
      feeUnits: plan.feeUnits.toString(),
      inputs: document.body.conflictKeys.length,
      bytes,
      leftOut: leftOut.map(({ withdrawal, why }) => ({ id: withdrawal.id, why })),
    },
    text: drawFacts([
      ["plan", plan.id],
      ["pays", `${withdrawals.length} withdrawals, ${formatAmount(amount(asset, paid))}`],
      ["fee", formatAmount(amount(asset, plan.feeUnits))],
      ["inputs", String(document.body.conflictKeys.length)],
      ["size", `${bytes} bytes, by file`],
    ]),
    warnings: leftOut.map(({ withdrawal, why }) => `left out ${withdrawal.id}: ${why}`),
    next: `custody withdraw export ${plan.id} --out request.json`,
  };
}
