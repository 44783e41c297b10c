import { counted } from "../../src/core/count.ts";
import { openIdentity, type Identity } from "../../src/core/identity-file.ts";
import { LIMITS } from "../../src/core/limits.ts";
import { optionalFlag, requiredFlag, type Call } from "../../src/terminal/command.ts";
import { readInput } from "../../src/terminal/files.ts";
import { openWithPassphrase } from "../../src/terminal/passphrase.ts";
import { homeAt, loadUnlock, type Home } from "../keystore/home.ts";
import { openSignerKey, type SignerFile } from "../keystore/signer-file.ts";
import { countingWrong, forgetWrong, wrongPassphrases } from "../keystore/wrong-passphrases.ts";
import { openTogether } from "./open-together.ts";

/** This signer's opened identity with the passphrase that opened it; `wipe` overwrites both. */
export type OpenSigner = {
  /** 32-byte Ed25519 seed. */
  readonly seed: Uint8Array;
  readonly passphrase: Uint8Array;
  wipe(): void;
};

/** Asks for the signer's passphrase, or for those of the officers who open it together. @throws PASSPHRASE_WRONG */
export async function openSigner(call: Call, signer: SignerFile): Promise<OpenSigner> {
  const { opened, passphrase } = await unlock(call, signer);
  return {
    seed: opened,
    passphrase,
    wipe() {
      opened.fill(0);
      passphrase.fill(0);
    },
  };
}

async function unlock(call: Call, signer: SignerFile) {
  const { io, flags } = call;
  const home = homeAt(call.home, signer.network);
  const wrong = wrongPassphrases(home);
  const shared = loadUnlock(home);
  const unlocked =
    shared === undefined
      ? await openWithPassphrase(
          io,
          flags,
          `signer ${signer.name}`,
          countingWrong(
            home,
            (passphrase) => openSignerKey(signer, passphrase),
            () => io.random(8),
          ),
        )
      : withKey(signer, await openTogether(call, home, shared));
  if (wrong > 0) {
    io.stderr.write(
      `since this signer was last opened, ${counted(wrong, "wrong passphrase was", "wrong passphrases were")} typed\n`,
    );
  }
  forgetWrong(home);
  return unlocked;
}

function withKey(signer: SignerFile, key: Uint8Array) {
  try {
    return { opened: openSignerKey(signer, key), passphrase: key };
  } catch (error) {
    key.fill(0);
    throw error;
  }
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
