/** What a policy gives up: people whom it does not keep apart, people whom it cannot lose, amounts that cannot pass. */
import { formatAmount } from "../../amount.ts";
import { signerShare } from "../limits.ts";
import { MOVES_NOTHING } from "../../documents/intent-types.ts";
import type { Policy, PolicyRow, Role } from "../policy.ts";
import { warning, type Problem } from "./problem.ts";
import { kindsOfPersons, peopleOf, seatingOf } from "./seats.ts";

const KEPT_APART: readonly (readonly [Role, Role])[] = [
  ["requester", "approver"],
  ["operator", "approver"],
  ["approver", "officer"],
  ["requester", "officer"],
  ["operator", "officer"],
  ["requester", "operator"],
];

export function* separationWarnings(policy: Policy): Iterable<Problem> {
  const rolesOf = rolesByPerson(policy);
  for (const [one, other] of KEPT_APART) {
    if (policy.conflicts.some((set) => set.includes(one) && set.includes(other))) continue;
    const both = personsWith(rolesOf, [one, other]);
    const why = `${both.join(", ")} may be ${one} and ${other} of one payment`;
    if (both.length > 0) yield warning("conflicts", why, "one-person", [one, other]);
  }
  const ruling = personsWith(rolesOf, ["admin", "approver"]);
  const why = `${ruling.join(", ")} can make the rules and approve by them`;
  if (ruling.length > 0) yield warning("identities.roles", why, "rules-and-approvals");
}

function rolesByPerson({ identities }: Policy): ReadonlyMap<string, readonly Role[]> {
  const found = new Map<string, readonly Role[]>();
  for (const { person, roles } of identities) found.set(person, [...(found.get(person) ?? []), ...roles]);
  return found;
}

function personsWith(
  rolesOf: ReadonlyMap<string, readonly Role[]>,
  wanted: readonly Role[],
): readonly string[] {
  return [...rolesOf]
    .filter(([, roles]) => wanted.every((role) => roles.includes(role)))
    .map(([person]) => person);
}

/** Persons without whom a row stands still, one warning for all rows that stand still without the same ones. */
export function* lockOutWarnings(policy: Policy): Iterable<Problem> {
  const kinds = kindsOfPersons(policy);
  const without = new Map(
    [...kinds].map(([person, kind]) => [kind, new Map([...kinds].filter(([other]) => other !== person))]),
  );
  const seatings = new Map(
    [...without].map(([kind, others]) => [kind, seatingOf(policy, peopleOf(others))] as const),
  );
  const everyone = seatingOf(policy, peopleOf(kinds));
  const rows = new Map<string, string[]>();
  for (const { name, quorum, clearance } of policy.rows) {
    const clearing = clearance === "none" ? 0 : clearance.quorum;
    if (everyone.approversBeside(clearing) < quorum) continue;
    const needed = [...kinds].filter(
      ([, kind]) => (seatings.get(kind)?.approversBeside(clearing) ?? quorum) < quorum,
    );
    if (needed.length === 0) continue;
    const persons = needed.map(([person]) => person).join(", ");
    rows.set(persons, [...(rows.get(persons) ?? []), name]);
  }
  for (const [persons, names] of rows) {
    const why = `lock-out: ${names.join(", ")} cannot be used without any one of ${persons}`;
    yield warning("rows", why, "lock-out", names);
  }
}

export function* rowWarnings(policy: Policy): Iterable<Problem> {
  for (const row of policy.rows) {
    if (row.quorum === 1)
      yield warning(`rows.${row.name}.quorum`, "one approver is a quorum", "one-approver", [row.name]);
    yield* limitWarnings(policy, row);
    if (row.type !== "transfer") continue;
    const chains = policy.wallets.filter(({ name }) => row.wallets.includes(name)).map(({ chain }) => chain);
    if (policy.wallets.filter(({ chain }) => chains.includes(chain)).length < 2)
      yield warning(`rows.${row.name}`, "there is no other wallet of ours that a transfer could pay");
  }
}

function* limitWarnings(policy: Policy, row: PolicyRow): Iterable<Problem> {
  const { name, aboveUnits, upToUnits, limits, feeBudget } = row;
  for (const [field, windows] of Object.entries({ limits, feeBudget }))
    if (BigInt(windows.dayUnits) > BigInt(windows.monthUnits))
      yield warning(`rows.${name}.${field}`, "a day's is above a month's");
  const named = row.wallets.every((wallet) => policy.wallets.some((known) => known.name === wallet));
  if (MOVES_NOTHING.has(row.type) || !named) return;
  const share = signerShare(policy, row);
  const most = [limits.dayUnits, limits.monthUnits].map((units) => share(BigInt(units)));
  const least = most.reduce((a, b) => (a < b ? a : b));
  if (BigInt(upToUnits) > least && least > BigInt(aboveUnits))
    yield warning(
      `rows.${name}.limits`,
      `amounts above ${formatAmount({ asset: row.asset, units: least })} can never be signed: that is one signer's share`,
    );
}
