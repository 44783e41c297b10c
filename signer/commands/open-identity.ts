import { openIdentity, type Identity } from "../../src/core/identity-file.ts";
import { LIMITS } from "../../src/core/limits.ts";
import { optionalFlag, requiredFlag, type Call } from "../../src/terminal/command.ts";
import { readInput } from "../../src/terminal/files.ts";
import { openWithPassphrase } from "../../src/terminal/passphrase.ts";
import type { Home } from "../keystore/home.ts";
import { openSignerKey, type SignerFile } from "../keystore/signer-file.ts";

/** This signer's opened identity with the passphrase that opened it; `wipe` overwrites both. */
export type OpenSigner = {
  /** 32-byte Ed25519 seed. */
  readonly seed: Uint8Array;
  readonly passphrase: Uint8Array;
  wipe(): void;
};

/** Asks for the signer's passphrase. @throws PASSPHRASE_WRONG */
export async function openSigner({ io, flags }: Call, signer: SignerFile): Promise<OpenSigner> {
  const open = (passphrase: Uint8Array) => openSignerKey(signer, passphrase);
  const { opened, passphrase } = await openWithPassphrase(io, flags, `signer ${signer.name}`, open);
  return {
    seed: opened,
    passphrase,
    wipe() {
      opened.fill(0);
      passphrase.fill(0);
    },
  };
}

/** Opens the officer's identity file. The caller wipes its seed. @throws PASSPHRASE_WRONG, SEALED_MALFORMED */
export async function openOfficer({ io, flags }: Call, { network }: Home): Promise<Identity> {
  const path = requiredFlag(flags, "officer");
  const file = await readInput(io, path, LIMITS.sealedBytesMax, "--officer");
  const passphraseFlags = {
    passphraseFile: optionalFlag(flags, "officerPassphraseFile"),
    passphraseFd: optionalFlag(flags, "officerPassphraseFd"),
  };
  const open = (passphrase: Uint8Array) => openIdentity(file, network, passphrase);
  const { opened, passphrase } = await openWithPassphrase(
    io,
    passphraseFlags,
    `officer ${path}`,
    open,
    "--officer-passphrase-file",
  );
  passphrase.fill(0);
  return opened;
}
