import type { ChainSnapshot, WalletView } from "../../chains/adapter.ts";
import { adapterOf, codecOf } from "../../chains/registry.ts";
import { feeAsset } from "../../core/asset.ts";
import { formatAmount } from "../../core/amount.ts";
import { parseId } from "../../core/identifier.ts";
import { attemptsOf } from "../../store/attempts.ts";
import { getPlan } from "../../store/plans.ts";
import { getMovement } from "../../store/treasury.ts";
import type { Tx } from "../../store/transaction.ts";
import { getWallet } from "../../store/wallets.ts";
import type { Run } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { buildMovement, type MovementInput, type MovementPlanned } from "../../treasury/build.ts";
import { advanceMovement } from "../../treasury/decide.ts";
import type { MovementRow } from "../../treasury/ports.ts";
import { assertWaits, PARENT_NOT_WAITING } from "../../treasury/parent.ts";
import { takeSnapshot } from "../../home/chain-snapshot.ts";
import { freeSnapshot, wholeSnapshot } from "../../home/free-snapshot.ts";
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
import { namedCoins } from "../named-coins.ts";
import { paceOf } from "../withdraw/pace.ts";
import { feeRatesMilli } from "../withdraw/rates.ts";
import { describe, drawMovement, nextFor } from "./draw.ts";

/** Asks the node for the wallet's coins first, then decides and stores everything in one transaction. */
export const run: Run = async (call) =>
  withOnline(call, async (online) => {
    requireSession(online);
    const policy = requirePolicy(online);
    const id = parseId(call.args[0] ?? "", "id");
    const { wallet, childOf: parent } = getMovement(online.store, id);
    const view = walletView(online.store, policy, wallet);
    const pace = paceOf(online, view.wallet.chain);
    const snapshot = await takeSnapshot(online, policy, view, { minutes: pace.minutes, parent });
    const rates = feeRatesMilli(call.flags, BigInt(snapshot.feeRateMilli));
    const planned = change(online, (tx, operation) => {
      const now = call.io.now();
      const { movement } = advanceMovement(PORTS, tx, getMovement(tx, id), { policy, now });
      const { target } = movement;
      const free = freeSnapshot(tx, snapshot, view, target);
      const input = {
        movement,
        view,
        // A message takes no coin: it shows those of other plans as well.
        snapshot: movement.type === "attest" ? wholeSnapshot(tx, snapshot, view) : free,
        feeRatesMilli: rates,
        pace,
        coins: namedCoins(call.flags, view, free),
        child: childOf(tx, movement, free, view),
        receive: receiveOf(online, tx, movement),
      };
      const about = { policy, now, operation, id: newId(online) };
      return buildMovement(PORTS, tx, adapterOf(view.wallet.chain), input, about);
    });
    return answer(planned);
  });

// The change of the parent's waiting rung; where another plan has leased it, or a block holds it by now, there is none.
function childOf(
  tx: Tx,
  { childOf: parent }: MovementRow,
  free: ChainSnapshot,
  view: WalletView,
): string | undefined {
  if (parent === undefined) return undefined;
  const { txid } = assertWaits(PORTS, tx, getPlan(tx, parent));
  const rungs = new Set<string>(attemptsOf(tx, parent).map((attempt) => attempt.txid));
  const coin = adapterOf(view.wallet.chain).builder.childCoin(free, view, rungs);
  if (coin !== undefined) return coin;
  throw PARENT_NOT_WAITING(`no change of transaction ${txid} of plan ${parent} is free`, {
    field: "plan",
    hint: "custody intent list   (another child may have it)",
  });
}

// Given out in the same transaction, so that no customer gets this address as well.
function receiveOf(online: Online, tx: Tx, { destination }: MovementRow): MovementInput<unknown>["receive"] {
  if (destination === undefined) return undefined;
  const { wallet } = walletView(online.store, requirePolicy(online), destination);
  const { chain, descriptor, nextReceive } = getWallet(tx, destination);
  const codec = codecOf(chain);
  const index = codec.addresses === "one" ? 0 : nextReceive;
  const { account } = codec.ownAccounts(descriptor, chain)(0, index);
  return { wallet, account, index };
}

function answer({ plan, document, built, movement }: MovementPlanned) {
  const fees = built.rungs.map(({ feeUnits }) => feeUnits);
  const asset = feeAsset(movement.asset);
  return {
    data: {
      ...describe(movement),
      plan: plan.id,
      digest: plan.digest,
      rungs: fees,
      ...(built.cancel === undefined ? {} : { cancelFeeUnits: built.cancel.feeUnits }),
      inputs: document.body.conflictKeys.length,
    },
    text: drawFacts([
      ...drawMovement(movement),
      ["plan", plan.id],
      ...fees.map((fee, index) => [`fee, rung ${index + 1}`, formatAmount({ asset, units: fee })] as const),
      ...(built.cancel === undefined
        ? []
        : [["fee, cancel", formatAmount({ asset, units: built.cancel.feeUnits })] as const]),
      ["inputs", String(document.body.conflictKeys.length)],
    ]),
    next: nextFor(movement, plan.id),
  };
}
