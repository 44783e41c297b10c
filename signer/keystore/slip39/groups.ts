/** How shares are dealt: `2of3` is one group; `2of3,3of5` are two, of which a number is needed. */
import { declareError } from "../../../src/core/errors.ts";
import { SHARES_MAX, type Threshold } from "./shamir.ts";

export type Groups = {
  readonly needed: number;
  /** Members of each group. */
  readonly groups: readonly Threshold[];
};

export const GROUPS_MALFORMED = declareError(
  "GROUPS_MALFORMED",
  "usage",
  "The groups of a SLIP-39 backup cannot be read, or are no safe way to deal shares.",
);

/**
 * @param text such as `2of3` or `1of1,2of3`
 * @param needed how many groups restore the secret; it has to be said where there are several
 * @throws GROUPS_MALFORMED
 */
export function parseGroups(text: string, needed: number | undefined): Groups {
  const groups = text.split(",", SHARES_MAX + 1).map(parseGroup);
  if (groups.length > SHARES_MAX) throw malformed(`more than ${SHARES_MAX} groups`, "--slip39");
  if (needed === undefined && groups.length > 1) {
    throw malformed("with several groups it has to be said how many of them are needed", "--groups-needed");
  }
  const enough = needed ?? 1;
  if (!Number.isInteger(enough) || enough < 1 || enough > groups.length) {
    throw malformed(`${enough} of ${groups.length} groups are needed`, "--groups-needed");
  }
  return { needed: enough, groups };
}

function parseGroup(text: string): Threshold {
  const [, needed = "", count = ""] = /^([0-9]{1,2})of([0-9]{1,2})$/.exec(text) ?? [];
  const group = { needed: Number.parseInt(needed, 10), count: Number.parseInt(count, 10) };
  if (!(group.needed >= 1 && group.needed <= group.count && group.count <= SHARES_MAX)) {
    throw malformed(`a group is NofM with N at most M and M at most ${SHARES_MAX}`, "--slip39");
  }
  // SLIP-0039: with a member threshold of 1 every share is the group's whole secret, so a second one is a copy, not a share.
  if (group.needed === 1 && group.count > 1) {
    throw malformed("1 of several would be copies of one share: say 1of1 and copy that sheet", "--slip39");
  }
  return group;
}

function malformed(message: string, field: string) {
  return GROUPS_MALFORMED(message, {
    field,
    hint: "for example --slip39 2of3, or --slip39 2of3,3of5 --groups-needed 1",
  });
}
