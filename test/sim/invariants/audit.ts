/** I9, I13: every row stands where its audit rows have led it, one version a step, along legal edges. */
import { EDGES, type Entity } from "../../../src/core/states/edges.ts";
import type { AuditRow } from "../world/books.ts";
import type { Invariant, Seen } from "./invariant.ts";

type Standing = { readonly state: string; readonly version: number };

/** I9: no change of state without a version step, an actor and an audit row. */
export const I9: Invariant = {
  id: "I9",
  check: ({ books }) => {
    const broken: string[] = [];
    const last = new Map<string, Standing>();
    for (const row of books.audit) {
      if (row.actor === "" || row.known !== 1)
        broken.push(`audit row ${row.seq} has no actor or no operation`);
      if (!(row.entity in EDGES)) continue;
      const name = `${row.entity} ${row.entity_id}`;
      const before = last.get(name);
      if (row.version !== (before?.version ?? 0) + 1)
        broken.push(`${name}: version ${row.version} follows ${before?.version ?? 0}`);
      const [from, to] = statesOf(row);
      if (before !== undefined && from !== undefined && from !== before.state)
        broken.push(`${name}: audit row ${row.seq} begins at ${from}, the row was ${before.state}`);
      last.set(name, { version: row.version, state: to ?? before?.state ?? "" });
    }
    return [...broken, ...unlike(last, books)];
  },
};

// What the rows say themselves.
function unlike(last: ReadonlyMap<string, Standing>, books: Seen["books"]): readonly string[] {
  const tables = {
    withdrawal: books.withdrawals,
    movement: books.movements,
    plan: books.plans,
    attempt: books.attempts,
    kyc: books.kyc,
  };
  return Object.entries(tables).flatMap(([entity, rows]) =>
    rows.flatMap(({ id, state, version }) => {
      const told = last.get(`${entity} ${id}`);
      return told?.state === state && told.version === version
        ? []
        : [
            `${entity} ${id} is ${state} in version ${version}, its audit rows say ${told?.state} in ${told?.version}`,
          ];
    }),
  );
}

/** I13: every step went along an edge of the table. That the database refuses others is asked at the end of a world. */
export const I13: Invariant = {
  id: "I13",
  check: ({ books }) =>
    books.audit.flatMap((row) => {
      const [from, to] = statesOf(row);
      if (!(row.entity in EDGES) || from === undefined || to === undefined || from === to) return [];
      const edges: Readonly<Record<string, readonly string[]>> = EDGES[row.entity as Entity];
      return edges[from]?.includes(to) === true
        ? []
        : [`audit row ${row.seq}: ${row.entity} went from ${from} to ${to}`];
    }),
};

const known = new Map<string, string | undefined>();

/** States before and after, where the row tells them. */
export function statesOf({ before, after }: AuditRow): readonly [string | undefined, string | undefined] {
  return [stateIn(before), stateIn(after)];
}

// The same few texts come again and again.
function stateIn(text: string | null): string | undefined {
  if (text === null) return undefined;
  if (!known.has(text)) {
    const { state } = JSON.parse(text) as { readonly state?: string };
    if (known.size > 10_000) known.clear();
    known.set(text, state);
  }
  return known.get(text);
}
