/**
 * Who can sit where for one payment. It takes a requester, an operator, an officer, the row's approvers and whoever
 * clears; one person may take several seats unless a set of `conflicts` keeps two of them apart (gate G4).
 */
import type { Policy, Role } from "../policy.ts";

const SINGLE_SEATS = ["requester", "operator", "officer"] as const;
const SEATS: readonly Role[] = [...SINGLE_SEATS, "approver", "compliance"];
const bitOf = (role: Role): number => {
  const place = SEATS.indexOf(role);
  return place < 0 ? 0 : 1 << place;
};
const [APPROVER, COMPLIANCE] = [bitOf("approver"), bitOf("compliance")];

/** How many persons hold exactly which of the seats' roles, by bits: the persons of one such kind are alike. */
export type People = ReadonlyMap<number, number>;

/** Who is left to approve and to clear once the single seats are taken. */
type Left = { readonly approve: number; readonly clear: number; readonly both: number };

/** What can be done with the people of a policy. */
export type Seating = {
  /** The most approvers that can be seated beside everyone else and `clearing` persons of compliance; -1: not even that. */
  approversBeside(clearing: number): number;
};

/** The kind of each person. */
export function kindsOfPersons(policy: Policy): ReadonlyMap<string, number> {
  const kinds = new Map<string, number>();
  for (const { person, roles } of policy.identities)
    kinds.set(
      person,
      roles.map(bitOf).reduce((all, bit) => all | bit, kinds.get(person) ?? 0),
    );
  return kinds;
}

export function peopleOf(kinds: ReadonlyMap<string, number>): People {
  const people = new Map<number, number>();
  for (const kind of kinds.values()) people.set(kind, (people.get(kind) ?? 0) + 1);
  return people;
}

/** Works out all ways to take the single seats; persons of one kind are tried once. */
export function seatingOf(policy: Policy, people: People): Seating {
  const apart = conflictBits(policy);
  const exclusive = (apart(APPROVER) & COMPLIANCE) !== 0;
  const ways = waysToSit(people, apart);
  return {
    approversBeside: (clearing) =>
      ways.reduce((most, { approve, clear, both }) => {
        if (clear < clearing) return most;
        const taken = exclusive ? Math.max(0, clearing - (clear - both)) : 0;
        return Math.max(most, approve - taken);
      }, -1),
  };
}

type Apart = (seat: number) => number;

// The seats that whoever sits in one may not take as well.
function conflictBits({ conflicts }: Policy): Apart {
  const sets = conflicts.map((set) => set.map(bitOf).reduce((all, bit) => all | bit, 0));
  const apart = new Map(
    SEATS.map(bitOf).map((seat) => [
      seat,
      sets.filter((set) => (set & seat) !== 0).reduce((all, set) => all | set, 0) & ~seat,
    ]),
  );
  return (seat) => apart.get(seat) ?? 0;
}

type Sitting = { readonly kind: number; readonly seats: number };

function waysToSit(people: People, apart: Apart): readonly Left[] {
  let ways: (readonly Sitting[])[] = [[]];
  for (const seat of SINGLE_SEATS.map(bitOf)) {
    // By what is taken, for two ways that leave the same people are one.
    const next = new Map<string, readonly Sitting[]>();
    for (const way of ways)
      for (const longer of sit(way, seat, people, apart))
        next.set(JSON.stringify(longer.map(({ kind, seats }) => [kind, seats]).sort()), longer);
    ways = [...next.values()];
  }
  return ways.map((way) => leftAfter(way, people, apart));
}

function sit(way: readonly Sitting[], seat: number, people: People, apart: Apart): (readonly Sitting[])[] {
  const again = way.flatMap((sitting, place) =>
    (sitting.kind & seat) !== 0 && (apart(seat) & sitting.seats) === 0
      ? [way.with(place, { kind: sitting.kind, seats: sitting.seats | seat })]
      : [],
  );
  const fresh = [...people].flatMap(([kind, count]) =>
    (kind & seat) !== 0 && way.filter((sitting) => sitting.kind === kind).length < count
      ? [[...way, { kind, seats: seat }]]
      : [],
  );
  return [...again, ...fresh];
}

function leftAfter(way: readonly Sitting[], people: People, apart: Apart): Left {
  const left = { approve: 0, clear: 0, both: 0 };
  const count = (kind: number, seats: number, by: number) => {
    const approve = (kind & APPROVER) !== 0 && (apart(APPROVER) & seats) === 0;
    const clear = (kind & COMPLIANCE) !== 0 && (apart(COMPLIANCE) & seats) === 0;
    if (approve) left.approve += by;
    if (clear) left.clear += by;
    if (approve && clear) left.both += by;
  };
  for (const [kind, number] of people) count(kind, 0, number);
  for (const { kind, seats } of way) {
    count(kind, 0, -1);
    count(kind, seats, 1);
  }
  return left;
}
