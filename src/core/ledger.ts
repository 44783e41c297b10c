/**
 * Double entry, as pure rules: which accounts exist, what each event posts, and the one equation that always holds
 * (I1: debits equal credits, per asset). The store keeps postings; nothing in it computes money.
 */
import { feeAsset, type AssetId } from "./asset.ts";
import { assert } from "./errors.ts";
import type { Id, Name } from "./identifier.ts";

/**
 * Accounts by name. Assets and expenses grow by debit, what we owe grows by credit:
 * `wallet:<name>` coins we hold · `receivable:<pseudonym>` what a customer owes us · `expense:network-fee` · `expense:loss`
 * coins that are gone by nobody's order · `customer:<pseudonym>:available|held|frozen` · `transit:<withdrawal>`.
 */
export type LedgerAccount = string & { readonly __ledgerAccount?: never };

export const walletAccount = (wallet: Name): LedgerAccount => `wallet:${wallet}`;
export const availableAccount = (customer: Id): LedgerAccount => `customer:${customer}:available`;
export const heldAccount = (customer: Id): LedgerAccount => `customer:${customer}:held`;
export const frozenAccount = (customer: Id): LedgerAccount => `customer:${customer}:frozen`;
export const transitAccount = (withdrawal: Id): LedgerAccount => `transit:${withdrawal}`;
export const receivableAccount = (customer: Id): LedgerAccount => `receivable:${customer}`;
export const networkFeeAccount: LedgerAccount = "expense:network-fee";
export const lossAccount: LedgerAccount = "expense:loss";

/** Whether an account's balance grows by debit (an asset or an expense) or by credit (a debt). */
export function growsBy(account: LedgerAccount): "debit" | "credit" {
  return /^(wallet|receivable|expense):/.test(account) ? "debit" : "credit";
}

export type Entry = {
  readonly account: LedgerAccount;
  readonly side: "debit" | "credit";
  readonly asset: AssetId;
  readonly units: bigint;
};

/** Entries that are booked together or not at all. */
export type Posting = {
  readonly reason: PostingReason;
  readonly subject: string;
  readonly entries: readonly Entry[];
};

/** `undeposit`, `unsend`, `unsettle`, `unfreeze`, `unfail`, `unfee`, `unmove` and `unloss` take back the one before. */
export type PostingReason =
  | "deposit"
  | "undeposit"
  | "hold"
  | "release"
  | "send"
  | "unsend"
  | "settle"
  | "unsettle"
  | "freeze"
  | "unfreeze"
  | "fail"
  | "unfail"
  | "fee"
  | "unfee"
  | "move"
  | "unmove"
  | "loss"
  | "unloss";

export type Payment = {
  readonly withdrawal: Id;
  readonly customer: Id;
  readonly asset: AssetId;
  readonly units: bigint;
};

/** What a wallet has paid to its chain for one withdrawal: its share of the fee, in the asset in which the chain takes it. */
export type FeeShare = { readonly wallet: Name; readonly asset: AssetId; readonly units: bigint };

/** A deposit is deep enough: the wallet holds it, the customer may use it. */
export function postDeposit(deposit: {
  coin: string;
  wallet: Name;
  customer: Id;
  asset: AssetId;
  units: bigint;
}): Posting {
  return move(
    "deposit",
    deposit.coin,
    deposit.asset,
    deposit.units,
    walletAccount(deposit.wallet),
    availableAccount(deposit.customer),
  );
}

/** REQUESTED: available -> held. */
export function postHold(payment: Payment): Posting {
  const { withdrawal, customer, asset, units } = payment;
  return move("hold", withdrawal, asset, units, availableAccount(customer), heldAccount(customer));
}

/** REJECTED or CANCELLED before approval: held -> available. */
export function postRelease(payment: Payment): Posting {
  const { withdrawal, customer, asset, units } = payment;
  return move("release", withdrawal, asset, units, heldAccount(customer), availableAccount(customer));
}

/** BROADCASTING: held -> in transit. */
export function postSend(payment: Payment): Posting {
  const { withdrawal, customer, asset, units } = payment;
  return move("send", withdrawal, asset, units, heldAccount(customer), transitAccount(withdrawal));
}

/** What was sent can never settle, or is not wanted any more: in transit -> held. The exact reverse of `postSend`. */
export function postUnsend(payment: Payment): Posting {
  return reversed("unsend", postSend(payment));
}

/**
 * COMPLETED: what was paid has left the wallet; the network's fee is our expense. A posting is of one asset: where the chain
 * takes its fee in another one, it is booked beside this (`postPaymentFee`), and none is given here.
 * @param feeUnits this withdrawal's share of its transaction's fee
 */
export function postSettle(payment: Payment, wallet: Name, feeUnits: bigint): Posting {
  const { withdrawal, asset, units } = payment;
  const inCoin = feeAsset(asset) === asset;
  assert(inCoin || feeUnits === 0n, "no fee is paid in a token");
  const fee: readonly Entry[] = inCoin
    ? [{ account: networkFeeAccount, side: "debit", asset, units: feeUnits }]
    : [];
  return {
    reason: "settle",
    subject: withdrawal,
    entries: [
      { account: transitAccount(withdrawal), side: "debit", asset, units },
      ...fee,
      { account: walletAccount(wallet), side: "credit", asset, units: units + feeUnits },
    ],
  };
}

