/** All invariants, looked at after each step. */
import type { World } from "../world/world.ts";
import { I13, I9, statesOf } from "./audit.ts";
import { illegalSteps } from "./edges.ts";
import { I3, I4, I5, I7, I8 } from "./attempts.ts";
import type { Invariant } from "./invariant.ts";
import { I14 } from "./journals.ts";
import { I11 } from "./limits.ts";
import { I1, I2 } from "./money.ts";
import { I12 } from "./people.ts";
import { F9 } from "./quarantine.ts";
import { I10 } from "./release.ts";

/** I6: what is sent was written down first. Seen by the world's nodes while the sender waits. */
const I6: Invariant = { id: "I6", check: ({ broken }) => broken.splice(0) };

export const INVARIANTS: readonly Invariant[] = [
  I1,
  I2,
  I3,
  I4,
  I5,
  I6,
  I7,
  I8,
  I9,
  I10,
  I11,
  I12,
  I13,
  I14,
  F9,
];

export class Inspection {
  checks = 0;
  private readonly world: World;
  private shown: readonly unknown[] = [];
  /** Audit rows that were judged when they were new. */
  private judged = 0;

  constructor(world: World) {
    this.world = world;
  }

  /** @returns what is broken, each with its invariant's id; nothing is asked again that nothing has changed for */
  inspect(): readonly string[] {
    const shown = shownBy(this.world);
    if (shown.every((one, place) => one === this.shown[place])) return [];
    this.shown = shown;
    this.checks += INVARIANTS.length;
    return [
      ...INVARIANTS.flatMap(({ id, check }) => check(this.world).map((line) => `${id}: ${line}`)),
      ...this.settledUnpaid(),
    ];
  }

  // What is settled in this step must be paid in the best chain as it is now: nobody has reorganised it meanwhile. Nodes that
  // lag may show a branch that was the best one once, and that two of them agree on it is beyond what a quorum can tell.
  private settledUnpaid(): readonly string[] {
    const { books, chain, nodes } = this.world;
    const rows = books.audit.slice(Math.min(this.judged, books.audit.length));
    this.judged = books.audit.length;
    if (nodes.some(({ fault }) => fault === "lags")) return [];
    const settled = new Set(
      rows
        .filter((row) => row.entity === "withdrawal" && statesOf(row)[1] === "COMPLETED")
        .map(({ entity_id: id }) => id),
    );
    const payments = chain.payments();
    return books.withdrawals
      .filter(({ id, state }) => settled.has(id) && state === "COMPLETED")
      .filter(({ account, units }) => !payments.has(`${account} ${units}`))
      .map(({ id }) => `I5: withdrawal ${id} is COMPLETED, and no block pays it`);
  }

  /** What the database lets pass that is in no table of edges. */
  probe(): readonly string[] {
    this.checks += 1;
    return illegalSteps(this.world).map((line) => `I13: ${line}`);
  }
}

// Each of these is another one when it changes, or grows.
const shownBy = ({ books, chain, machines, receipts, broken, orders }: World): readonly unknown[] => [
  books,
  chain.blocks,
  chain.seen.size,
  receipts.length,
  broken.length,
  orders.length,
  ...machines.map(({ journal }) => journal),
];
