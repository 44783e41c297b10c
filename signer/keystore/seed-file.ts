/** A seed on disk: what may be known of it without a passphrase, and its entropy under the passphrase. */
import { z } from "zod";
import { canonicalBytes, parseCanonical } from "../../src/core/canonical.ts";
import type { Network } from "../../src/core/chain.ts";
import { declareError } from "../../src/core/errors.ts";
import { base64Field, nameField, networkField, textField } from "../../src/core/fields.ts";
import { fromBase64, toBase64 } from "../../src/core/hex.ts";
import type { Name } from "../../src/core/identifier.ts";
import { LIMITS } from "../../src/core/limits.ts";
import { seal, unseal } from "../../src/core/sealed.ts";
import { accountDescriptor, cosignerKey, fingerprintOf, masterOf, wipeNode } from "./seed.ts";

export type SeedFile = {
  readonly network: Network;
  readonly name: Name;
  /** The master key's fingerprint, 8 hex digits. */
  readonly fingerprint: string;
  /** Public descriptor of account 0. */
  readonly descriptor: string;
  /** Its key for wallets of several keys: `[fingerprint/48h/0h/0h/2h]xpub`. */
  readonly cosignerKey: string;
  readonly sealed: Uint8Array;
};

export const SEED_FILE_MALFORMED = declareError(
  "SEED_FILE_MALFORMED",
  "verification",
  "A seed file cannot be read, or its public part contradicts the seed sealed in it.",
);

const schema = z.strictObject({
  kind: z.literal("signer-seed"),
  version: z.literal(1),
  network: networkField,
  name: nameField,
  fingerprint: z.string().regex(/^[0-9a-f]{8}$/),
  descriptor: textField(LIMITS.descriptorCharactersMax),
  cosignerKey: textField(LIMITS.textCharactersMax),
  sealed: base64Field,
});

/** @param random 16 bytes of salt and 12 of nonce */
export function sealSeed(
  name: Name,
  entropy: Uint8Array,
  network: Network,
  passphrase: Uint8Array,
  random: { salt: Uint8Array; nonce: Uint8Array },
): SeedFile {
  const facts = publicFacts(entropy, network);
  return { network, name, ...facts, sealed: seal(entropy, passphrase, { purpose: "seed", network }, random) };
}

export function seedFileBytes({ sealed, ...facts }: SeedFile): Uint8Array {
  return canonicalBytes({ kind: "signer-seed", version: 1, ...facts, sealed: toBase64(sealed) });
}

/** @throws SEED_FILE_MALFORMED, CANONICAL_MALFORMED */
export function parseSeedFile(bytes: Uint8Array, network: Network): SeedFile {
  const parsed = schema.safeParse(parseCanonical(bytes));
  if (!parsed.success || parsed.data.network !== network) {
    throw SEED_FILE_MALFORMED(`a seed file is not one of ${network}`, {
      field: "seeds",
      hint: "custody-signer keys list",
    });
  }
  const { sealed, name, fingerprint, descriptor, cosignerKey: cosigner } = parsed.data;
  return { network, name, fingerprint, descriptor, cosignerKey: cosigner, sealed: fromBase64(sealed) };
}

/**
 * The seed's 32 bytes of entropy. The caller wipes them. What stands beside the seed in the clear is compared with
 * what the seed says, so that a changed file cannot export a stranger's public key as ours (attack B5).
 * @throws PASSPHRASE_WRONG, SEED_FILE_MALFORMED
 */
export function openSeed(file: SeedFile, passphrase: Uint8Array): Uint8Array {
  const entropy = unseal(file.sealed, passphrase, { purpose: "seed", network: file.network });
  const facts = publicFacts(entropy, file.network);
  const same =
    facts.fingerprint === file.fingerprint &&
    facts.descriptor === file.descriptor &&
    facts.cosignerKey === file.cosignerKey;
  if (same) return entropy;
  entropy.fill(0);
  throw SEED_FILE_MALFORMED(`seed ${file.name} is not the one that its file describes`, {
    field: "seeds",
    hint: "restore the seed from its words: custody-signer keys restore",
  });
}

/** What may be known of a seed: fingerprint, account descriptor, and key for wallets of several keys. */
export function publicFacts(
  entropy: Uint8Array,
  network: Network,
): Pick<SeedFile, "fingerprint" | "descriptor" | "cosignerKey"> {
  const master = masterOf(entropy, network);
  try {
    return {
      fingerprint: fingerprintOf(master),
      descriptor: accountDescriptor(master, network).text,
      cosignerKey: cosignerKey(master, network),
    };
  } finally {
    wipeNode(master);
  }
}

/** Key expression of `entropy` for wallets of several keys (BIP-48). */
export function cosignerKeyOf(entropy: Uint8Array, network: Network): string {
  const master = masterOf(entropy, network);
  try {
    return cosignerKey(master, network);
  } finally {
    wipeNode(master);
  }
}
