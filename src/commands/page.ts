import { parseId, type Id } from "../core/identifier.ts";
import { LIMITS } from "../core/limits.ts";
import { countFlag, optionalFlag, type Flags } from "../terminal/command.ts";

/** Rows of a page when no flag says how many. */
export const PAGE_ROWS = 50;

type Asked<Key> = { readonly limit: number; readonly after?: Key | undefined };

/** The page that the flags ask for, of a list whose rows have ids. */
export function pageOf(flags: Flags): Asked<Id> {
  return pageBy(flags, parseId);
}

/** The page that the flags ask for, of a list whose rows are named in another way. */
export function pageBy<Key>(flags: Flags, parse: (text: string, field: string) => Key): Asked<Key> {
  const after = optionalFlag(flags, "after");
  return {
    limit: countFlag(flags, "limit", { min: 1, max: LIMITS.pageRowsMax, otherwise: PAGE_ROWS }),
    after: after === undefined ? undefined : parse(after, "--after"),
  };
}
