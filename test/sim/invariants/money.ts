/** I1, I2: the books balance, and nobody owes what is not there. Recounted from the entries alone. */
import type { Invariant, Seen } from "./invariant.ts";

/** I1: debits equal credits in each posting, per asset; and balances are what the entries add up to. */
export const I1: Invariant = {
  id: "I1",
  check: ({ books: { entries, balances } }) => {
    const postings = new Map<string, bigint>();
    const accounts = new Map<string, bigint>();
    for (const { posting, account, asset, side, units } of entries) {
      const signed = side === "debit" ? BigInt(units) : -BigInt(units);
      add(postings, `posting ${posting} in ${asset}`, signed);
      add(accounts, `${account} ${asset}`, growsByDebit(account) ? signed : -signed);
    }
    const uneven = [...postings]
      .filter(([, sum]) => sum !== 0n)
      .map(([name, sum]) => `${name} is off by ${sum}`);
    const booked = new Map(
      balances.map(({ account, asset, units }) => [`${account} ${asset}`, BigInt(units)]),
    );
    const names = new Set([...booked.keys(), ...accounts.keys()]);
    const wrong = [...names]
      .filter((name) => (booked.get(name) ?? 0n) !== (accounts.get(name) ?? 0n))
      .map((name) => `${name} says ${booked.get(name)}, its entries ${accounts.get(name)}`);
    return [...uneven, ...wrong];
  },
};

/** I2: what we owe and what is held is never negative; a hold stands for each open withdrawal. */
export const I2: Invariant = {
  id: "I2",
  check: ({ books: { balances, withdrawals, holds } }: Seen) => {
    const negative = balances
      .filter(({ account, units }) => BigInt(units) < 0n && !account.startsWith("wallet:"))
      .map(({ account, units }) => `${account} is ${units}`);
    const states = new Map(holds.map(({ withdrawal, state }) => [withdrawal, state]));
    const held = new Map<string, bigint>();
    for (const { customer, id, units } of withdrawals)
      if (states.get(id) === "PLACED") add(held, `customer:${customer}:held`, BigInt(units));
    const short = balances
      .filter(({ account }) => /^customer:.*:held$/.test(account))
      .filter(({ account, units }) => BigInt(units) !== (held.get(account) ?? 0n))
      .map(({ account, units }) => `${account} is ${units}, its withdrawals hold ${held.get(account) ?? 0n}`);
    return [...negative, ...short];
  },
};

const growsByDebit = (account: string) => account.startsWith("wallet:") || account.startsWith("expense:");

function add(sums: Map<string, bigint>, name: string, units: bigint): void {
  sums.set(name, (sums.get(name) ?? 0n) + units);
}
