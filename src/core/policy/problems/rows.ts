/** Rows: each can be used, no two cover one amount, and the wallets that one row lets pay have groups that meet. */
import { counted } from "../../count.ts";
import { assetFacts } from "../../asset.ts";
import { MOVES_NOTHING } from "../../documents/intent-types.ts";
import { alwaysMeet, spendingQuorum } from "../groups.ts";
import { signerShare } from "../limits.ts";
import type { Policy, PolicyRow, PolicyWallet } from "../policy.ts";
import { holders } from "../roles.ts";
import { error, type Problem } from "./problem.ts";
import { kindsOfPersons, peopleOf, seatingOf, type Seating } from "./seats.ts";

export function* rowErrors(policy: Policy): Iterable<Problem> {
  if (policy.rows.length === 0) return;
  for (const role of ["requester", "operator", "officer"] as const)
    if (holders(policy, role).length === 0)
      yield error("identities.roles", `nobody is ${role}, so that no row can be used`);
  const seating = seatingOf(policy, peopleOf(kindsOfPersons(policy)));
  const places = new Map(policy.wallets.map(({ name }, place) => [name as string, place]));
  const apart = apartIn(policy.wallets);
  for (const row of policy.rows) {
    yield* bandErrors(row);
    yield* seatErrors(row, seating);
    const unknown = row.wallets.filter((name) => !places.has(name));
    if (unknown.length > 0) {
      yield error(`rows.${row.name}.wallets`, `wallet ${unknown.join(", ")} is not named in wallets`);
      continue;
    }
    const named = row.wallets.flatMap((name) => places.get(name) ?? []);
    yield* walletErrors(row, policy, named, apart);
    yield* shareErrors(policy, row);
    yield* commandErrors(row, policy.rows);
  }
  yield* overlapErrors(policy.rows);
}

function* bandErrors(row: PolicyRow): Iterable<Problem> {
  const { name, type, aboveUnits, upToUnits, delaySeconds, approvalSecondsMax, clearance } = row;
  const field = `rows.${name}`;
  if (BigInt(aboveUnits) >= BigInt(upToUnits)) yield error(field, "its band is empty");
  if (MOVES_NOTHING.has(type) && aboveUnits !== "0")
    yield error(`${field}.aboveUnits`, `a band of ${type} begins at 0, for it moves nothing`);
  if (delaySeconds >= approvalSecondsMax)
    yield error(`${field}.delaySeconds`, "approvals end before anybody may release");
  if (clearance !== "none" && new Set(clearance.tiers).size < clearance.tiers.length)
    yield error(`${field}.clearance`, "a tier stands twice");
}

function* seatErrors({ name, quorum, clearance }: PolicyRow, seating: Seating): Iterable<Problem> {
  const clearing = clearance === "none" ? 0 : clearance.quorum;
  const approvers = seating.approversBeside(clearing);
  if (approvers >= quorum) return;
  const without = seating.approversBeside(0);
  if (without >= quorum) {
    yield error(
      `rows.${name}.clearance`,
      `asks for ${counted(clearing, "person")} of compliance; beside ${counted(quorum, "approver")} so many cannot act`,
    );
    return;
  }
  yield error(
    `rows.${name}.quorum`,
    `asks for ${counted(quorum, "approver")}; beside a requester, an operator and an officer, as conflicts keep them apart, ${Math.max(0, without)} can act`,
  );
}

/** The first two of a row's wallets that need share no signer, by their places in the policy. */
type Apart = (places: readonly number[]) => readonly [PolicyWallet, PolicyWallet] | undefined;

// Worked out once for all rows: a thousand of them may name the same hundreds of wallets (attack A02).
function apartIn(wallets: readonly PolicyWallet[]): Apart {
  const quorums = wallets.map(spendingQuorum);
  const apart = quorums.map((a, i) =>
    quorums.map((b, j) => {
      const online = wallets[i]?.exactlyOnce === "online" && wallets[j]?.exactlyOnce === "online";
      return i < j && !online && !alwaysMeet(a, b);
    }),
  );
  return (places) => {
    for (const i of places) {
      const others = apart[i] ?? [];
      for (const j of places)
        if (others[j] === true) return [wallets[i], wallets[j]] as [PolicyWallet, PolicyWallet];
    }
    return undefined;
  };
}

