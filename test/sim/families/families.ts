/** Every family that worlds are played of. */
import { assert } from "../../../src/core/errors.ts";
import { BITCOIN_FAMILY } from "./bitcoin/family.ts";
import { EVM_FAMILY } from "./evm/family.ts";
import type { Family } from "./family.ts";

const FAMILIES: readonly Family[] = [BITCOIN_FAMILY, EVM_FAMILY];

export const FAMILY_NAMES = FAMILIES.map(({ name }) => name);

export function familyCalled(wanted: string): Family {
  const found = FAMILIES.find(({ name }) => name === wanted);
  assert(found !== undefined, `there are worlds of ${FAMILY_NAMES.join(" and ")}, and none of ${wanted}`);
  return found;
}
