/** Who this signer is: public facts, and its identity key under the passphrase. */
import * as z from "zod";
import { canonicalBytes, parseCanonical } from "../../src/core/canonical.ts";
import type { Network } from "../../src/core/chain.ts";
import type { Digest } from "../../src/core/digest.ts";
import { publicKeyOf, type PublicKey } from "../../src/core/ed25519.ts";
import { declareError } from "../../src/core/errors.ts";
import {
  base64Field,
  countField,
  digestField,
  nameField,
  networkField,
  publicKeyField,
} from "../../src/core/fields.ts";
import { fromBase64, toBase64 } from "../../src/core/hex.ts";
import type { Name } from "../../src/core/identifier.ts";
import { seal, unseal } from "../../src/core/sealed.ts";

export type SignerFile = {
  readonly network: Network;
  readonly name: Name;
  readonly epoch: number;
  readonly key: PublicKey;
  /** The journal head after the `init` entry: the head with which a policy names this epoch. */
  readonly startHead: Digest;
  /** A sealed file of purpose "signer" that holds the 32-byte Ed25519 seed. */
  readonly sealed: Uint8Array;
};

export const SIGNER_FILE_MALFORMED = declareError(
  "SIGNER_FILE_MALFORMED",
  "verification",
  "The file that says who this signer is cannot be read, or its parts contradict each other.",
);

const schema = z.strictObject({
  kind: z.literal("signer-home"),
  version: z.literal(1),
  network: networkField,
  name: nameField,
  epoch: countField(1_000_000, 1),
  key: publicKeyField,
  startHead: digestField,
  sealed: base64Field,
});

export function signerFileBytes({ sealed, ...facts }: SignerFile): Uint8Array {
  return canonicalBytes({ kind: "signer-home", version: 1, ...facts, sealed: toBase64(sealed) });
}

/** @throws SIGNER_FILE_MALFORMED, CANONICAL_MALFORMED */
export function parseSignerFile(bytes: Uint8Array, network: Network): SignerFile {
  const parsed = schema.safeParse(parseCanonical(bytes));
  if (!parsed.success || parsed.data.network !== network) {
    throw SIGNER_FILE_MALFORMED(`the signer file is not one of ${network}`, {
      field: "signer file",
      hint: "restore the home folder from its backup",
    });
  }
  const { name, epoch, key, startHead, sealed } = parsed.data;
  return { network, name, epoch, key, startHead, sealed: fromBase64(sealed) };
}

/** @param random 16 bytes of salt and 12 of nonce */
export function sealSignerKey(
  seed: Uint8Array,
  network: Network,
  passphrase: Uint8Array,
  random: { salt: Uint8Array; nonce: Uint8Array },
): Uint8Array {
  return seal(seed, passphrase, { purpose: "signer", network }, random);
}

/** The signer's 32-byte identity seed. The caller wipes it. @throws PASSPHRASE_WRONG, SIGNER_FILE_MALFORMED */
export function openSignerKey(signer: SignerFile, passphrase: Uint8Array): Uint8Array {
  const seed = unseal(signer.sealed, passphrase, { purpose: "signer", network: signer.network });
  // Whoever can write the file could pair our name with another key; what is sealed decides.
  if (seed.length !== 32 || publicKeyOf(seed) !== signer.key) {
    seed.fill(0);
    throw SIGNER_FILE_MALFORMED("the signer file names another key than the one sealed in it", {
      field: "key",
    });
  }
  return seed;
}
