/** Named sets of states in SQL. Their names are constants of ours, never what somebody has written. */

/** `('SIGNED', 'REPLACED')`, in the order of the set: an index's own condition is recognised by its letters. */
export function stateList(states: Iterable<string>): string {
  return `(${[...states].map((state) => `'${state}'`).join(", ")})`;
}
