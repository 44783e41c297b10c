/**
 * A block spends coins of ours by a transaction that is no attempt of ours: theft, another copy of the seed, or a payment
 * that this database has forgotten (F3, F9). Two admins say what it was, and the books say it from then on: a withdrawal
 * that it has in fact paid is COMPLETED by it; the rest is the house's loss, and customers are owed what they were owed.
 */
import type { AccountId } from "../../core/account.ts";
import { formatAmount, type Amount } from "../../core/amount.ts";
import type { AssetId } from "../../core/asset.ts";
import type { Digest } from "../../core/digest.ts";
import { declareError } from "../../core/errors.ts";
import type { Id, Name } from "../../core/identifier.ts";
import type { Entry } from "../../core/ledger.ts";
import { lossSubject, postLoss, postUnloss } from "../../core/losses.ts";
import { PLAN_OUT, type PlanState } from "../../core/states/plan.ts";
import type { WithdrawalPorts } from "../ports.ts";
import type { WithdrawalRow } from "../rows.ts";
import { stepWithdrawal } from "../step.ts";

export const FOREIGN_UNKNOWN = declareError(
  "FOREIGN_UNKNOWN",
  "notFound",
  "No block that was read holds a transaction of somebody else's that spends coins of ours, as it was named.",
);
export const FOREIGN_SHALLOW = declareError(
  "FOREIGN_SHALLOW",
  "pending",
  "A transaction is not as deep in the chain as the policy asks, so that nothing is booked for it yet.",
);
export const FOREIGN_BOOKED = declareError(
  "FOREIGN_BOOKED",
  "conflict",
  "What a transaction took is booked already, or cannot be booked as a loss.",
);
export const NOT_PAID_BY = declareError(
  "NOT_PAID_BY",
  "denied",
  "A transaction does not pay what a withdrawal asks for, or pays another withdrawal with it.",
);
export const PAID_TOO_EARLY = declareError(
  "PAID_TOO_EARLY",
  "conflict",
  "A plan of a withdrawal may still pay it, so that it cannot be said to be paid by another transaction.",
);
type Taken = {
  readonly transaction: string;
  readonly wallet: Name;
  readonly asset: AssetId;
  readonly units: bigint;
  readonly height: number;
};
type Paid = { readonly coin: string; readonly account: AccountId; readonly amount: Amount };
type Settlement = { readonly withdrawal: Id; readonly coin: string; readonly units: bigint };

export type ForeignPorts<Tx> = Pick<WithdrawalPorts<Tx>, "post" | "moveWithdrawal" | "plansOfWithdrawal"> & {
  planOfTransaction(tx: Tx, transaction: string): Id | undefined;
  /** What it has taken from each wallet, as blocks show it. */
  takenBy(tx: Tx, transaction: string): readonly Taken[];
  /** What it leaves to the network, in base units. */
  feeOf(tx: Tx, transaction: string): bigint;
  /** What it pays to others. */
  foreignPayments(tx: Tx, transaction: string): readonly Paid[];
  findForeignBooking(tx: Tx, transaction: string, wallet: Name): { readonly asset: AssetId } | undefined;
  insertForeignBooking(tx: Tx, booking: Omit<Taken, "height"> & { readonly warrant: Digest }): void;
  foreignSettlementsOf(tx: Tx, transaction: string, wallet: Name): readonly Settlement[];
  insertForeignSettlement(
    tx: Tx,
    settlement: Settlement & {
      readonly transaction: string;
      readonly wallet: Name;
      readonly warrant: Digest;
    },
  ): void;
  /** The entries of a loss that is in the books. */
  bookedLoss(tx: Tx, subject: string): readonly Entry[] | undefined;
};

export type Deep = {
  /** Height of the newest block that is as deep as the policy asks. */
  readonly deep: number;
};

/**
 * What a transaction that is no attempt of ours has taken from `wallet`, as deep as the policy asks.
 * @param wallet may be left out where it has spent from one alone
 * @throws FOREIGN_UNKNOWN, FOREIGN_SHALLOW
 */
