/** I10: after approval a hold is released only by law 3. Judged by the signers' journals and the chain, not by the rows. */
import { familyKeys } from "../../../src/core/documents/family.ts";
import { remember } from "../../../signer/journal/memory.ts";
import { voidsNeeded } from "../world/house.ts";
import { statesOf } from "./audit.ts";
import type { Invariant, Seen } from "./invariant.ts";

const APPROVED: ReadonlySet<string> = new Set(["COOLING", "READY", "PLANNED", "EXPORTED", "SIGNED"]);
export const I10: Invariant = {
  id: "I10",
  check: (seen) => {
    const { books } = seen;
    const released = books.holds
      .filter(({ state }) => state === "RELEASED")
      .map(({ withdrawal }) => withdrawal);
    return released.flatMap((id) => {
      const approved = books.audit.some(
        (row) => row.entity === "withdrawal" && row.entity_id === id && APPROVED.has(statesOf(row)[1] ?? ""),
      );
      // What has said so may be lost with a disk; signers have seen it all the same.
      if (!approved && !seen.approved.has(id)) return [];
      const voids = seen.machines.map(({ journal }) =>
        remember(journal).voids.filter(({ body }) => familyKeys(body.family).includes(`intent:${id}`)),
      );
      const closed = voids.filter(({ length }) => length > 0).length;
      // A client that asks again after a restore has another withdrawal under the same key: the promise is one.
      const names = voids.flat().flatMap(({ body }) => familyKeys(body.family));
      const live = livingOf(seen, new Set([`intent:${id}`, ...names]));
      return [
        ...(closed < voidsNeeded(seen.family)
          ? [`hold of ${id} is released, ${closed} signers have closed its family`]
          : []),
        ...live.map((transaction) => `hold of ${id} is released, ${transaction} can settle`),
      ];
    });
  },
};

/** Transactions that pay the family, have signatures enough, and whose coins are all there for them. */
function livingOf({ receipts, chain, family }: Seen, names: ReadonlySet<string>): readonly string[] {
  const signers = new Map<string, Set<number>>();
  const keys = new Map<string, readonly string[]>();
  for (const { signer, receipt } of receipts) {
    const { outcome } = receipt.body;
    if (outcome.type !== "signed") continue;
    for (const plan of outcome.plans.filter(({ intents }) =>
      intents.some(({ family }) => familyKeys(family).some((name) => names.has(name))),
    )) {
      for (const { rung, transaction } of plan.rungs) {
        if (rung === "cancel") continue;
        signers.set(transaction, (signers.get(transaction) ?? new Set()).add(signer));
        keys.set(transaction, plan.conflictKeys);
      }
    }
  }
  return [...signers]
    .filter(([, who]) => who.size >= family.ground.quorum.threshold)
    .map(([transaction]) => transaction)
    .filter((transaction) => {
      const takers = (keys.get(transaction) ?? []).map((key) => chain.takerOf(key));
      return !takers.some((taker) => taker !== undefined && taker.name !== transaction);
    });
}
