/** F9: while the database may not be the whole truth nothing new leaves it. Read from the order of its audit rows. */
import type { AuditRow } from "../world/books.ts";
import { statesOf } from "./audit.ts";
import type { Invariant } from "./invariant.ts";

/** By entity, from where to where: what leaves, or makes ready to. */
const LEAVING: Readonly<Record<string, string>> = {
  withdrawal: "READY PLANNED",
  plan: "DRAFT EXPORTED",
  attempt: "SIGNED BROADCASTING",
};

export const F9: Invariant = {
  id: "F9",
  check: ({ books }) => {
    const open = new Set<string>();
    return books.audit.flatMap((row) => {
      if (row.entity !== "quarantine") return open.size > 0 && leaves(row) ? [told(row)] : [];
      if (row.event === "opened") open.add(row.entity_id);
      else open.delete(row.entity_id);
      return [];
    });
  },
};

const leaves = (row: AuditRow) => LEAVING[row.entity] === statesOf(row).join(" ");
const told = ({ seq, entity, entity_id: id, after }: AuditRow) =>
  `audit row ${seq}: ${entity} ${id} becomes ${after ?? ""} in quarantine`;
