/**
 * How often a wrong passphrase was typed since the signer was last opened. Each costs its scrypt; the count tells the next
 * officer that somebody has been trying. Who can write the home can set it back: it warns of people at the keyboard.
 */
import { existsSync, rmSync } from "node:fs";
import { isError } from "../../src/core/errors.ts";
import { utf8 } from "../../src/core/hex.ts";
import { PASSPHRASE_WRONG } from "../../src/core/sealed.ts";
import { writeFileDurably } from "../../src/terminal/files.ts";
import { readPrivate, type Home } from "./home.ts";

const COUNT_MAX = 1_000_000;

/** `open`, with its failures for a wrong passphrase counted in the home. @param random 8 bytes at each call */
export function countingWrong<T>(
  home: Home,
  open: (passphrase: Uint8Array) => T,
  random: () => Uint8Array,
): (passphrase: Uint8Array) => T {
  return (passphrase) => {
    try {
      return open(passphrase);
    } catch (error) {
      if (isError(error, PASSPHRASE_WRONG)) {
        const count = Math.min(wrongPassphrases(home) + 1, COUNT_MAX);
        writeFileDurably(home.wrongFile, utf8(`${count}\n`), true, random());
      }
      throw error;
    }
  };
}

/** The count; a file that is no count was changed by somebody, and counts as one. */
export function wrongPassphrases(home: Home): number {
  if (!existsSync(home.wrongFile)) return 0;
  const text = new TextDecoder().decode(readPrivate(home.wrongFile).subarray(0, 16)).trim();
  return /^[0-9]{1,7}$/.test(text) ? Number.parseInt(text, 10) : 1;
}

export function forgetWrong(home: Home): void {
  rmSync(home.wrongFile, { force: true });
}
