/** One node's view of a chain: it may lag behind, lose what it was told, or say what is not so. */

/** What is wrong with a node. */
export type Fault =
  | "none"
  /** It does not answer. */
  | "down"
  /** What it is told gets through, and its answer is lost (F2). */
  | "drops replies"
  /** It shows the chain of a while ago (F11). */
  | "lags"
  /** It has forgotten its pool, and tells nobody what it takes. */
  | "alone"
  /** It says that it knows nothing, refuses what it passes on, and accepts what it drops (F4, F11). */
  | "lies";

export const FAULTS: readonly Fault[] = ["down", "drops replies", "lags", "alone", "lies"];

/** A node that says what is not so: blocks above the best one, another branch, money that is spent, or less money. */
export type Lie = "invents blocks" | "denies blocks" | "lists spent coins" | "hides coins";

export const LIES: readonly Lie[] = ["invents blocks", "denies blocks", "lists spent coins", "hides coins"];

export type ChainNode = {
  readonly fault: Fault | Lie;
  become(fault: Fault | Lie): void;
  /** Answers a question as the family's host asks it. @throws NodeTrouble */
  answer(method: string, args: readonly unknown[]): unknown;
};
