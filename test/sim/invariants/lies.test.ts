/** Each invariant is silent about a good world, and complains when it is shown one in which it does not hold. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hostOf } from "../bundled.ts";
import { askQuietly, payQuietly } from "../quiet.ts";
import { openStage, type Stage } from "../stage.ts";
import { transactionBytes } from "../../../src/chains/bitcoin/transaction.ts";
import { BitcoinChain } from "../families/bitcoin/chain.ts";
import type { AttemptRow, AuditRow, Books } from "../world/books.ts";
import { World } from "../world/world.ts";
import { INVARIANTS } from "./inspection.ts";
import type { Seen } from "./invariant.ts";

let stage: Stage;
let world: World;
let good: Seen;

beforeAll(async () => {
  stage = openStage(hostOf());
  world = new World(3, stage.host, await stage.founded(3));
  await askQuietly(world);
  await payQuietly(world);
  const { books, chain, family, house, machines, orders, receipts, approved } = world;
  good = {
    books,
    chain,
    family,
    house,
    machines,
    orders,
    receipts,
    approved,
    broken: [],
    planOf: (digest) => world.planOf(digest),
    paid: (order) => world.paid(order),
  };
});
afterAll(() => {
  world.remove();
  stage.close();
});

const books = (seen: Seen, changes: Partial<Books>): Seen => ({
  ...seen,
  books: { ...seen.books, ...changes },
});
const first = <T>([one]: readonly T[]): T => one as T;

/** A world in which one thing is otherwise. */
const LIES: Readonly<Record<string, (seen: Seen) => Seen>> = {
  I1: (seen) =>
    books(seen, { entries: [...seen.books.entries, { ...first(seen.books.entries), posting: 999 }] }),
  I2: (seen) =>
    books(seen, {
      balances: seen.books.balances.map((one) =>
        one.account.endsWith(":held") ? { ...one, units: "-1" } : one,
      ),
    }),
  I3: (seen) => {
    const live = seen.books.plans.map((plan) => ({ ...plan, state: "SIGNED" }));
    const other = { ...first(live), id: "another", digest: "another" };
    const intents = seen.books.planIntents.map((intent) => ({ ...intent, plan: "another" }));
    const lie = books(seen, {
      plans: [...live, other],
      planIntents: [...seen.books.planIntents, ...intents],
    });
    const planOf = (digest: string) =>
      digest === "another"
        ? { ...seen.planOf(first(live).digest), conflictKeys: ["another coin"] }
        : seen.planOf(digest);
    return { ...lie, planOf };
  },
  I4: (seen) => books(seen, { attempts: [...seen.books.attempts, stranger(seen)] }),
  I5: (seen) => ({ ...seen, paid: () => 2 }),
  I6: (seen) => ({ ...seen, broken: ["sent before it was written"] }),
  I7: (seen) =>
    books(seen, { planIntents: seen.books.planIntents.map((intent) => ({ ...intent, units: "1" })) }),
  I8: (seen) => {
    const { policy } = seen.house;
    const chains = policy.body.chains.map((rules) => ({
      ...rules,
      fees: { ...rules.fees, absoluteUnitsMax: "1" },
    }));
    return { ...seen, house: { ...seen.house, policy: { ...policy, body: { ...policy.body, chains } } } };
  },
  I9: (seen) =>
    books(seen, { withdrawals: seen.books.withdrawals.map((row) => ({ ...row, state: "READY" })) }),
  I10: (seen) => books(seen, { holds: seen.books.holds.map((hold) => ({ ...hold, state: "RELEASED" })) }),
  I11: (seen) => books(seen, { limitSums: seen.books.limitSums.map((sum) => ({ ...sum, units: "1" })) }),
  I12: (seen) => {
    const forged = [...seen.books.documents].map(([content, one]) => {
      const text = Buffer.from(one.bytes).toString("utf8").replace('"policy":1,', '"policy":2,');
      return [content, { ...one, bytes: Buffer.from(`${text} `) }] as const;
    });
    return books(seen, { documents: new Map(forged) });
  },
  F9: (seen) => books(seen, { audit: [quarantined(first(seen.books.audit)), ...seen.books.audit] }),
  I13: (seen) => books(seen, { audit: [...seen.books.audit, backwards(seen.books.audit)] }),
  I14: (seen) => ({
    ...seen,
    machines: seen.machines.map((machine) =>
      Object.create(machine, {
        journal: { value: { ...machine.journal, lines: machine.journal.lines.slice(1) } },
      }),
    ),
  }),
};

function stranger({ chain, books: { attempts } }: Seen): AttemptRow {
  const seen = chain instanceof BitcoinChain ? [...chain.seen.values()] : [];
  const { transaction } = first(seen.filter(({ funding }) => funding));
  return {
    ...first(attempts),
    id: "stranger",
    txid: "stranger",
    bytes: transactionBytes(transaction),
  };
}

function backwards(audit: readonly AuditRow[]): AuditRow {
  const before = '{"state":"COMPLETED"}';
  return { ...first(audit), seq: audit.length + 1, entity: "withdrawal", before, after: '{"state":"READY"}' };
}

function quarantined(row: AuditRow): AuditRow {
  return { ...row, seq: 0, entity: "quarantine", entity_id: "doubt", event: "opened" };
}

describe("invariants", () => {
  test("all of them hold in a world in which one order was paid", () => {
    expect(good.books.withdrawals.map(({ state }) => state)).toEqual(["COMPLETED"]);
    expect(INVARIANTS.flatMap(({ check }) => check(good))).toEqual([]);
  });

  test.each(INVARIANTS)("$id complains where it does not hold", ({ id, check }) => {
    const lie = LIES[id];
    expect(lie, `there is a lie about ${id}`).toBeDefined();
    expect(check((lie as NonNullable<typeof lie>)(good)).length).toBeGreaterThan(0);
  });
});
