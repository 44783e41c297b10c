/** Where a transaction stands, from what several nodes say of it: a block by as many as must agree, none denying it (F11). */
import type { TransactionStatus } from "../chains/chain-node.ts";

/** What one node says of a transaction, and whether it has the blocks that the verdict is about. */
export type Witness = {
  readonly name: string;
  readonly status: TransactionStatus;
  readonly upToDate: boolean;
};

type Included = TransactionStatus & { readonly state: "included" };

// With its height: one node alone must not say how deep it lies, or where another block would have to stand.
// Nor must it say alone what became of it there, of chains where a block may hold what had no effect (F18).
const placeOf = ({ blockHash, height, effect }: Included) =>
  [blockHash, height, ...(effect === undefined ? [] : [effect.failed, effect.feeUnits, effect.id])].join(" ");

/** The blocks that are named, each once, where they are not one or too few name it: which of them are true can be proven. */
export function contested(witnesses: readonly Witness[], quorum: number): readonly Included[] {
  const included = includedOf(witnesses);
  const places = [...new Map(included.map((one) => [placeOf(one), one])).values()];
  return places.length > 1 || included.length < quorum ? places : [];
}

/** Those who name this block at this height. */
export function naming(witnesses: readonly Witness[], place: Included): readonly Witness[] {
  return witnesses.filter(({ status }) => status.state === "included" && placeOf(status) === placeOf(place));
}

/** @param quorum how many must agree */
export function judge(witnesses: readonly Witness[], quorum: number): TransactionStatus {
  const included = includedOf(witnesses);
  if (new Set(included.map(placeOf)).size > 1)
    return undecided(witnesses, "the nodes name different blocks, or what became of it there");
  const [first] = included;
  if (first !== undefined) {
    if (included.length < quorum)
      return undecided(witnesses, `${included.length} of ${quorum} nodes show it in a block`);
    return first;
  }
  // One that lags has not read the block that may hold it: that it knows nothing of it says nothing (F11).
  const outside = witnesses.filter(({ status, upToDate }) => upToDate && status.state !== "undecided");
  if (outside.length < quorum)
    return undecided(witnesses, `${outside.length} of ${quorum} nodes that keep up say where it stands`);
  const isSeen = witnesses.some(({ status }) => status.state === "pending");
  return { state: isSeen ? "pending" : "unknown" };
}

export function undecided(witnesses: readonly Witness[], reason: string): TransactionStatus {
  const seen = witnesses.some(({ status }) =>
    status.state === "undecided" ? status.seen : status.state !== "unknown",
  );
  return { state: "undecided", seen, reason };
}

function includedOf(witnesses: readonly Witness[]): readonly Included[] {
  return witnesses.map(({ status }) => status).filter((status) => status.state === "included");
}
