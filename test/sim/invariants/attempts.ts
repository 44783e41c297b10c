/** I3, I4, I5, I7, I8: what plans and attempts compete for, whom they pay, and what they cost. Read from the bytes. */
import { parseTransaction, type Transaction } from "../../../src/chains/bitcoin/transaction.ts";
import { toHex } from "../../../src/core/hex.ts";
import { pointsOf, virtualSize } from "../world/chain.ts";
import type { AttemptRow, Books, PlanRow } from "../world/books.ts";
import { accountOfScript, scriptsOf } from "../world/node.ts";
import type { Invariant } from "./invariant.ts";

const LIVE: ReadonlySet<string> = new Set(["DRAFT", "EXPORTED", "SIGNED", "REPLACED"]);
const INDEX_MAX = 120;

/** I3: a withdrawal's live plans all share a conflict key. */
export const I3: Invariant = {
  id: "I3",
  check: (seen) =>
    seen.books.withdrawals.flatMap(({ id }) => {
      const live = plansOf(seen.books, id).filter(({ state }) => LIVE.has(state));
      const common = live
        .map(({ digest }) => new Set(seen.planOf(digest).conflictKeys))
        .reduce(intersection, undefined);
      return live.length > 1 && common?.size === 0
        ? [`withdrawal ${id} has plans that share no coin: ${live.map((plan) => plan.id).join()}`]
        : [];
    }),
};

/** I4: any two attempts of a plan, and of plans that take each other's place, spend a common coin. */
export const I4: Invariant = {
  id: "I4",
  check: ({ books }) =>
    pairs(books.attempts)
      .filter(([one, other]) => rootOf(books, one.plan) === rootOf(books, other.plan))
      .filter(([one, other]) => !pointsOf(read(one)).some((point) => pointsOf(read(other)).includes(point)))
      .map(([one, other]) => `${one.txid} and ${other.txid} of one line could both settle`),
};

/** I5: at most one attempt settles a withdrawal; and nobody is paid twice in the best chain, whatever the rows say. */
export const I5: Invariant = {
  id: "I5",
  check: (seen) => {
    const { books, orders } = seen;
    const twice = orders
      .filter((order) => seen.paid(order) > 1)
      .map(({ key }) => `order ${key} is paid twice in the best chain`);
    const settled = books.withdrawals.flatMap(({ id }) => {
      const plans = new Set(plansOf(books, id).map((plan) => plan.id));
      const final = books.attempts.filter(
        ({ plan, kind, state }) => plans.has(plan) && kind === "rung" && state === "FINAL",
      );
      return final.length > 1
        ? [`withdrawal ${id} is settled by ${final.map(({ txid }) => txid).join()}`]
        : [];
    });
    return [...twice, ...settled];
  },
};

/** I7: an attempt pays its plan's intents and our own change; a cancel rung and a movement pay ourselves alone. */
export const I7: Invariant = {
  id: "I7",
  check: ({ books, house }) => {
    const own = scriptsOf(house.vault.descriptor, INDEX_MAX);
    const accounts = new Map(books.withdrawals.map(({ id, account }) => [id, account]));
    return books.attempts.flatMap((attempt) => {
      const paid = read(attempt).outputs.filter(({ script }) => !own.has(toHex(script)));
      const made = paid.map(({ script, units }) => `${accountOfScript(script)} ${units}`).sort();
      const wanted = books.planIntents
        .filter(
          ({ plan, withdrawal }) => plan === attempt.plan && withdrawal !== null && attempt.kind === "rung",
        )
        .map(({ withdrawal, units }) => `${accounts.get(withdrawal ?? "")} ${units}`)
        .sort();
      return made.join() === wanted.join()
        ? []
        : [`${attempt.kind} ${attempt.txid} pays ${made.join()}, its intents ${wanted.join()}`];
    });
  },
};

/**
 * I8: no attempt's fee is above the policy's caps: in units, by rate, as a share of what the plan's rungs pay out, and as
 * a multiple of its cheapest. Where they pay nobody, all that comes back is what is moved.
 */
export const I8: Invariant = {
  id: "I8",
  check: ({ books, house, chain }) => {
    const fees = house.policy.body.chains[0]?.fees;
    if (fees === undefined) return ["the policy has no caps"];
    const own = scriptsOf(house.vault.descriptor, INDEX_MAX);
    const feeOf = ({ inputs, outputs }: Transaction) =>
      inputs.reduce(
        (sum, { txid, vout }) => sum + (chain.seen.get(txid)?.transaction.outputs[vout]?.units ?? 0n),
        0n,
      ) - sumOf(outputs);
    return books.attempts.flatMap((attempt) => {
      const transaction = read(attempt);
      const fee = feeOf(transaction);
      const together = books.attempts.filter(({ plan }) => plan === attempt.plan);
      // The signatures of one rung may be in, and those of its plan's first not.
      const rungs = together.filter(({ kind }) => kind === "rung").map(read);
      const moved = (rungs[0] ?? transaction).outputs;
      const paid = sumOf(moved.filter(({ script }) => !own.has(toHex(script)))) || sumOf(moved);
      const cheapest = rungs.map(feeOf).reduce((least, one) => (one < least ? one : least), fee);
      // A cancel rung pays for the relay of the rungs that it replaces, so its rate is taken over the largest (BIP-125).
      const sizes = together.map((one) => virtualSize(read(one)));
      const size = attempt.kind === "cancel" ? Math.max(...sizes) : virtualSize(transaction);
      const over =
        fee < 0n ||
        fee > BigInt(fees.absoluteUnitsMax) ||
        fee > BigInt(fees.rateMax) * BigInt(size) ||
        fee > BigInt(fees.ladderRatioMax) * cheapest ||
        1000n * fee > BigInt(fees.sharePermilleMax) * paid;
      return over ? [`${attempt.kind} ${attempt.txid} costs ${fee}, it moves ${paid}`] : [];
    });
  },
};

const sumOf = (outputs: Transaction["outputs"]): bigint =>
  outputs.reduce((sum, { units }) => sum + units, 0n);

/** The plans that have a withdrawal as a member. */
export function plansOf({ planIntents, plans }: Books, withdrawal: string): readonly PlanRow[] {
  const ids = new Set(
    planIntents.filter((intent) => intent.withdrawal === withdrawal).map(({ plan }) => plan),
  );
  return plans.filter(({ id }) => ids.has(id));
}

const parsed = new Map<string, Transaction>();

function read({ txid, bytes }: AttemptRow): Transaction {
  const known = parsed.get(txid) ?? parseTransaction(new Uint8Array(bytes));
  if (parsed.size > 10_000) parsed.clear();
  parsed.set(txid, known);
  return known;
}

// The first plan of a line, whose place the others have taken.
function rootOf(books: Books, id: string): string {
  const before = books.plans.find((plan) => plan.id === id)?.replaces;
  return before === null || before === undefined ? id : rootOf(books, before);
}

function intersection(one: ReadonlySet<string> | undefined, other: ReadonlySet<string>): ReadonlySet<string> {
  return one === undefined ? other : new Set([...one].filter((key) => other.has(key)));
}

function pairs<T>(list: readonly T[]): readonly (readonly [T, T])[] {
  return list.flatMap((one, place) => list.slice(place + 1).map((other) => [one, other] as const));
}
