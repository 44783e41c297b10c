import { counted } from "../core/count.ts";
import { declareError, isError } from "../core/errors.ts";
import { utf8 } from "../core/hex.ts";
import { LIMITS } from "../core/limits.ts";
import { PASSPHRASE_WRONG } from "../core/sealed.ts";
import { readInput, readOpen } from "./files.ts";
import type { Io } from "./io.ts";
import { askSecret } from "./prompt.ts";

export const PASSPHRASE_UNUSABLE = declareError(
  "PASSPHRASE_UNUSABLE",
  "usage",
  "A passphrase is empty, too short, too long, or typed differently twice.",
);

export type PassphraseFlags = {
  readonly passphraseFd?: string | undefined;
  readonly passphraseFile?: string | undefined;
};

/** Options that every command taking a passphrase has. Secrets never come in arguments or environment. */
export const PASSPHRASE_OPTIONS = [
  { flags: "--passphrase-file <file>", about: "read the passphrase from a file (its first line)" },
  { flags: "--passphrase-fd <number>", about: "read the passphrase from an open file descriptor" },
] as const;

/** How often a person may mistype. Each try costs what the sealed file's scrypt costs. */
const TRIES = 3;

/** Shortest passphrase for a new sealed file, in characters. */
const NEW_LENGTH_MIN = 8;

/**
 * The passphrase of an existing sealed file, as UTF-8 of its NFKD form. The caller wipes it.
 * @param flag what a script gives instead, where a command takes the passphrases of two people
 */
export async function askPassphrase(
  io: Io,
  flags: PassphraseFlags,
  what: string,
  flag = "--passphrase-file",
): Promise<Uint8Array> {
  return encode((await given(io, flags)) ?? (await askSecret(io, `Passphrase for ${what}:`, flag)));
}

/**
 * Opens what a passphrase seals: a person at a terminal has three tries, a script has the one that it gives.
 * @returns what `open` made, and the passphrase that opened it, which the caller wipes
 * @throws PASSPHRASE_WRONG
 */
export async function openWithPassphrase<T>(
  io: Io,
  flags: PassphraseFlags,
  what: string,
  open: (passphrase: Uint8Array) => T,
  flag = "--passphrase-file",
): Promise<{ readonly opened: T; readonly passphrase: Uint8Array }> {
  const typed = flags.passphraseFile === undefined && flags.passphraseFd === undefined;
  for (let left = typed ? TRIES - 1 : 0; ; left--) {
    const passphrase = await askPassphrase(io, flags, what, flag);
    try {
      return { opened: open(passphrase), passphrase };
    } catch (error) {
      passphrase.fill(0);
      if (left === 0 || !isError(error, PASSPHRASE_WRONG)) throw error;
      io.stderr.write(`that passphrase does not open it; ${counted(left, "more try", "more tries")}\n`);
    }
  }
}

/** A new passphrase, typed twice on a terminal, where a slip costs the two lines and not what was made before. */
export async function askNewPassphrase(io: Io, flags: PassphraseFlags, what: string): Promise<Uint8Array> {
  const text = await given(io, flags);
  if (text !== undefined) return encode(longEnough(text));
  for (let left = TRIES - 1; ; left--) {
    try {
      return encode(await typedTwice(io, what));
    } catch (error) {
      if (left === 0 || !isError(error, PASSPHRASE_UNUSABLE)) throw error;
      io.stderr.write(`${error.message}; ${counted(left, "more try", "more tries")}\n`);
    }
  }
}

function longEnough(text: string): string {
  if (text.length >= NEW_LENGTH_MIN) return text;
  throw PASSPHRASE_UNUSABLE(`a new passphrase has at least ${NEW_LENGTH_MIN} characters`, {
    field: "passphrase",
    hint: "choose a longer one, for example six words",
  });
}

async function given(io: Io, { passphraseFd, passphraseFile }: PassphraseFlags): Promise<string | undefined> {
  if (passphraseFile !== undefined) {
    return firstLine(await readInput(io, passphraseFile, LIMITS.passphraseBytesMax, "--passphrase-file"));
  }
  if (passphraseFd === undefined) return undefined;
  if (!/^[0-9]{1,4}$/.test(passphraseFd)) {
    throw PASSPHRASE_UNUSABLE("--passphrase-fd is not the number of a file descriptor", {
      field: "--passphrase-fd",
      hint: "for example --passphrase-fd 3 with 3< in front of a file",
    });
  }
  let bytes: Uint8Array;
  try {
    bytes = readOpen(Number.parseInt(passphraseFd, 10), LIMITS.passphraseBytesMax);
  } catch (cause) {
    throw PASSPHRASE_UNUSABLE(`file descriptor ${passphraseFd} cannot be read`, {
      field: "--passphrase-fd",
      hint: "open it in the shell, for example 3< FILE",
      cause,
    });
  }
  if (bytes.length > LIMITS.passphraseBytesMax) throw tooLong();
  return firstLine(bytes);
}

async function typedTwice(io: Io, what: string): Promise<string> {
  const first = longEnough(await askSecret(io, `New passphrase for ${what}:`, "--passphrase-file"));
  const second = await askSecret(io, "The same passphrase again:", "--passphrase-file");
  if (first === second) return first;
  throw PASSPHRASE_UNUSABLE("the two passphrases differ", {
    field: "passphrase",
    hint: "run the command again and type it twice the same",
  });
}

// Strict: what is not UTF-8 would be read as U+FFFD, and then many passphrases would open one file.
function firstLine(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes).split(/\r?\n/, 1)[0] ?? "";
  } catch {
    throw PASSPHRASE_UNUSABLE("the passphrase is not text in UTF-8", {
      field: "passphrase",
      hint: "give the file that holds the passphrase as text",
    });
  } finally {
    bytes.fill(0);
  }
}

function tooLong() {
  return PASSPHRASE_UNUSABLE(`a passphrase has at most ${LIMITS.passphraseBytesMax} bytes`, {
    field: "passphrase",
    hint: "give the file that holds the passphrase as its first line",
  });
}

// NFKD as BIP-39 does, so that the same keys pressed on two systems open the same file.
function encode(text: string): Uint8Array {
  if (text === "")
    throw PASSPHRASE_UNUSABLE("the passphrase is empty", {
      field: "passphrase",
      hint: "write it on the first line",
    });
  const bytes = utf8(text.normalize("NFKD"));
  if (bytes.length > LIMITS.passphraseBytesMax) throw tooLong();
  return bytes;
}
