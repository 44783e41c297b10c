/** A master secret into shares (SLIP-0039, "Generating the shares"). Pure: randomness arrives as an argument. */
import { assert } from "../../../src/core/errors.ts";
import { encryptMaster } from "./cipher.ts";
import type { Groups } from "./groups.ts";
import { splitSecret } from "./shamir.ts";
import type { Share } from "./share.ts";

/** Exponent of the reference implementation: 20,000 iterations. A passphrase is guarded by its length, not by this. */
const ITERATION_EXPONENT = 1;

/**
 * Shares of `master` group by group.
 * @param master a BIP-32 seed: 16 to 64 bytes, of even number
 * @param passphrase of the split; empty for none
 */
export function splitMaster(
  master: Uint8Array,
  { needed, groups }: Groups,
  passphrase: Uint8Array,
  random: (length: number) => Uint8Array,
): readonly (readonly Share[])[] {
  assert(
    master.length >= 16 && master.length <= 64 && master.length % 2 === 0,
    "a master secret has an even number of bytes from 16 to 64",
  );
  const [high = 0, low = 0] = random(2);
  const by = {
    identifier: ((high & 0x7f) << 8) | low,
    extendable: true,
    iterationExponent: ITERATION_EXPONENT,
  };
  const encrypted = encryptMaster(master, passphrase, by);
  const points = splitSecret({ needed, count: groups.length }, encrypted, random);
  encrypted.fill(0);
  return points.map(({ x: group, y: secret }, index) => {
    const members = groups[index] as Groups["groups"][number];
    const shares = splitSecret(members, secret, random).map(({ x: member, y: value }) => ({
      ...by,
      group,
      groupsNeeded: needed,
      groups: groups.length,
      member,
      membersNeeded: members.needed,
      value,
    }));
    secret.fill(0);
    return shares;
  });
}
