/**
 * The events of an entity, and where each takes a row from each state in which it may happen: one frozen table an
 * entity. The legal edges are read out of it, so that no move can be legal which no event makes.
 */
import { declareError } from "../errors.ts";

export const STATE_CONFLICT = declareError(
  "STATE_CONFLICT",
  "conflict",
  "A row is not in a state from which this step is legal.",
);

/** By event, by the state before: the state after. */
export type Moves<Event extends string, State extends string> = {
  readonly [Name in Event]: { readonly [From in State]?: State };
};

export type Edges<State extends string> = { readonly [From in State]: readonly State[] };

/** What a step is, as the store writes it: where to, and its name in the audit log. */
export type Transition<State extends string> = { readonly to: State; readonly event: string };

/** Freezes a table to its leaves. */
export function movesOf<Event extends string, State extends string>(
  table: Moves<Event, State>,
): Moves<Event, State> {
  for (const moves of Object.values(table)) Object.freeze(moves);
  return Object.freeze(table);
}

/** One event that leads from many states to one. */
export function from<State extends string>(
  states: readonly State[],
  to: State,
): { readonly [From in State]?: State } {
  return Object.fromEntries(states.map((state) => [state, to])) as { readonly [From in State]?: State };
}

/** The states in which one of `events` may happen: what may be done to a row, and what may not, is asked of the table. */
export function statesBefore<Event extends string, State extends string>(
  moves: Moves<Event, State>,
  ...events: readonly Event[]
): ReadonlySet<State> {
  return new Set(events.flatMap((event) => Object.keys(moves[event]) as State[]));
}

/** The edges that some event makes, in the order of the events. */
export function edgesOf<Event extends string, State extends string>(
  states: readonly State[],
  moves: Moves<Event, State>,
): Edges<State> {
  const tables = Object.values<Moves<Event, State>[Event]>(moves);
  const next = (state: State) => tables.flatMap((table) => table[state] ?? []);
  const edges = states.map((state) => [state, Object.freeze([...new Set(next(state))])] as const);
  return Object.freeze(Object.fromEntries(edges)) as Edges<State>;
}

/** The events that lead from one state to another. */
export function eventsAlong<Event extends string, State extends string>(
  moves: Moves<Event, State>,
  before: State,
  after: State,
): readonly Event[] {
  return (Object.keys(moves) as Event[]).filter((event) => moves[event][before] === after);
}

/** Where `event` takes a row. @throws STATE_CONFLICT where it may not happen */
export function targetOf<Event extends string, State extends string>(
  entity: string,
  row: { readonly id: string; readonly state: State },
  moves: Moves<Event, State>,
  event: Event,
): State {
  const table: { readonly [From in State]?: State } = moves[event];
  // A damaged row may hold any text, "constructor" too.
  const to = Object.hasOwn(table, row.state) ? table[row.state] : undefined;
  if (to !== undefined) return to;
  throw STATE_CONFLICT(`${entity} ${row.id} is ${row.state}: ${JSON.stringify(event)} cannot happen now`, {
    field: `${entity}.state`,
    hint: shown(entity, row.id),
    details: { entity, from: row.state, event },
  });
}

const SHOWN: Readonly<Record<string, (id: string) => string>> = {
  withdrawal: (id) => `custody withdraw show ${id}`,
  movement: (id) => `custody intent show ${id}`,
};

/** The command that shows a row of `entity`. */
export function shown(entity: string, id: string): string {
  return SHOWN[entity]?.(id) ?? "custody status";
}
