/**
 * What a block shows of our coins, whoever made its transactions. The second net under the states of attempts: what spends
 * a coin of ours and is no attempt of ours is theft, another copy of the seed, or a payment that this database has
 * forgotten (F3, F9). Nothing is built from such a database, and what may have been paid is never planned again.
 */
import type { BlockTransaction, ChainBlock, DecodedAttempts } from "../chains/adapter.ts";
import type { AccountId } from "../core/account.ts";
import type { Amount } from "../core/amount.ts";
import type { AssetId } from "../core/asset.ts";
import type { ChainId } from "../core/chain.ts";
import type { Id, Name } from "../core/identifier.ts";
import type { PlanState } from "../core/states/plan.ts";
import type { PlanRow } from "./ports.ts";

type Coin = { readonly wallet: Name; readonly spentBy: string | undefined };
type Sighting = { readonly withdrawal: Id; readonly coin: string; readonly transaction: string };

export type BlockPorts<Tx> = {
  findAddress(tx: Tx, account: AccountId): { readonly wallet: Name } | undefined;
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
    },
  ): void;
  spendCoin(tx: Tx, coin: string, transaction: string, height: number): void;
  /** The plan of the attempt that a transaction is; undefined where it is no attempt of ours. */
  planOfTransaction(tx: Tx, transaction: string): Id | undefined;
  /** The plan that has leased a conflict key. */
  planHolding(tx: Tx, coin: string): Id | undefined;
  getPlan(tx: Tx, id: Id): PlanRow;
  /** All plans over the same coins as one, itself included. */
  lineOf(tx: Tx, plan: Id): readonly PlanRow[];
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
  /** Keeps a rung or cancel rung of a plan that a block holds, and whose receipt has not come, as an attempt of ours. */
  readonly adopt: (early: Early) => void;
};

/** An attempt of ours as a block holds it: its place in its plan, and its bytes with their signatures. */
export type Early = {
  readonly plan: PlanRow;
  readonly rung: number;
  readonly kind: "rung" | "cancel";
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
    const cry = takeSpends(ports, tx, transaction, block.height, about);
    if (cry !== undefined) cries.push(cry);
    for (const { coin, account, amount } of transaction.pays) {
      const address = ports.findAddress(tx, account);
      if (address === undefined) continue;
      const { height } = block;
      ports.insertCoin(tx, { coin, wallet: address.wallet, account, amount, origin: transaction.id, height });
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
): BlockCry | undefined {
  const { id, spends } = transaction;
  const touched = spends.filter(
    (key) => ports.findCoin(tx, key) !== undefined || ports.planHolding(tx, key) !== undefined,
  );
  const own = ports.planOfTransaction(tx, id);
  if (touched.length === 0 && own === undefined) return undefined;
  const planned = own === undefined ? plannedBy(ports, tx, transaction, about) : undefined;
  const plan = own ?? planned?.plan.id;
  if (plan !== undefined) learnInputs(ports, tx, ports.getPlan(tx, plan), transaction, { height, about });
  for (const key of spends) if (ports.findCoin(tx, key) !== undefined) ports.spendCoin(tx, key, id, height);
  if (own !== undefined) return undefined;
  if (planned === undefined || !HAS_LEFT.has(planned.plan.state))
    return foreign(ports, tx, transaction, { height, about, touched });
  about.adopt({ ...planned, transaction });
  const reason = `a block holds an attempt of plan ${planned.plan.id} whose receipt was never imported here`;
  return { event: "sent before its receipt", transaction: id, reason };
}

/** What this database has not let out, nobody can have signed: its rows about that are lost, and people look (F9). */
const HAS_LEFT: ReadonlySet<PlanState> = new Set([
  "EXPORTED",
  "SIGNED",
  "REPLACED",
  "SETTLED",
  "CANCELLED",
  "DEAD",
]);

// Whoever has the signed file may send it before the receipt is here, or keep the receipt back: the same effects.
function plannedBy<Tx>(
  ports: BlockPorts<Tx>,
  tx: Tx,
  { id, spends }: BlockTransaction,
  { decode }: BlockAbout,
): Omit<Early, "transaction"> | undefined {
  const holding = new Set(spends.flatMap((key) => ports.planHolding(tx, key) ?? []));
  // One that takes its place has the same coins, and its leases are those of the first.
  for (const plan of [...holding].flatMap((first) => ports.lineOf(tx, first))) {
    const { rungs, cancel } = decode(plan);
    const attempts = [...rungs, ...(cancel === undefined ? [] : [cancel])];
    const rung = attempts.findIndex(({ transaction }) => transaction === id);
    const found = attempts[rung];
    if (found === undefined) continue;
    return { plan, rung, kind: found === cancel ? "cancel" : "rung", feeUnits: found.fee.units };
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
  const unknown = spends.filter((key) => ports.findCoin(tx, key) === undefined);
  if (unknown.length === 0) return;
  for (const { conflictKey: coin, units } of about.decode(plan).rungs[0]?.inputs ?? []) {
    if (!unknown.includes(coin)) continue;
    const amount = { asset: about.asset, units: BigInt(units) };
    const origin = coin.split(":").at(-2) ?? "";
    ports.insertCoin(tx, { coin, wallet: plan.wallet, account: undefined, amount, origin, height });
  }
}

function foreign<Tx>(
  ports: BlockPorts<Tx>,
  tx: Tx,
  { id, pays }: BlockTransaction,
  { height, about, touched }: { height: number; about: BlockAbout; touched: readonly string[] },
): BlockCry {
  for (const { coin, account, amount } of pays) {
    if (ports.findAddress(tx, account) !== undefined) continue;
    ports.insertForeignPayment(tx, { coin, transaction: id, account, amount, height });
  }
  const coins = touched.length === 1 ? "a coin" : `${touched.length} coins`;
  const detail = `transaction ${id} at height ${height} spends ${coins} of ours and is no attempt of ours`;
  if (!ports.wasQuarantined(tx, "foreign-spend", id))
    ports.openQuarantine(tx, { id: about.newId(), cause: "foreign-spend", subject: id, detail });
  return { event: "foreign spend", transaction: id, reason: detail };
}
