import type { Call } from "../../src/terminal/command.ts";
import { askPassphrase } from "../../src/terminal/passphrase.ts";
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
  const passphrase = await askPassphrase(io, flags, `signer ${signer.name}`);
  try {
    const seed = openSignerKey(signer, passphrase);
    return {
      seed,
      passphrase,
      wipe() {
        seed.fill(0);
        passphrase.fill(0);
      },
    };
  } catch (error) {
    passphrase.fill(0);
    throw error;
  }
}
