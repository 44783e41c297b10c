/** A seed on disk: what may be known of it without a passphrase, and its secret under the signer's passphrase. */
import * as z from "zod";
import { canonicalBytes, parseCanonical } from "../../src/core/canonical.ts";
import type { OriginKey } from "../../src/chains/key-path.ts";
import type { WalletKind } from "../../src/chains/bitcoin/kinds/kind.ts";
import type { Network } from "../../src/core/chain.ts";
import { declareError } from "../../src/core/errors.ts";
import { base64Field, nameField, networkField, textField } from "../../src/core/fields.ts";
import { fromBase64, toBase64 } from "../../src/core/hex.ts";
import type { Name } from "../../src/core/identifier.ts";
import { LIMITS } from "../../src/core/limits.ts";
import { PASSPHRASE_WRONG, seal, unseal } from "../../src/core/sealed.ts";
import {
  accountDescriptor,
  BIP39,
  cosignerKey,
  evmAccountKey,
  evmExtendedKey,
  fingerprintOf,
  isSeedLength,
  masterOf,
  SLIP39,
  wipeNode,
  type ExtendedKey,
  type SeedForm,
  type SeedStandard,
} from "./seed.ts";

export type SeedFile = {
  readonly network: Network;
  readonly name: Name;
  readonly standard: SeedStandard;
  /** Whether a BIP-39 passphrase belongs to it, which is kept nowhere and asked for whenever the seed is used. */
  readonly passphrase: boolean;
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

export const SEED_PASSPHRASE_NEEDED = declareError(
  "SEED_PASSPHRASE_NEEDED",
  "usage",
  "A seed has a BIP-39 passphrase, which is kept nowhere, and it was not given.",
);

const schema = z.strictObject({
  kind: z.literal("signer-seed"),
  version: z.literal(1),
  network: networkField,
  name: nameField,
  standard: z.enum(["bip39", "slip39"]),
  passphrase: z.boolean(),
  fingerprint: z.string().regex(/^[0-9a-f]{8}$/),
  descriptor: textField(LIMITS.descriptorCharactersMax),
  cosignerKey: textField(LIMITS.textCharactersMax),
  sealed: base64Field,
});

/**
 * @param secret entropy of BIP-39 words, or the master secret of SLIP-39 shares
 * @param random 16 bytes of salt and 12 of nonce
 */
export function sealSeed(
  name: Name,
  secret: Uint8Array,
  network: Network,
  passphrase: Uint8Array,
  random: { salt: Uint8Array; nonce: Uint8Array },
  form = BIP39,
): SeedFile {
  const facts = publicFacts(secret, network, form);
  const { standard } = form;
  const extended = form.standard === "bip39" && form.passphrase !== undefined;
  const sealed = seal(secret, passphrase, { purpose: "seed", network }, random);
  return { network, name, standard, passphrase: extended, ...facts, sealed };
}

export function seedFileBytes({ sealed, ...facts }: SeedFile): Uint8Array {
  return canonicalBytes({ kind: "signer-seed", version: 1, ...facts, sealed: toBase64(sealed) });
}

/** @throws SEED_FILE_MALFORMED, CANONICAL_MALFORMED */
export function parseSeedFile(bytes: Uint8Array, network: Network): SeedFile {
  const parsed = schema.safeParse(parseCanonical(bytes));
  const fits =
    parsed.data?.network === network && !(parsed.data.standard === "slip39" && parsed.data.passphrase);
  if (!parsed.success || !fits) {
    throw SEED_FILE_MALFORMED(`a seed file is not one of ${network}`, {
      field: "seeds",
      hint: "custody-signer keys list",
    });
  }
  const { sealed, name, standard, passphrase, fingerprint, descriptor, cosignerKey: cosigner } = parsed.data;
  return {
    network,
    name,
    standard,
    passphrase,
    fingerprint,
    descriptor,
    cosignerKey: cosigner,
    sealed: fromBase64(sealed),
  };
}

/**
 * The seed's secret. The caller wipes it. What stands beside the seed in the clear is compared with what the seed says,
 * so that a changed file cannot export a stranger's public key as ours (attack B5), and a mistyped BIP-39 passphrase
 * opens no other wallet in silence (attack B8).
 * @param seedPassphrase the BIP-39 passphrase, where the seed has one
 * @throws PASSPHRASE_WRONG, SEED_PASSPHRASE_NEEDED, SEED_FILE_MALFORMED
 */
export function openSeed(file: SeedFile, passphrase: Uint8Array, seedPassphrase?: Uint8Array): Uint8Array {
  const form = formOf(file, seedPassphrase);
  const secret = unseal(file.sealed, passphrase, { purpose: "seed", network: file.network });
  const { fingerprint, descriptor, cosignerKey } = file;
  if (isSeedLength(file.standard, secret.length)) {
    const facts = publicFacts(secret, file.network, form);
    const same = facts.descriptor === descriptor && facts.cosignerKey === cosignerKey;
    if (same && facts.fingerprint === fingerprint) return secret;
  }
  secret.fill(0);
  if (file.passphrase) {
    throw PASSPHRASE_WRONG(
      `that BIP-39 passphrase does not give the fingerprint ${fingerprint} of seed ${file.name}`,
      {
        field: "--seed-passphrase-file",
        hint: "try the seed's passphrase again; nothing was changed",
      },
    );
  }
  throw SEED_FILE_MALFORMED(`seed ${file.name} is not the one that its file describes`, {
    field: "seeds",
    hint: "restore the seed from its words: custody-signer keys restore",
  });
}

/** What the file's secret is. @throws SEED_PASSPHRASE_NEEDED */
export function formOf({ name, standard, passphrase }: SeedFile, seedPassphrase?: Uint8Array): SeedForm {
  if (standard === "slip39") return SLIP39;
  if (!passphrase) return BIP39;
  if (seedPassphrase !== undefined) return { standard, passphrase: seedPassphrase };
  throw SEED_PASSPHRASE_NEEDED(`seed ${name} has a BIP-39 passphrase`, {
    field: "--seed-passphrase-file",
    hint: "add --seed-passphrase-file, or run the command in a terminal",
  });
}

/** A seed's public part in wallets of `kind`: of one key a descriptor, of several a key for them. */
export function publicPart(secret: Uint8Array, network: Network, form: SeedForm, kind: WalletKind): string {
  return ofMaster(secret, network, form, (master) =>
    kind.several
      ? cosignerKey(master, network, kind.kind)
      : accountDescriptor(master, network, kind.kind).text,
  );
}

/** The key of a seed's account on EVM chains. */
export function accountPart(secret: Uint8Array, network: Network, form: SeedForm): OriginKey {
  return ofMaster(secret, network, form, (master) => evmAccountKey(master, network));
}

/** The extended key above that account's. */
export function extendedPart(secret: Uint8Array, network: Network, form: SeedForm): ExtendedKey {
  return ofMaster(secret, network, form, (master) => evmExtendedKey(master, network));
}

/** What may be known of a seed: fingerprint, account descriptor, and key for wallets of several keys. */
export function publicFacts(
  secret: Uint8Array,
  network: Network,
  form = BIP39,
): Pick<SeedFile, "fingerprint" | "descriptor" | "cosignerKey"> {
  return ofMaster(secret, network, form, (master) => ({
    fingerprint: fingerprintOf(master),
    descriptor: accountDescriptor(master, network).text,
    cosignerKey: cosignerKey(master, network),
  }));
}

// The master is wiped whatever comes of it.
function ofMaster<T>(
  secret: Uint8Array,
  network: Network,
  form: SeedForm,
  read: (master: ReturnType<typeof masterOf>) => T,
): T {
  const master = masterOf(secret, network, form);
  try {
    return read(master);
  } finally {
    wipeNode(master);
  }
}
