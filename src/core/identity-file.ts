/** A person's identity key as a sealed file: name, person and 32-byte Ed25519 seed, all under the passphrase. */
import * as z from "zod";
import { canonicalBytes, parseCanonical } from "./canonical.ts";
import type { Network } from "./chain.ts";
import { publicKeyOf, type PublicKey } from "./ed25519.ts";
import { nameField, textField } from "./fields.ts";
import { fromHex, toHex } from "./hex.ts";
import type { Name } from "./identifier.ts";
import { SEALED_MALFORMED, seal, unseal } from "./sealed.ts";

export type Identity = {
  readonly name: Name;
  readonly person: string;
  readonly seed: Uint8Array;
  readonly key: PublicKey;
};

const seedField = z.string().regex(/^[0-9a-f]{64}$/);
const schema = z.strictObject({ name: nameField, person: textField(64), seed: seedField });

/** Makes an identity of 32 random bytes. */
export function makeIdentity(name: Name, person: string, seed: Uint8Array): Identity {
  return { name, person, seed, key: publicKeyOf(seed) };
}

/** @param random 16 bytes of salt and 12 of nonce */
export function sealIdentity(
  identity: Identity,
  network: Network,
  passphrase: Uint8Array,
  random: { salt: Uint8Array; nonce: Uint8Array },
): Uint8Array {
  const secret = canonicalBytes({ name: identity.name, person: identity.person, seed: toHex(identity.seed) });
  try {
    return seal(secret, passphrase, { purpose: "identity", network }, random);
  } finally {
    secret.fill(0);
  }
}

/** Opens an identity file. The caller wipes `seed` after use. @throws SEALED_MALFORMED, PASSPHRASE_WRONG */
export function openIdentity(file: Uint8Array, network: Network, passphrase: Uint8Array): Identity {
  const secret = unseal(file, passphrase, { purpose: "identity", network });
  try {
    const { name, person, seed } = parseSecret(secret);
    return makeIdentity(name, person, fromHex(seed, "seed", 32));
  } finally {
    secret.fill(0);
  }
}

// One answer to whatever else a seal may hold, so that no error speaks of a secret's parts.
function parseSecret(secret: Uint8Array): z.output<typeof schema> {
  try {
    return schema.parse(parseCanonical(secret));
  } catch {
    throw SEALED_MALFORMED("sealed file holds no identity", { field: "file" });
  }
}
