/** A paper backup, typed in: BIP-39 words or SLIP-39 shares, with the passphrase that belongs to them. */
import type { Network } from "../../../src/core/chain.ts";
import { declareError } from "../../../src/core/errors.ts";
import { switchedOn, type Call } from "../../../src/terminal/command.ts";
import { askNewPassphrase, askPassphrase } from "../../../src/terminal/passphrase.ts";
import { SLIP39, type SeedForm } from "../../keystore/seed.ts";
import { givenBy, SEED_PASSPHRASE_FLAG } from "../open-seeds.ts";
import { readShares } from "./shares.ts";
import { readWords } from "./words.ts";

export const FINGERPRINT_DIFFERS = declareError(
  "FINGERPRINT_DIFFERS",
  "verification",
  "A backup or a passphrase gives another seed than the one whose fingerprint was named.",
);

/** The bytes of a seed and what they are; `wipe` overwrites them and the passphrase. */
export type Secret = { readonly bytes: Uint8Array; readonly form: SeedForm; wipe(): void };

/** @throws WORDS_INVALID, SHARE_CHECKSUM_WRONG and the other errors of shares */
export async function readBackup(
  call: Call,
  network: Network,
  { shares, extended }: { readonly shares: boolean; readonly extended: boolean },
): Promise<Secret> {
  if (shares) {
    const passphrase = extended ? await askSeedPassphrase(call, "the SLIP-39 shares") : new Uint8Array();
    try {
      return secretOf(await readShares(call, network, passphrase), SLIP39);
    } finally {
      passphrase.fill(0);
    }
  }
  const entropy = await readWords(call, network);
  try {
    return secretOf(entropy, {
      standard: "bip39",
      passphrase: extended ? await askSeedPassphrase(call, "the BIP-39 words") : undefined,
    });
  } catch (error) {
    entropy.fill(0);
    throw error;
  }
}

export function secretOf(bytes: Uint8Array, form: SeedForm): Secret {
  return {
    bytes,
    form,
    wipe() {
      bytes.fill(0);
      if (form.standard === "bip39") form.passphrase?.fill(0);
    },
  };
}

/** Whether `--seed-passphrase`, or a place to read it from, was given. */
export function isExtended({ flags }: Call): boolean {
  return switchedOn(flags, "seedPassphrase") || givenBy(flags) !== undefined;
}

/** The passphrase of a seed that exists; of any length, since it may have been chosen elsewhere. */
export async function askSeedPassphrase({ io, flags }: Call, what: string): Promise<Uint8Array> {
  return askPassphrase(io, givenBy(flags) ?? {}, what, SEED_PASSPHRASE_FLAG);
}

/** The passphrase of a new seed, typed twice. */
export async function askNewSeedPassphrase({ io, flags }: Call, name: string): Promise<Uint8Array> {
  return askNewPassphrase(io, givenBy(flags) ?? {}, `seed ${name} (BIP-39)`);
}