export function takenFrom<Tx>(
  ports: Pick<ForeignPorts<Tx>, "findForeignBooking" | "planOfTransaction" | "takenBy">,
  tx: Tx,
  { transaction, wallet }: { readonly transaction: string; readonly wallet?: Name | undefined },
  { deep }: Deep,
): Taken {
  const all = ports.planOfTransaction(tx, transaction) === undefined ? ports.takenBy(tx, transaction) : [];
  const [found, another] = all.filter((one) => wallet === undefined || one.wallet === wallet);
  const taken = found ?? goneAgain(ports, tx, transaction, wallet);
  if (taken === undefined || another !== undefined) {
    const names = all.map((one) => one.wallet).join(", ");
    const why = another === undefined ? "spends no coin that this names" : `spends from several: ${names}`;
    throw FOREIGN_UNKNOWN(`transaction ${transaction} ${why}`, {
      field: another === undefined ? "transaction" : "--wallet",
      hint: "custody status   (names what is not booked)",
    });
  }
  if (taken.height <= deep) return taken;
  throw FOREIGN_SHALLOW(`transaction ${transaction} is at height ${taken.height}, deep enough is ${deep}`, {
    field: "transaction",
    hint: "custody-watcher once   (when more blocks have been found)",
  });
}

// It was booked, and a reorganisation has taken it back since: it takes nothing any more (F10).
function goneAgain<Tx>(
  ports: Pick<ForeignPorts<Tx>, "findForeignBooking">,
  tx: Tx,
  transaction: string,
  wallet: Name | undefined,
): Taken | undefined {
  const booked = wallet && ports.findForeignBooking(tx, transaction, wallet);
  return booked && { transaction, wallet, asset: booked.asset, units: 0n, height: 0 };
}

/** Books what a transaction took and has paid no withdrawal as a loss. @throws FOREIGN_BOOKED when it is booked so */
export function bookLoss<Tx>(ports: ForeignPorts<Tx>, tx: Tx, taken: Taken, warrant: Digest): void {
  const { transaction, wallet } = taken;
  const before = ports.bookedLoss(tx, lossSubject(transaction, wallet));
  const booked = ports.findForeignBooking(tx, transaction, wallet) !== undefined;
  if (booked && sumOf(before) === restOf(ports, tx, taken).total) {
    throw FOREIGN_BOOKED(`what transaction ${transaction} took from wallet ${wallet} is booked`, {
      field: "transaction",
      hint: "custody ledger entries --account expense:loss",
    });
  }
  note(ports, tx, taken, warrant);
  rebook(ports, tx, taken);
}

/**
 * The payment of a transaction that a withdrawal asked for: to its destination, of its amount, and no other withdrawal's.
 * @throws NOT_PAID_BY
 */
export function paymentFor<Tx>(
  ports: Pick<ForeignPorts<Tx>, "foreignPayments" | "foreignSettlementsOf">,
  tx: Tx,
  { transaction, wallet }: Pick<Taken, "transaction" | "wallet">,
  { id, account, amount }: Pick<WithdrawalRow, "id" | "account" | "amount">,
): Paid {
  const taken = new Set(ports.foreignSettlementsOf(tx, transaction, wallet).map(({ coin }) => coin));
  const paid = ports
    .foreignPayments(tx, transaction)
    .find(
      (one) =>
        one.account === account &&
        one.amount.asset === amount.asset &&
        one.amount.units === amount.units &&
        !taken.has(one.coin),
    );
  if (paid !== undefined) return paid;
  throw NOT_PAID_BY(
    `transaction ${transaction} has no output left that pays ${formatAmount(amount)} to ${account}`,
    {
      field: "--by",
      hint: `custody withdraw cancel ${id}   (of another amount: it is asked for anew as it was paid)`,
    },
  );
}

/** Of a withdrawal's plans: it may still pay it, or has. */
const MAY_PAY: ReadonlySet<PlanState> = new Set(["DRAFT", ...PLAN_OUT, "SETTLED"]);

/**
 * A withdrawal is COMPLETED by a transaction that is no attempt of ours. What of that transaction was booked as a loss
 * before is booked anew.
 * @throws NOT_PAID_BY, PAID_TOO_EARLY, STATE_CONFLICT
 */
