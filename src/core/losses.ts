/** What the ledger books where the chain has moved money without us, or has taken it back. */
import type { AssetId } from "./asset.ts";
import type { Name } from "./identifier.ts";
import {
  availableAccount,
  lossAccount,
  networkFeeAccount,
  receivableAccount,
  reversed,
  walletAccount,
  type Entry,
  type postDeposit,
  type Posting,
} from "./ledger.ts";

/**
 * A deposit's block has left the chain deeper than it was waited for: the coin is not there, so that the wallet holds less
 * and the customer has less. What the customer has spent already is owed to us.
 * @param availableUnits what the customer has available; the rest of the deposit becomes a receivable
 */
export function postUndeposit(
  { coin, wallet, customer, asset, units }: Parameters<typeof postDeposit>[0],
  availableUnits: bigint,
): Posting {
  const back = availableUnits < units ? availableUnits : units;
  return {
    reason: "undeposit",
    subject: coin,
    entries: booked([
      { account: availableAccount(customer), side: "debit", asset, units: back },
      { account: receivableAccount(customer), side: "debit", asset, units: units - back },
      { account: walletAccount(wallet), side: "credit", asset, units },
    ]),
  };
}

/** A deposit that was taken back is in the chain again: the exact reverse of its `undeposit`. */
export function postRedeposit(undeposit: Pick<Posting, "subject" | "entries">): Posting {
  return reversed("deposit", undeposit);
}

/**
 * Coins have left a wallet by a transaction that is no attempt of ours, and people have booked what of it was no payment:
 * it is the house's loss, and customers are owed what they were owed.
 * @param gone `feeUnits`: the network's part of it, known where the rest was a payment
 */
export function postLoss(gone: {
  readonly transaction: string;
  readonly wallet: Name;
  readonly asset: AssetId;
  readonly lossUnits: bigint;
  readonly feeUnits: bigint;
}): Posting {
  const { transaction, wallet, asset, lossUnits, feeUnits } = gone;
  return {
    reason: "loss",
    subject: lossSubject(transaction, wallet),
    entries: booked([
      { account: lossAccount, side: "debit", asset, units: lossUnits },
      { account: networkFeeAccount, side: "debit", asset, units: feeUnits },
      { account: walletAccount(wallet), side: "credit", asset, units: lossUnits + feeUnits },
    ]),
  };
}

/** Under what the loss of a wallet by a transaction is booked, once. */
export function lossSubject(transaction: string, wallet: Name): string {
  return `${transaction}:${wallet}`;
}

/** People have found out more about a loss, which is booked anew: the exact reverse of what was booked. */
export function postUnloss(loss: Pick<Posting, "subject" | "entries">): Posting {
  return reversed("unloss", loss);
}

/** An account that nothing happens to is not named. */
function booked(entries: readonly Entry[]): readonly Entry[] {
  return entries.filter(({ units }) => units > 0n);
}
