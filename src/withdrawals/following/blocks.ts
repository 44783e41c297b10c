/**
 * What a block shows of our coins, whoever made its transactions. The second net under the states of attempts: what spends
 * a coin of ours and is no attempt of ours is theft, another copy of the seed, or a payment that this database has
 * forgotten (F3, F9). Nothing is built from such a database, and what may have been paid is never planned again.
 */
import type { DecodedAttempts } from "../../chains/adapter.ts";
import type { BlockTransaction, ChainBlock } from "../../chains/chain-node.ts";
import { kindOf, placeOf, rungOfTransaction, type AttemptKind } from "../../chains/attempts.ts";
import { makerOf } from "../../chains/keys.ts";
import type { AccountId } from "../../core/account.ts";
import type { Amount } from "../../core/amount.ts";
import type { AssetId } from "../../core/asset.ts";
import type { ChainId } from "../../core/chain.ts";
import { drawnKey } from "../../core/conflict-key.ts";
import type { Id, Name } from "../../core/identifier.ts";
import { PLAN_OUT, PLAN_OVER, type PlanState } from "../../core/states/plan.ts";
import type { PlanRow } from "../rows.ts";
import { takeFrom } from "./holdings.ts";

type Coin = { readonly wallet: Name; readonly spentBy: string | undefined };
type Sighting = { readonly withdrawal: Id; readonly coin: string; readonly transaction: string };

export type BlockPorts<Tx> = {
  findAddress(tx: Tx, account: AccountId): { readonly wallet: Name } | undefined;
  /** Gives out the wallet's next change address, which `index` must be. */
  insertAddress(
    tx: Tx,
    address: {
      readonly account: AccountId;
      readonly wallet: Name;
      readonly branch: 1;
      readonly index: number;
    },
  ): unknown;
  findCoin(tx: Tx, coin: string): Coin | undefined;
  insertCoin(
    tx: Tx,
    coin: {
      readonly coin: string;
      readonly wallet: Name;
      readonly account: AccountId | undefined;
      readonly amount: Amount;
      readonly origin: string;
      readonly height: number;
      /** Of the block that made it, where it is the one that is read. */
      readonly blockHash?: string | undefined;
    },
  ): void;
  spendCoin(tx: Tx, coin: string, transaction: string, height: number): void;
  /** The plan of the attempt that a transaction is; undefined where it is no attempt of ours. */
  planOfTransaction(tx: Tx, transaction: string): Id | undefined;
  /** Every plan that was ever built over a conflict key, whatever has become of it. */
  plansOver(tx: Tx, coin: string): readonly Id[];
  getPlan(tx: Tx, id: Id): PlanRow;
  insertForeignPayment(
    tx: Tx,
    payment: {
      readonly coin: string;
      readonly transaction: string;
      readonly account: AccountId;
      readonly amount: Amount;
      readonly height: number;
    },
  ): void;
  newSightings(tx: Tx): readonly (Sighting & { readonly same: boolean })[];
  insertSighting(tx: Tx, sighting: Sighting): void;
  wasQuarantined(tx: Tx, cause: "foreign-spend", subject: string): boolean;
  openQuarantine(
    tx: Tx,
    opened: {
      readonly id: Id;
      readonly cause: "foreign-spend";
      readonly subject: string;
      readonly detail: string;
    },
  ): boolean;
  saveSeenBlock(tx: Tx, chain: ChainId, block: { readonly height: number; readonly hash: string }): void;
};

export type BlockAbout = {
  readonly chain: ChainId;
  /** The asset in which the chain's coins are. */
  readonly asset: AssetId;
  /** A plan's attempts, as its chain's codec reads them. */
  readonly decode: (plan: PlanRow) => DecodedAttempts<unknown>;
  readonly newId: () => Id;
  /** The change addresses of a wallet that were not given out yet, the next one first, as far as a signer follows (law 10). */
  readonly changeAhead: (wallet: Name) => readonly ChangeAddress[];
  /**
   * Keeps a rung or cancel rung of a plan that a block holds, and whose receipt has not come, as an attempt of ours.
   * @returns false where it pays nobody any more whom it was to pay: nothing is kept
   */
  readonly adopt: (early: Early) => boolean;
};

export type ChangeAddress = { readonly account: AccountId; readonly index: number };

