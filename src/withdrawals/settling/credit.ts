/**
 * Money has come to an address of ours that this database has given to nobody: it was given out in hours that a restore has
 * lost, and was passed over since (F9). Who was given it the client's side knows. Two admins credit it, coin by coin: the
 * address stays nobody's, so that what comes to it later is credited to nobody either until they look again.
 */
import type { AccountId } from "../../core/account.ts";
import type { Amount } from "../../core/amount.ts";
import type { Digest } from "../../core/digest.ts";
import { assert, declareError } from "../../core/errors.ts";
import type { Id, Name } from "../../core/identifier.ts";
import { postDeposit, type Posting } from "../../core/ledger.ts";

export const COIN_UNKNOWN = declareError(
  "COIN_UNKNOWN",
  "notFound",
  "No block that was read holds a coin of ours, as it was named.",
);
export const COIN_SHALLOW = declareError(
  "COIN_SHALLOW",
  "pending",
  "A coin is not as deep in the chain as deposits wait for, so that it is not credited yet.",
);
export const COIN_NOT_OPEN = declareError(
  "COIN_NOT_OPEN",
  "conflict",
  "A coin is not one that people may credit: it is credited, is to a customer's address, or is our own change.",
);

type Block = { readonly hash: string; readonly height: number };

export type Unclaimed = {
  /** The conflict key that spending it uses. */
  readonly coin: string;
  readonly wallet: Name;
  readonly account: AccountId;
  readonly amount: Amount;
  readonly block: Block;
};

export type CreditPorts<Tx> = {
  findCoin(
    tx: Tx,
    coin: string,
  ):
    | {
        readonly wallet: Name;
        readonly account: AccountId | undefined;
        readonly amount: Amount;
        readonly origin: string;
        readonly height: number;
        readonly blockHash: string | undefined;
      }
    | undefined;
  findAddress(
    tx: Tx,
    account: AccountId,
  ): { readonly branch: 0 | 1; readonly customer: Id | undefined } | undefined;
  findDeposit(tx: Tx, coin: string): { readonly customer: Id; readonly state: string } | undefined;
  /** The plan of the attempt that a transaction is; undefined where it is no attempt of ours. */
  planOfTransaction(tx: Tx, transaction: string): Id | undefined;
  /** What a transaction has taken from each wallet of ours. */
  takenBy(tx: Tx, transaction: string): readonly unknown[];
  insertDeposit(
    tx: Tx,
    deposit: {
      readonly coin: string;
      readonly account: AccountId;
      readonly customer: Id;
      readonly amount: Amount;
      readonly blockHash: string;
      readonly height: number;
      readonly warrant: Digest;
    },
  ): boolean;
  post(tx: Tx, posting: Posting): void;
};

type Reads<Tx> = Omit<CreditPorts<Tx>, "insertDeposit" | "post">;

/**
 * A coin that people may credit: to a receive address of nobody's, credited to nobody, and paid by others than us. What a
 * transaction that spends our coins brings back is our change, or was counted with what it took.
 * @param deep height of the newest block whose deposits are credited
 * @throws COIN_UNKNOWN, COIN_NOT_OPEN, COIN_SHALLOW
 */
export function unclaimedCoin<Tx>(
  ports: Reads<Tx>,
  tx: Tx,
  coin: string,
  { deep }: { readonly deep: number },
): Unclaimed {
  const found = ports.findCoin(tx, coin);
  const address = found?.account === undefined ? undefined : ports.findAddress(tx, found.account);
  if (found?.account === undefined || found.blockHash === undefined || address === undefined) {
    throw COIN_UNKNOWN(`no block that was read holds coin ${coin} at an address of ours`, {
      field: "coin",
      hint: "custody deposit unclaimed   (lists what may be credited)",
    });
  }
  const { wallet, account, amount, origin, height, blockHash: hash } = found;
  const why = whyNotOpen(ports, tx, coin, { origin, ...address });
  if (why !== undefined) {
    throw COIN_NOT_OPEN(`coin ${coin} ${why}`, {
      field: "coin",
      hint: "custody deposit unclaimed   (lists what may be credited)",
    });
  }
  if (height <= deep) return { coin, wallet, account, amount, block: { hash, height } };
  throw COIN_SHALLOW(`coin ${coin} is at height ${height}, deposits are credited up to ${deep}`, {
    field: "coin",
    hint: "custody-watcher once   (when more blocks have been found)",
  });
}

function whyNotOpen<Tx>(
  ports: Reads<Tx>,
  tx: Tx,
  coin: string,
  { origin, branch, customer }: { origin: string; branch: 0 | 1; customer: Id | undefined },
): string | undefined {
  const deposit = ports.findDeposit(tx, coin);
  if (deposit !== undefined)
    return `is a deposit of customer ${deposit.customer}, ${deposit.state}: the watcher follows it`;
  if (customer !== undefined) return `is at an address of customer ${customer}: the watcher credits it`;
  if (branch === 1) return "is at a change address, which nobody is given";
  const ours = ports.planOfTransaction(tx, origin) !== undefined || ports.takenBy(tx, origin).length > 0;
  return ours ? `was made by transaction ${origin}, which spends coins of ours` : undefined;
}

/**
 * Credits it to `customer`: the books say what they say of any deposit, and it is followed like one.
 * @param warrant of two admins
 */
export function creditCoin<Tx>(
  ports: Pick<CreditPorts<Tx>, "insertDeposit" | "post">,
  tx: Tx,
  { coin, wallet, account, amount, block }: Unclaimed,
  { customer, warrant }: { readonly customer: Id; readonly warrant: Digest },
): void {
  const { hash: blockHash, height } = block;
  const isNew = ports.insertDeposit(tx, { coin, account, customer, amount, blockHash, height, warrant });
  assert(isNew, "a coin that was credited before is not open");
  ports.post(tx, postDeposit({ coin, wallet, customer, asset: amount.asset, units: amount.units }));
}
