/** I3, I4, I5, I7, I8: what plans and attempts compete for, whom they pay, and what they cost. Read from the bytes. */
import type { Books, PlanRow } from "../world/books.ts";
import type { Invariant } from "./invariant.ts";

const LIVE: ReadonlySet<string> = new Set(["DRAFT", "EXPORTED", "SIGNED", "REPLACED"]);

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
        ? [`withdrawal ${id} has plans that share nothing: ${live.map((plan) => plan.id).join()}`]
        : [];
    }),
};

/** I4: any two attempts of a plan, and of plans that take each other's place, have a coin or a nonce in common. */
export const I4: Invariant = {
  id: "I4",
  check: ({ books, family }) =>
    pairs(books.attempts)
      .filter(([one, other]) => rootOf(books, one.plan) === rootOf(books, other.plan))
      .filter(([one, other]) => {
        const taken = family.keysOf(other.bytes);
        return !family.keysOf(one.bytes).some((key) => taken.includes(key));
      })
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
  check: ({ books, house, family }) => {
    const accounts = new Map(books.withdrawals.map(({ id, account }) => [id, account]));
    return books.attempts.flatMap((attempt) => {
      const paid = family.paysOf(attempt.bytes, house);
      const made = paid.map(({ account, units }) => `${account} ${units}`).sort();
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

/** I8: no attempt's fee is above the policy's caps. */
export const I8: Invariant = { id: "I8", check: (seen) => seen.family.overpriced(seen) };

/** The plans that have a withdrawal as a member. */
export function plansOf({ planIntents, plans }: Books, withdrawal: string): readonly PlanRow[] {
  const ids = new Set(
    planIntents.filter((intent) => intent.withdrawal === withdrawal).map(({ plan }) => plan),
  );
  return plans.filter(({ id }) => ids.has(id));
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
