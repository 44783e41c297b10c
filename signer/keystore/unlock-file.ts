/**
 * A signer that several officers open together. Its files are sealed under a random key instead of a passphrase; the key
 * is shared (any `needed` of the holders give it back, fewer know nothing of it), and each share is sealed under one
 * officer's passphrase. So nobody opens the signer alone, and one who leaves does not lock the others out.
 */
import * as z from "zod";
import { canonicalBytes, parseCanonical } from "../../src/core/canonical.ts";
import type { Network } from "../../src/core/chain.ts";
import { assert, declareError } from "../../src/core/errors.ts";
import { base64Field, countField, nameField, networkField } from "../../src/core/fields.ts";
import { concatBytes, fromBase64, toBase64 } from "../../src/core/hex.ts";
import type { Name } from "../../src/core/identifier.ts";
import { seal, unseal } from "../../src/core/sealed.ts";
import type { Point } from "./slip39/field.ts";
import { recoverSecret, SHARES_MAX, splitSecret } from "./slip39/shamir.ts";

export type UnlockFile = {
  readonly network: Network;
  readonly needed: number;
  readonly holders: readonly Holder[];
};

/** One officer's share, sealed: its place of one byte, then its 32 bytes. */
type Holder = { readonly name: Name; readonly sealed: Uint8Array };

export const UNLOCK_FILE_MALFORMED = declareError(
  "UNLOCK_FILE_MALFORMED",
  "verification",
  "The file that says which officers open a signer together cannot be read.",
);

/** How many officers a signer is opened by; one more could be away. */
export const OFFICERS_NEEDED = 2;

const KEY_BYTES = 32;

const schema = z.strictObject({
  kind: z.literal("signer-unlock"),
  version: z.literal(1),
  network: networkField,
  needed: countField(SHARES_MAX, OFFICERS_NEEDED),
  holders: z
    .array(z.strictObject({ name: nameField, sealed: base64Field }))
    .min(OFFICERS_NEEDED)
    .max(SHARES_MAX),
});

/**
 * Shares `key` among officers.
 * @param key 32 bytes that nobody knows
 * @param officers names with their passphrases, two or more
 */
export function makeUnlockFile(
  key: Uint8Array,
  officers: readonly { readonly name: Name; readonly passphrase: Uint8Array }[],
  network: Network,
  random: (length: number) => Uint8Array,
): UnlockFile {
  assert(key.length === KEY_BYTES && officers.length >= OFFICERS_NEEDED, "a key and its officers");
  const shares = splitSecret({ needed: OFFICERS_NEEDED, count: officers.length }, key, random);
  const holders = officers.map(({ name, passphrase }, place) => {
    const { x, y } = shares[place] as Point;
    const share = concatBytes(Uint8Array.of(x), y);
    const sealed = seal(
      share,
      passphrase,
      { purpose: "unlock", network },
      { salt: random(16), nonce: random(12) },
    );
    share.fill(0);
    y.fill(0);
    return { name, sealed };
  });
  return { network, needed: OFFICERS_NEEDED, holders };
}

export function unlockFileBytes({ network, needed, holders }: UnlockFile): Uint8Array {
  return canonicalBytes({
    kind: "signer-unlock",
    version: 1,
    network,
    needed,
    holders: holders.map(({ name, sealed }) => ({ name, sealed: toBase64(sealed) })),
  });
}

/** @throws UNLOCK_FILE_MALFORMED, CANONICAL_MALFORMED */
export function parseUnlockFile(bytes: Uint8Array, network: Network): UnlockFile {
  const { data } = schema.safeParse(parseCanonical(bytes));
  const names = new Set(data?.holders.map(({ name }) => name));
  if (data?.network !== network || names.size !== data.holders.length || data.needed > names.size) {
    throw UNLOCK_FILE_MALFORMED(`the unlock file is not one of ${network}`, {
      field: "unlock file",
      hint: "restore the home folder from its backup",
    });
  }
  const holders = data.holders.map(({ name, sealed }) => ({ name, sealed: fromBase64(sealed) }));
  return { network, needed: data.needed, holders };
}

/** One officer's share of the key. The caller wipes it. @throws PASSPHRASE_WRONG, UNLOCK_FILE_MALFORMED */
export function openShare({ sealed }: Holder, network: Network, passphrase: Uint8Array): Point {
  const share = unseal(sealed, passphrase, { purpose: "unlock", network });
  const [x = SHARES_MAX] = share;
  const y = share.slice(1);
  share.fill(0);
  if (x < SHARES_MAX && y.length === KEY_BYTES) return { x, y };
  y.fill(0);
  throw UNLOCK_FILE_MALFORMED("an officer's share has another form", {
    field: "unlock file",
    hint: "restore the home folder from its backup",
  });
}

/** The key of `needed` shares of different officers. The caller wipes it. @throws SHARES_DIGEST_WRONG, UNLOCK_FILE_MALFORMED */
export function joinShares({ needed }: UnlockFile, shares: readonly Point[]): Uint8Array {
  if (new Set(shares.map(({ x }) => x)).size !== shares.length) {
    throw UNLOCK_FILE_MALFORMED("two officers hold the same share, which then is no second one", {
      field: "unlock file",
      hint: "restore the home folder from its backup",
    });
  }
  return recoverSecret(needed, shares);
}
