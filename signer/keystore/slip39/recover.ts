/** Shares back into their master secret (SLIP-0039, "Combining the shares"). */
import { declareError } from "../../../src/core/errors.ts";
import { decryptMaster } from "./cipher.ts";
import { recoverSecret } from "./shamir.ts";
import type { Share } from "./share.ts";

export const SHARES_MIXED = declareError(
  "SHARES_MIXED",
  "invalid",
  "SLIP-39 shares are of different splits, or contradict each other about groups and thresholds.",
);
export const SHARE_REPEATED = declareError(
  "SHARE_REPEATED",
  "invalid",
  "The same SLIP-39 share was given twice, or two shares claim one place.",
);
export const SHARES_TOO_FEW = declareError(
  "SHARES_TOO_FEW",
  "invalid",
  "There are fewer SLIP-39 shares or groups than their threshold.",
);
export const SHARES_TOO_MANY = declareError(
  "SHARES_TOO_MANY",
  "invalid",
  "There are more SLIP-39 shares or groups than their threshold: the standard wants exactly as many.",
);

/** What one group has and needs. */
export type GroupProgress = {
  /** From 0. */
  readonly group: number;
  readonly have: number;
  readonly needed: number;
};

export type Progress = {
  readonly groupsNeeded: number;
  readonly groups: readonly GroupProgress[];
  readonly complete: boolean;
};

/**
 * Refuses `share` where it does not go with `earlier`.
 * @throws SHARES_MIXED, SHARE_REPEATED, SHARES_TOO_MANY
 */
export function assertFits(share: Share, earlier: readonly Share[]): void {
  const [first] = earlier;
  if (first !== undefined && commonOf(first) !== commonOf(share)) {
    throw mixed("this share is of another split than those before it");
  }
  const siblings = earlier.filter(({ group }) => group === share.group);
  const [sibling] = siblings;
  if (sibling === undefined) return assertGroupWanted(share, earlier);
  if (sibling.membersNeeded !== share.membersNeeded) {
    throw mixed(`shares of group ${share.group + 1} disagree about how many of them are needed`);
  }
  if (siblings.some(({ member }) => member === share.member)) {
    throw SHARE_REPEATED(`share ${share.member + 1} of group ${share.group + 1} is already here`, {
      field: "shares",
      hint: "take another share of that group",
    });
  }
  if (siblings.length === share.membersNeeded)
    throw tooMany(`group ${share.group + 1} has its ${siblings.length} shares`);
}

/** What `shares`, which fit together, still lack. */
export function progressOf(shares: readonly Share[]): Progress {
  const groupsNeeded = shares[0]?.groupsNeeded ?? 1;
  const groups = [...new Set(shares.map(({ group }) => group))].map((group) => {
    const members = shares.filter((share) => share.group === group);
    return { group, have: members.length, needed: members[0]?.membersNeeded ?? 1 };
  });
  const full = groups.filter(({ have, needed }) => have === needed);
  return { groupsNeeded, groups, complete: full.length === groupsNeeded && groups.length === groupsNeeded };
}

/**
 * The master secret of exactly as many shares as are needed. The caller wipes it. A wrong passphrase gives another
 * secret and no error.
 * @param passphrase of the split; empty for none
 * @throws SHARES_MIXED, SHARE_REPEATED, SHARES_TOO_FEW, SHARES_TOO_MANY, SHARES_DIGEST_WRONG
 */
export function recoverMaster(shares: readonly Share[], passphrase: Uint8Array): Uint8Array {
  shares.forEach((share, index) => assertFits(share, shares.slice(0, index)));
  const [first] = shares;
  const { complete, groups } = progressOf(shares);
  if (first === undefined || !complete) {
    throw SHARES_TOO_FEW(
      `${groups.map(lackOf).join(", ") || "no share"}; ${first?.groupsNeeded ?? 1} of the groups needed`,
      {
        field: "shares",
        hint: "bring more shares",
      },
    );
  }
  const points = groups.map(({ group, needed }) => {
    const members = shares.filter((share) => share.group === group);
    return {
      x: group,
      y: recoverSecret(
        needed,
        members.map(({ member, value }) => ({ x: member, y: value })),
      ),
    };
  });
  const encrypted = recoverSecret(first.groupsNeeded, points);
  try {
    return decryptMaster(encrypted, passphrase, first);
  } finally {
    encrypted.fill(0);
    for (const { y } of points) y.fill(0);
  }
}

/** What a person is told of a group: `group 1 has 1 of 2 shares`. */
export function lackOf({ group, have, needed }: GroupProgress): string {
  return `group ${group + 1} has ${have} of ${needed} shares`;
}

function assertGroupWanted({ groupsNeeded }: Share, earlier: readonly Share[]): void {
  const started = new Set(earlier.map(({ group }) => group)).size;
  if (started === groupsNeeded) throw tooMany(`${started} groups are begun, and no more are needed`);
}

/** What all shares of one split have in common; the length of the value too, since it is the secret's. */
function commonOf({ identifier, extendable, iterationExponent, groupsNeeded, groups, value }: Share): string {
  return [identifier, extendable, iterationExponent, groupsNeeded, groups, value.length].join();
}

function mixed(message: string) {
  return SHARES_MIXED(message, {
    field: "shares",
    hint: "sheets of one split begin with the same two words",
  });
}

function tooMany(message: string) {
  return SHARES_TOO_MANY(message, { field: "shares", hint: "leave this share out" });
}