/** An attempt of ours as a block holds it: its place in its plan, and its bytes with their signatures. */
export type Early = {
  readonly plan: PlanRow;
  readonly rung: number;
  readonly kind: AttemptKind;
  readonly feeUnits: bigint;
  readonly transaction: BlockTransaction;
};

/** What people have to hear of a block. */
export type BlockCry = {
  readonly event: "foreign spend" | "paid by a stranger" | "sent before its receipt";
  readonly transaction: string;
  readonly reason: string;
  readonly withdrawal?: Id | undefined;
};

/** Takes in one block, in the order of its transactions: a later one may spend what an earlier one makes. */
export function takeBlock<Tx>(
  ports: BlockPorts<Tx>,
  tx: Tx,
  block: ChainBlock,
  about: BlockAbout,
): readonly BlockCry[] {
  const cries: BlockCry[] = [];
  for (const transaction of block.transactions) {
    const { cry, name: origin } = takeSpends(ports, tx, transaction, block.height, about);
    if (cry !== undefined) cries.push(cry);
    for (const { coin, account, amount } of transaction.pays) {
      const address = ports.findAddress(tx, account);
      if (address === undefined) continue;
      const { height, hash: blockHash } = block;
      ports.insertCoin(tx, { coin, wallet: address.wallet, account, amount, origin, height, blockHash });
    }
  }
  ports.saveSeenBlock(tx, about.chain, block);
  return [...cries, ...matchPayments(ports, tx)];
}

/** Matches what strangers have paid from our coins with what withdrawals ask for. Asked again for each later request. */
export function matchPayments<Tx>(
  ports: Pick<BlockPorts<Tx>, "newSightings" | "insertSighting">,
  tx: Tx,
): readonly BlockCry[] {
  return ports.newSightings(tx).map(({ same, ...sighting }) => {
    ports.insertSighting(tx, sighting);
    const { withdrawal, transaction } = sighting;
    const what = same
      ? `what withdrawal ${withdrawal} asks for`
      : `to the destination of withdrawal ${withdrawal}, another amount`;
    const reason = `transaction ${transaction} has paid ${what}, from our coins, and is no attempt of it: it is stopped until two admins say what that was`;
    return { event: "paid by a stranger", transaction, withdrawal, reason };
  });
}

function takeSpends<Tx>(
  ports: BlockPorts<Tx>,
  tx: Tx,
  transaction: BlockTransaction,
  height: number,
  about: BlockAbout,
): { readonly name: string; readonly cry?: BlockCry | undefined } {
  const { id, signed = id, spends, takes = [] } = transaction;
  const touched = spends.filter(
    (key) => ports.findCoin(tx, key) !== undefined || ports.plansOver(tx, key).length > 0,
  );
  const own = ports.planOfTransaction(tx, signed);
  if (touched.length === 0 && takes.length === 0 && own === undefined) return { name: id };
  const planned = own === undefined ? plannedBy(ports, tx, { spends, signed }, about) : undefined;
  const plan = own ?? planned?.plan.id;
  // Attempts have the name of what was signed; whatever else there is has the id by which people find it.
  const name = plan === undefined ? id : signed;
  if (plan !== undefined) learnInputs(ports, tx, ports.getPlan(tx, plan), transaction, { height, about });
  for (const key of spends) if (ports.findCoin(tx, key) !== undefined) ports.spendCoin(tx, key, name, height);
  for (const [place, taken] of takes.entries())
    takeFrom(ports, tx, taken, { key: drawnKey(about.chain, id, place), transaction: name, height });
  if (own !== undefined) return { name };
  const isLate = planned !== undefined && HAS_LEFT.has(planned.plan.state);
  if (!isLate || !about.adopt({ ...planned, transaction: { ...transaction, id: name } }))
    return { name, cry: foreign(ports, tx, { ...transaction, id: name }, { height, about, touched }) };
  const reason = `a block holds an attempt of plan ${planned.plan.id} whose receipt was never imported here`;
  return { name, cry: { event: "sent before its receipt", transaction: name, reason } };
}

/** Those that may still settle first: of two plans that were built to the same bytes, the later one is what was sent. */
const LIKELY_FIRST: readonly PlanState[] = [
  "SIGNED",
  "EXPORTED",
  "REPLACED",
  ...PLAN_OVER,
  "DRAFT",
  "DROPPED",
];

