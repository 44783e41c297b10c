/** I11: what counts against limits is what the rows say: each withdrawal that was not ended unpaid, once in each sum. */
import type { Books } from "../world/books.ts";
import type { Invariant } from "./invariant.ts";

const UNPAID: ReadonlySet<string> = new Set(["REJECTED", "CANCELLED", "INVALID"]);

export const I11: Invariant = {
  id: "I11",
  check: ({ books }) => [...uncounted(books), ...wrongSums(books)],
};

function uncounted({ withdrawals, limitUses }: Books): readonly string[] {
  const uses = new Map(limitUses.map((use) => [use.withdrawal, use]));
  return withdrawals.flatMap(({ id, state, units }) => {
    const use = uses.get(id);
    if (use === undefined || use.units !== units)
      return [`withdrawal ${id} over ${units} counts as ${use?.units ?? "nothing"}`];
    const isReleased = use.released !== null;
    return isReleased === UNPAID.has(state)
      ? []
      : [`withdrawal ${id} is ${state}, its use is ${isReleased ? "" : "not "}released`];
  });
}

// Whatever the spans are cut into, the sums of one length add up to everything.
function wrongSums({ limitUses, limitSums }: Books): readonly string[] {
  const wanted = new Map<string, bigint>();
  for (const { customer, tier, account, chain, units, released } of limitUses) {
    if (released !== null) continue;
    for (const subject of [
      `customer ${customer}`,
      `tier ${tier}`,
      `destination ${account}`,
      `network ${chain}`,
    ])
      wanted.set(subject, (wanted.get(subject) ?? 0n) + BigInt(units));
  }
  const made = new Map<string, bigint>();
  for (const { scope, subject, span, units } of limitSums) {
    const name = `${scope} ${subject} by ${span} seconds`;
    made.set(name, (made.get(name) ?? 0n) + BigInt(units));
  }
  return [...made]
    .filter(([name, units]) => units !== (wanted.get(name.split(" by ")[0] as string) ?? 0n))
    .map(
      ([name, units]) =>
        `${name} adds up to ${units}, its rows to ${wanted.get(name.split(" by ")[0] as string) ?? 0n}`,
    );
}
