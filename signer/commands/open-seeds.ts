/** Opens the wallet seeds of a home: each with the signer's passphrase, and with its BIP-39 passphrase where it has one. */
import { optionalFlag, type Call, type Flags } from "../../src/terminal/command.ts";
import { askPassphrase, openWithPassphrase, type PassphraseFlags } from "../../src/terminal/passphrase.ts";
import { homeAt, type Home } from "../keystore/home.ts";
import { openKeyRing, type KeyRing, type SeedPassphrases } from "../keystore/key-ring.ts";
import { loadSeeds } from "../keystore/load.ts";
import { openSeed, type SeedFile } from "../keystore/seed-file.ts";
import { countingWrong } from "../keystore/wrong-passphrases.ts";
import type { OpenSigner } from "./open-identity.ts";

export const SEED_PASSPHRASE_FLAG = "--seed-passphrase-file";

/** The ring of all seeds of the home. The caller wipes it. @throws PASSPHRASE_WRONG, SEED_FILE_MALFORMED */
export async function openWallets(call: Call, home: Home, open: OpenSigner): Promise<KeyRing> {
  const seeds = loadSeeds(home);
  const passphrases = await askSeedPassphrases(call, seeds, open);
  try {
    return openKeyRing(seeds, open.passphrase, passphrases);
  } finally {
    wipePassphrases(passphrases);
  }
}

/** The BIP-39 passphrases of those seeds that have one, each proven by its seed's fingerprint (attack B8). */
export async function askSeedPassphrases(
  { io, flags, home }: Call,
  seeds: readonly SeedFile[],
  open: OpenSigner,
): Promise<SeedPassphrases> {
  const extended = seeds.filter(({ passphrase }) => passphrase);
  const given = givenBy(flags);
  // A descriptor can be read only once, so one answer serves all of them.
  const common =
    extended.length > 0 && given !== undefined ? await askPassphrase(io, given, "the seeds") : undefined;
  const passphrases = new Map<SeedFile["name"], Uint8Array>();
  try {
    for (const file of extended) {
      const tryOpen = countingWrong(
        homeAt(home, file.network),
        (passphrase) => openSeed(file, open.passphrase, passphrase).fill(0),
        () => io.random(8),
      );
      if (common !== undefined) {
        tryOpen(common);
        passphrases.set(file.name, Uint8Array.from(common));
      } else {
        const what = `seed ${file.name} (BIP-39)`;
        const { passphrase } = await openWithPassphrase(io, {}, what, tryOpen, SEED_PASSPHRASE_FLAG);
        passphrases.set(file.name, passphrase);
      }
    }
    return passphrases;
  } catch (error) {
    wipePassphrases(passphrases);
    throw error;
  } finally {
    common?.fill(0);
  }
}

export function wipePassphrases(passphrases: SeedPassphrases): void {
  for (const passphrase of passphrases.values()) passphrase.fill(0);
}

/** Where a script says the seed's passphrase is; undefined when a person is to be asked. */
export function givenBy(flags: Flags): PassphraseFlags | undefined {
  const passphraseFile = optionalFlag(flags, "seedPassphraseFile");
  const passphraseFd = optionalFlag(flags, "seedPassphraseFd");
  return passphraseFile === undefined && passphraseFd === undefined
    ? undefined
    : { passphraseFile, passphraseFd };
}
