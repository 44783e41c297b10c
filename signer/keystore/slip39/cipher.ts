/**
 * The master secret under a passphrase (SLIP-0039, "Encryption of the master secret"): four Feistel rounds with
 * PBKDF2-HMAC-SHA256. Every passphrase opens to some secret; only a fingerprint tells the right one.
 */
import { pbkdf2Sync } from "node:crypto";
import { concatBytes, utf8 } from "../../../src/core/hex.ts";

/** What the cipher takes from a share. */
export type CipherParameters = {
  /** 15 bits, the same on all shares of one split. */
  readonly identifier: number;
  /** Whether the identifier is left out of the salt, so that a later split of the same secret keeps its passphrases. */
  readonly extendable: boolean;
  /** PBKDF2 runs 10,000 · 2^exponent times in all. The format ends at 15, some minutes on a laptop. */
  readonly iterationExponent: number;
};

/** Customization string of the checksum, and of the salt where a split is not extendable. */
export const CUSTOMIZATION = { fixed: "shamir", extendable: "shamir_extendable" } as const;

const ITERATIONS = 10_000;
const ROUNDS = [0, 1, 2, 3] as const;

/** @param secret of even length; both results are the caller's to wipe */
export function encryptMaster(secret: Uint8Array, passphrase: Uint8Array, by: CipherParameters): Uint8Array {
  return feistel(secret, passphrase, by, ROUNDS);
}

export function decryptMaster(secret: Uint8Array, passphrase: Uint8Array, by: CipherParameters): Uint8Array {
  return feistel(secret, passphrase, by, ROUNDS.toReversed());
}

function feistel(
  secret: Uint8Array,
  passphrase: Uint8Array,
  by: CipherParameters,
  rounds: readonly number[],
): Uint8Array {
  const half = secret.length / 2;
  const salt = saltOf(by);
  // Copies: `slice` of a Buffer would be a view, and the rounds would overwrite the caller's secret.
  let [left, right] = [Uint8Array.from(secret.subarray(0, half)), Uint8Array.from(secret.subarray(half))];
  for (const round of rounds) {
    const mask = roundKey(round, passphrase, concatBytes(salt, right), by.iterationExponent, half);
    left.forEach((byte, index) => (left[index] = byte ^ (mask[index] as number)));
    mask.fill(0);
    [left, right] = [right, left];
  }
  const result = concatBytes(right, left);
  left.fill(0);
  right.fill(0);
  return result;
}

function roundKey(round: number, passphrase: Uint8Array, salt: Uint8Array, exponent: number, length: number) {
  const key = concatBytes(Uint8Array.of(round), passphrase);
  try {
    return pbkdf2Sync(key, salt, (ITERATIONS << exponent) / ROUNDS.length, length, "sha256");
  } finally {
    key.fill(0);
    salt.fill(0);
  }
}

function saltOf({ identifier, extendable }: CipherParameters): Uint8Array {
  if (extendable) return new Uint8Array();
  return concatBytes(utf8(CUSTOMIZATION.fixed), Uint8Array.of(identifier >> 8, identifier & 0xff));
}
