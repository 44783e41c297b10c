/** What is wrong with a policy. An error keeps it from being pinned; a warning is for its admins to weigh. */
export type Problem = {
  /** The path in the policy, rows and wallets by name: `rows.small.quorum`. */
  readonly field: string;
  readonly why: string;
  readonly severity: "error" | "warning";
  /** What the policy gives up by it, for whoever compares that with what people were told. */
  readonly gap?: Gap;
};

/**
 * Something that a house may do without knowingly. lock-out: `of` are the rows, or the quorum's field, that nobody can use
 * without one certain person. one-person: `of` are roles that are not kept apart.
 */
export type Gap = {
  readonly kind:
    | "all-keys"
    | "lock-out"
    | "no-delay"
    | "no-recovery"
    | "one-approver"
    | "one-key"
    | "one-person"
    | "rules-and-approvals";
  readonly of: readonly string[];
};

export function error(field: string, why: string): Problem {
  return { field, why, severity: "error" };
}

export function warning(field: string, why: string, kind?: Gap["kind"], of: readonly string[] = []): Problem {
  return { field, why, severity: "warning", ...(kind === undefined ? {} : { gap: { kind, of } }) };
}
