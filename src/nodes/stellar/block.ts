/** A ledger as the watcher reads it: every transaction in it is proven by its header, and those that touch us are told. */
import type { BlockTransaction, ChainBlock } from "../../chains/chain-node.ts";
import {
  movementsOf,
  readApplied,
  type AppliedTransaction,
  type Movements,
  type Ours,
} from "../../chains/stellar/applied.ts";
import { assertAllOf, readOutcome, type LedgerHeader } from "../../chains/stellar/ledger.ts";
import { sequenceKey } from "../../chains/stellar/sequence-key.ts";
import { conflictKey } from "../../core/conflict-key.ts";
import type * as z from "zod";
import { malformedAnswer } from "../failure.ts";
import { TRANSACTIONS_MAX, transactionsAnswer } from "./answers.ts";
import { checked, readHeaderAt, type StellarRpc } from "./header.ts";

type Listed = z.output<typeof transactionsAnswer>["transactions"][number];

/** The metadata that comes with them is long. */
const LARGE = { timeoutMs: 60_000, isLarge: true };
/** Transactions of one ledger, above whatever validators allow. */
const LEDGER_TRANSACTIONS_MAX = 10_000;

/** @returns undefined above the newest ledger @throws STELLAR_LEDGER_GONE, NODE_ANSWER_MALFORMED */
export async function readBlock(
  rpc: StellarRpc,
  height: number,
  ours: Ours,
): Promise<ChainBlock | undefined> {
  const header = await readHeaderAt(rpc, height);
  if (header === undefined) return undefined;
  const listed = await transactionsOf(rpc, height);
  checked("getTransactions", () =>
    assertAllOf(
      header,
      listed.map(({ txHash, resultXdr }) => ({ id: txHash, result: resultXdr })),
    ),
  );
  return {
    height,
    hash: header.hash,
    parent: height === 1 ? undefined : header.parent,
    transactions: listed
      .map((one) => checked("getTransactions", () => toldIn(one, ours)))
      .filter((told) => touches(told, ours))
      .map((told) => transactionOf(told, header, ours)),
  };
}

// The pages are by place in all ledgers: those of the next one come behind.
async function transactionsOf(rpc: StellarRpc, height: number): Promise<readonly Listed[]> {
  const found: Listed[] = [];
  let cursor: string | undefined;
  for (;;) {
    const pagination = { limit: TRANSACTIONS_MAX, ...(cursor === undefined ? {} : { cursor }) };
    const params = cursor === undefined ? { startLedger: height, pagination } : { pagination };
    const page = await rpc.read("getTransactions", params, transactionsAnswer, LARGE);
    found.push(...page.transactions.filter(({ ledger }) => ledger === height));
    const isOver = page.transactions.some(({ ledger }) => ledger > height);
    if (isOver || page.transactions.length < TRANSACTIONS_MAX) return found;
    if (found.length > LEDGER_TRANSACTIONS_MAX || page.cursor === cursor)
      throw malformedAnswer("getTransactions", `ledger ${height} does not end`);
    cursor = page.cursor;
  }
}

/** A transaction that a ledger lists, read for what it did to accounts of ours. */
type Told = {
  readonly applied: AppliedTransaction;
  readonly envelope: Uint8Array;
  readonly moved: Movements;
};

// The results are proven with the ids; that an envelope is the one of its id its own hash says.
function toldIn({ envelopeXdr, resultXdr, txHash }: Listed, ours: Ours): Told {
  const applied = readApplied(envelopeXdr, ours.chain);
  if (applied.id !== txHash)
    throw malformedAnswer("getTransactions", `${txHash} has the envelope of ${applied.id}`);
  return { applied, envelope: envelopeXdr, moved: movementsOf(applied, readOutcome(resultXdr), ours) };
}

function touches({ applied, moved }: Told, { accounts }: Ours): boolean {
  return accounts.includes(applied.source) || moved.pays.length > 0 || moved.takes.length > 0;
}

function transactionOf(
  { applied, envelope, moved }: Told,
  { hash: blockHash, height }: LedgerHeader,
  { chain, accounts }: Ours,
): BlockTransaction {
  const { id, name, source, transaction } = applied;
  const key = sequenceKey({ chain, address: source, sequence: transaction.sequence });
  return {
    id,
    signed: name,
    bytes: envelope,
    spends: accounts.includes(source) ? [key] : [],
    pays: moved.pays.map(({ operation, account, amount }) => ({
      coin: conflictKey(chain, "credit", `${id}:${operation}`),
      account,
      amount,
      blockHash,
      height,
    })),
    takes: moved.takes,
  };
}
