/** What an invariant is: a name of the design's, and a look at all that there is to see. Pure, so that tests can lie to it. */
import type { World } from "../world/world.ts";

/** What can be seen of a world between two steps. */
export type Seen = Pick<
  World,
  | "books"
  | "chain"
  | "family"
  | "house"
  | "machines"
  | "orders"
  | "receipts"
  | "approved"
  | "broken"
  | "planOf"
  | "paid"
>;

export type Invariant = {
  /** I1 to I14 of the design, or the failure that must not be. */
  readonly id: string;
  /** What is wrong, one line each. */
  readonly check: (seen: Seen) => readonly string[];
};