/**
 * ADR 9. A withdrawal names no wallet: an owned online host takes one approved intent to two groups of signers, each
 * from a wallet of its own, and both are right by their own journals (failure F3). Every other intent names its wallet.
 */
function* walletErrors(
  row: PolicyRow,
  policy: Policy,
  places: readonly number[],
  apart: Apart,
): Iterable<Problem> {
  const field = `rows.${row.name}.wallets`;
  if (new Set(row.wallets).size < row.wallets.length) yield error(field, "a wallet stands twice");
  const { chain } = assetFacts(row.asset);
  const stray = places.map((place) => policy.wallets[place]).find((wallet) => wallet?.chain !== chain);
  if (stray !== undefined)
    yield error(field, `wallet ${stray.name} is on another chain than the row's asset`);
  const [a, b] = (row.type === "withdrawal" ? apart(places) : undefined) ?? [];
  if (a === undefined || b === undefined) return;
  yield error(
    field,
    `a group that spends ${a.name} and one that spends ${b.name} need share no signer of ours, so that one payment could be made by each`,
  );
}

// Whoever commands a wallet has all that it holds: no fewer people give that away than any payment of it asks for.
function* commandErrors(row: PolicyRow, rows: readonly PolicyRow[]): Iterable<Problem> {
  if (row.type !== "control") return;
  const paying = rows.filter(
    ({ type, wallets }) => type !== row.type && wallets.some((name) => row.wallets.includes(name)),
  );
  const most = paying.find(({ quorum }) => quorum > row.quorum);
  if (most === undefined) return;
  yield error(
    `rows.${row.name}.quorum`,
    `${counted(row.quorum, "approver")} may change who commands a wallet, and row ${most.name} asks for ${most.quorum} to move a part of what it holds`,
  );
}

// A band is no use when one signer's share of the limits is below its smallest amount.
function* shareErrors(policy: Policy, row: PolicyRow): Iterable<Problem> {
  const share = signerShare(policy, row);
  const smallest = BigInt(row.aboveUnits) + 1n;
  for (const window of ["dayUnits", "monthUnits"] as const) {
    const units = share(BigInt(row.limits[window]));
    if (!MOVES_NOTHING.has(row.type) && units < smallest)
      yield error(
        `rows.${row.name}.limits.${window}`,
        `one signer's share of it is ${units}, less than any amount of the band`,
      );
    if (row.type !== "attest" && share(BigInt(row.feeBudget[window])) === 0n)
      yield error(`rows.${row.name}.feeBudget.${window}`, "one signer's share of it lets no fee be paid");
  }
}

/** Rows whose bands share an amount, each with the first that it meets. Sorted first: a policy has a thousand rows. */
function* overlapErrors(rows: readonly PolicyRow[]): Iterable<Problem> {
  const byKind = new Map<string, PolicyRow[]>();
  for (const row of rows) {
    const key = `${row.type} ${row.asset}`;
    byKind.set(key, [...(byKind.get(key) ?? []), row]);
  }
  for (const alike of byKind.values()) {
    const sorted = [...alike].sort((a, b) => (BigInt(a.aboveUnits) < BigInt(b.aboveUnits) ? -1 : 1));
    let widest = sorted[0];
    for (const row of sorted.slice(1)) {
      if (widest === undefined) break;
      if (BigInt(row.aboveUnits) < BigInt(widest.upToUnits))
        yield error(`rows.${row.name}`, `its band overlaps that of row ${widest.name}`);
      if (BigInt(row.upToUnits) > BigInt(widest.upToUnits)) widest = row;
    }
  }
}
