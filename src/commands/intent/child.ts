/** How much a child brings together: the change of the waiting plan that it has mined, and more where people say so. */
import type { WalletView } from "../../chains/adapter.ts";
import { attemptAt } from "../../chains/attempts.ts";
import { amount, formatAmount, parseAmount, positive, type Amount } from "../../core/amount.ts";
import { nativeAsset } from "../../core/asset.ts";
import { assert, declareError } from "../../core/errors.ts";
import { requirePolicy, walletView, type Online } from "../../home/online.ts";
import { readingIn } from "../../home/plan-reading.ts";
import { PORTS } from "../../home/ports.ts";
import type { Tx } from "../../store/transaction.ts";
import { optionalFlag } from "../../terminal/command.ts";
import { assertWaits } from "../../treasury/parent.ts";
import { attemptsAsBuilt } from "../../withdrawals/planning/plan-bytes.ts";
import type { PlanRow } from "../../withdrawals/rows.ts";

export const CHILD_TOO_SMALL = declareError(
  "CHILD_TOO_SMALL",
  "usage",
  "A child may bring together less than the change that it has to spend.",
);

/**
 * What `--amount` says of a child of `parent`; all of the waiting change where it says nothing.
 * @throws PARENT_NOT_WAITING, CHILD_TOO_SMALL
 */
export function childAmount(online: Online, tx: Tx, parent: PlanRow): Amount {
  const view = walletView(online.store, requirePolicy(online), parent.wallet);
  const asset = nativeAsset(view.wallet.chain);
  const change = amount(asset, waitingUnits(tx, parent, view));
  const text = optionalFlag(online.call.flags, "amount");
  if (text === undefined) return change;
  const asked = positive(parseAmount(text, asset, "--amount"), "--amount");
  if (asked.units >= change.units) return asked;
  throw CHILD_TOO_SMALL(`the change that waits is ${formatAmount(change)}, and a child spends all of it`, {
    field: "--amount",
    hint: `custody intent new --type consolidate --child-of ${parent.id}   (without --amount: all of the change)`,
  });
}

function waitingUnits(tx: Tx, parent: PlanRow, view: WalletView): bigint {
  const { rung } = assertWaits(PORTS, tx, parent);
  const decoded = attemptsAsBuilt(PORTS, tx, parent, readingIn(view));
  const change = attemptAt(decoded, rung)?.effects.find(({ type }) => type === "change");
  assert(change?.type === "change", "a plan with a change index pays change in each of its rungs");
  return change.units;
}
