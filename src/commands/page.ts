import { parseId, type Id } from "../core/identifier.ts";
import { LIMITS } from "../core/limits.ts";
import { countFlag, optionalFlag, type Flags } from "../terminal/command.ts";

/** Rows of a page when no flag says how many. */
export const PAGE_ROWS = 50;

/** The page that the flags ask for. */
export function pageOf(flags: Flags): { readonly limit: number; readonly after?: Id | undefined } {
  const after = optionalFlag(flags, "after");
  return {
    limit: countFlag(flags, "limit", { min: 1, max: LIMITS.pageRowsMax, otherwise: PAGE_ROWS }),
    after: after === undefined ? undefined : parseId(after, "--after"),
  };
}
