/** What is wrong with a policy. An error keeps it from being pinned; a warning is for its admins to weigh. */
export type Problem = {
  /** The path in the policy, rows and wallets by name: `rows.small.quorum`. */
  readonly field: string;
  readonly why: string;
  readonly severity: "error" | "warning";
};

export function error(field: string, why: string): Problem {
  return { field, why, severity: "error" };
}

export function warning(field: string, why: string): Problem {
  return { field, why, severity: "warning" };
}