/** A deep reorganisation took a settlement back: the exact reverse of `postSettle`. */
export function postUnsettle(payment: Payment, wallet: Name, feeUnits: bigint): Posting {
  return reversed("unsettle", postSettle(payment, wallet, feeUnits));
}

/** COMPLETED, of a token: the fee, which the chain takes in its own coin, is our expense. */
export function postPaymentFee({ withdrawal }: Payment, fee: FeeShare): Posting {
  return move("fee", withdrawal, fee.asset, fee.units, networkFeeAccount, walletAccount(fee.wallet));
}

/** The exact reverse of `postPaymentFee`. */
export function postPaymentUnfee(...fee: Parameters<typeof postPaymentFee>): Posting {
  return reversed("unfee", postPaymentFee(...fee));
}

/** BLOCKED: held -> frozen. Nothing releases it but the people who froze it. */
export function postFreeze(payment: Payment): Posting {
  const { withdrawal, customer, asset, units } = payment;
  return move("freeze", withdrawal, asset, units, heldAccount(customer), frozenAccount(customer));
}

/** Not BLOCKED any more, or paid all the same: frozen -> held. The exact reverse of `postFreeze`. */
export function postUnfreeze(payment: Payment): Posting {
  return reversed("unfreeze", postFreeze(payment));
}

/** FAILED_ONCHAIN: a block holds the payment without its effect. The amount is still there; the fee is gone. */
export function postFailure({ withdrawal }: Payment, fee: FeeShare): Posting {
  return move("fail", withdrawal, fee.asset, fee.units, networkFeeAccount, walletAccount(fee.wallet));
}

/** A reorganisation took the failure back: the exact reverse of `postFailure`. */
export function postUnfailure(...failure: Parameters<typeof postFailure>): Posting {
  return reversed("unfail", postFailure(...failure));
}

/** A plan that paid nobody else is final (its cancel rung): the network's fee is our expense. */
export function postFee(fee: { plan: Id; wallet: Name; asset: AssetId; units: bigint }): Posting {
  return move("fee", fee.plan, fee.asset, fee.units, networkFeeAccount, walletAccount(fee.wallet));
}

/** The exact reverse of `postFee`. */
export function postUnfee(fee: Parameters<typeof postFee>[0]): Posting {
  return reversed("unfee", postFee(fee));
}

/** Coins have gone from one wallet of ours to another, or nowhere; the network's fee is our expense. */
export type Moved = {
  readonly movement: Id;
  readonly wallet: Name;
  /** Of a transfer: who has received `units`. */
  readonly destination?: Name | undefined;
  readonly asset: AssetId;
  readonly units: bigint;
  readonly feeUnits: bigint;
};

/** A movement is final. A token's fee, which the chain takes in its own coin, is its plan's (`postFee`). */
export function postMove({ movement, wallet, destination, asset, units, feeUnits }: Moved): Posting {
  assert(feeAsset(asset) === asset || feeUnits === 0n, "no fee is paid in a token");
  const paid = destination === undefined ? 0n : units;
  const received: readonly Entry[] =
    destination === undefined ? [] : [{ account: walletAccount(destination), side: "debit", asset, units }];
  return {
    reason: "move",
    subject: movement,
    entries: [
      { account: networkFeeAccount, side: "debit", asset, units: feeUnits },
      ...received,
      { account: walletAccount(wallet), side: "credit", asset, units: paid + feeUnits },
    ],
  };
}

/** The exact reverse of `postMove`. */
export function postUnmove(moved: Moved): Posting {
  return reversed("unmove", postMove(moved));
}

/**
 * One withdrawal's share of a fee: the n payments of a plan share it evenly, the first ones bear the remainder, so
 * that the shares add up to the fee exactly.
 */
export function feeShare(feeUnits: bigint, index: number, count: number): bigint {
  assert(index >= 0 && index < count, "fee share index");
  const parts = BigInt(count);
  return feeUnits / parts + (BigInt(index) < feeUnits % parts ? 1n : 0n);
}

/** What a posting does to each account's balance, in the direction in which that account grows. I1 is asserted. */
export function balanceChanges({ entries }: Posting): ReadonlyMap<LedgerAccount, bigint> {
  const changes = new Map<LedgerAccount, bigint>();
  const perAsset = new Map<AssetId, bigint>();
  for (const { account, side, asset, units } of entries) {
    assert(units >= 0n, "an entry is never negative");
    const signed = side === "debit" ? units : -units;
    perAsset.set(asset, (perAsset.get(asset) ?? 0n) + signed);
    changes.set(account, (changes.get(account) ?? 0n) + (growsBy(account) === side ? units : -units));
  }
  for (const [asset, difference] of perAsset)
    assert(difference === 0n, `posting does not balance in ${asset}`);
  return changes;
}

/** A posting's entries, each on the other side. */
export function reversed(
  reason: PostingReason,
  { subject, entries }: Pick<Posting, "subject" | "entries">,
): Posting {
  return {
    reason,
    subject,
    entries: entries.map((entry) => ({ ...entry, side: entry.side === "debit" ? "credit" : "debit" })),
  };
}

function move(
  reason: PostingReason,
  subject: string,
  asset: AssetId,
  units: bigint,
  debit: LedgerAccount,
  credit: LedgerAccount,
): Posting {
  return {
    reason,
    subject,
    entries: [
      { account: debit, side: "debit", asset, units },
      { account: credit, side: "credit", asset, units },
    ],
  };
}