/** What this database has not let out, nobody can have signed: its rows about that are lost, and people look (F9). */
const HAS_LEFT: ReadonlySet<PlanState> = new Set([...PLAN_OUT, ...PLAN_OVER]);

// Whoever has the signed file may send it before the receipt is here, or keep the receipt back: the same effects. For ever:
// a plan that has lost its coins to another is asked too, for a reorganisation may let in what was withheld (F6, F10).
function plannedBy<Tx>(
  ports: BlockPorts<Tx>,
  tx: Tx,
  { signed, spends }: { readonly signed: string; readonly spends: readonly string[] },
  { decode }: BlockAbout,
): Omit<Early, "transaction"> | undefined {
  const over = new Set(spends.flatMap((key) => ports.plansOver(tx, key)));
  const plans = [...over].map((plan) => ports.getPlan(tx, plan));
  for (const plan of LIKELY_FIRST.flatMap((state) => plans.filter((one) => one.state === state))) {
    const decoded = decode(plan);
    const [rung, found] = rungOfTransaction(decoded, signed) ?? [];
    if (rung === undefined || found === undefined) continue;
    return { plan, rung: placeOf(decoded, rung), kind: kindOf(rung), feeUnits: found.fee.units };
  }
  return undefined;
}

// A coin at an address that was never given out is first seen here, by the proven amount with which it was planned.
function learnInputs<Tx>(
  ports: BlockPorts<Tx>,
  tx: Tx,
  plan: PlanRow,
  { spends }: BlockTransaction,
  { height, about }: { readonly height: number; readonly about: BlockAbout },
): void {
  // What nothing makes, a nonce, is no coin.
  const unknown = spends.filter((key) => makerOf(key) !== undefined && ports.findCoin(tx, key) === undefined);
  if (unknown.length === 0) return;
  for (const { conflictKey: coin, units } of about.decode(plan).rungs[0]?.inputs ?? []) {
    if (!unknown.includes(coin)) continue;
    const amount = { asset: about.asset, units: BigInt(units) };
    const origin = makerOf(coin) ?? "";
    ports.insertCoin(tx, { coin, wallet: plan.wallet, account: undefined, amount, origin, height });
  }
}

function walletsOf<Tx>(ports: BlockPorts<Tx>, tx: Tx, coins: readonly string[]): ReadonlySet<Name> {
  return new Set(
    coins.flatMap((coin) => {
      const own = ports.findCoin(tx, coin);
      if (own !== undefined) return [own.wallet];
      return ports.plansOver(tx, coin).map((plan) => ports.getPlan(tx, plan).wallet);
    }),
  );
}

/**
 * Change of hours that this database has lost went to addresses that it has not given out yet (F9). Unknown, our own coins
 * would be booked as paid away. The index runs as far as blocks show that signers have followed it, and no further.
 */
function learnChange<Tx>(
  ports: BlockPorts<Tx>,
  tx: Tx,
  wallet: Name,
  { pays, about }: Pick<BlockTransaction, "pays"> & { readonly about: BlockAbout },
): void {
  const paid = new Set(pays.map(({ account }) => account));
  const ahead = about.changeAhead(wallet);
  const last = ahead.findLastIndex(({ account }) => paid.has(account));
  for (const { account, index } of ahead.slice(0, last + 1))
    ports.insertAddress(tx, { account, wallet, branch: 1, index });
}

function foreign<Tx>(
  ports: BlockPorts<Tx>,
  tx: Tx,
  { id, pays }: BlockTransaction,
  { height, about, touched }: { height: number; about: BlockAbout; touched: readonly string[] },
): BlockCry {
  for (const wallet of walletsOf(ports, tx, touched)) learnChange(ports, tx, wallet, { pays, about });
  for (const { coin, account, amount } of pays) {
    if (ports.findAddress(tx, account) !== undefined) continue;
    ports.insertForeignPayment(tx, { coin, transaction: id, account, amount, height });
  }
  const coins = touched.length === 1 ? "a coin" : `${touched.length} coins`;
  const takes = touched.length === 0 ? "takes from an account" : `spends ${coins}`;
  const detail = `transaction ${id} at height ${height} ${takes} of ours and is no attempt of ours`;
  if (!ports.wasQuarantined(tx, "foreign-spend", id))
    ports.openQuarantine(tx, { id: about.newId(), cause: "foreign-spend", subject: id, detail });
  return { event: "foreign spend", transaction: id, reason: detail };
}