export function settleByForeign<Tx>(
  ports: ForeignPorts<Tx>,
  tx: Tx,
  withdrawal: WithdrawalRow,
  { taken, warrant }: { readonly taken: Taken; readonly warrant: Digest },
): WithdrawalRow {
  const { id, amount } = withdrawal;
  const { transaction, wallet } = taken;
  if (ports.takenBy(tx, transaction).length > 1) {
    throw NOT_PAID_BY(`transaction ${transaction} spends from several wallets: nobody can say which paid`, {
      field: "--by",
      hint: `custody ledger book-loss ${transaction} --wallet NAME --out warrant.json`,
    });
  }
  const { coin } = paymentFor(ports, tx, taken, withdrawal);
  const open = ports.plansOfWithdrawal(tx, id).find(({ state }) => MAY_PAY.has(state));
  if (open !== undefined) {
    throw PAID_TOO_EARLY(`plan ${open.id} of withdrawal ${id} is ${open.state}`, {
      field: "withdrawal.plan",
      hint:
        open.state === "DRAFT"
          ? `custody withdraw drop ${open.id}`
          : `custody withdraw dead ${open.id} --spent-by ${transaction} --out dead.json`,
      details: { plan: open.id },
    });
  }
  note(ports, tx, taken, warrant);
  ports.insertForeignSettlement(tx, {
    withdrawal: id,
    coin,
    transaction,
    wallet,
    units: amount.units,
    warrant,
  });
  assertEnough(ports, tx, taken);
  const event = { type: "paid by another transaction", transaction } as const;
  // Its fee is booked once, with what is left of the transaction.
  const completed = stepWithdrawal(ports, tx, withdrawal, event, { wallet, feeUnits: 0n });
  rebook(ports, tx, taken);
  return completed;
}

function note<Tx>(ports: ForeignPorts<Tx>, tx: Tx, taken: Taken, warrant: Digest): void {
  const { transaction, wallet, asset, units } = taken;
  assertEnough(ports, tx, taken);
  if (ports.findForeignBooking(tx, transaction, wallet) === undefined)
    ports.insertForeignBooking(tx, { transaction, wallet, asset, units, warrant });
}

// It may spend coins of others beside ours: what ours have not paid, no withdrawal of ours is settled by.
function assertEnough<Tx>(ports: ForeignPorts<Tx>, tx: Tx, taken: Taken): void {
  const { transaction, wallet } = taken;
  if (restOf(ports, tx, taken).total < 0n) {
    throw FOREIGN_BOOKED(`transaction ${transaction} has taken less from wallet ${wallet} than is booked`, {
      field: "transaction",
      hint: "custody ledger reconcile   (what came is uncredited, until people know whose it is)",
    });
  }
}

/** What is left of it is booked anew as one posting: it was more before a withdrawal was found to be paid by it. */
export function rebook<Tx>(
  ports: Pick<ForeignPorts<Tx>, "post" | "bookedLoss" | "feeOf" | "foreignSettlementsOf">,
  tx: Tx,
  taken: Omit<Taken, "height">,
): void {
  const { transaction, wallet, asset } = taken;
  const subject = lossSubject(transaction, wallet);
  const before = ports.bookedLoss(tx, subject);
  if (before !== undefined) ports.post(tx, postUnloss({ subject, entries: before }));
  const { lossUnits, feeUnits, total } = restOf(ports, tx, taken);
  if (total > 0n) ports.post(tx, postLoss({ transaction, wallet, asset, lossUnits, feeUnits }));
}

// Where it has paid somebody for us, what the network took of it was the price of that, and no loss.
function restOf<Tx>(
  ports: Pick<ForeignPorts<Tx>, "feeOf" | "foreignSettlementsOf">,
  tx: Tx,
  { transaction, wallet, units }: Omit<Taken, "height">,
): { readonly lossUnits: bigint; readonly feeUnits: bigint; readonly total: bigint } {
  const settled = ports.foreignSettlementsOf(tx, transaction, wallet);
  const total = units - settled.reduce((sum, paid) => sum + paid.units, 0n);
  const fee = settled.length === 0 ? 0n : ports.feeOf(tx, transaction);
  const feeUnits = fee < 0n ? 0n : fee < total ? fee : total;
  return { lossUnits: total - feeUnits, feeUnits, total };
}

function sumOf(entries: readonly Entry[] = []): bigint {
  return entries.reduce((sum, { side, units }) => (side === "credit" ? sum + units : sum), 0n);
}
