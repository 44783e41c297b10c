import { CARRIED_ABOUT } from "../../src/terminal/carry-options.ts";
import type { OptionSpec } from "../../src/terminal/command.ts";

export const IN: OptionSpec = {
  flags: "--in <file>",
  about: CARRIED_ABOUT,
  required: true,
};
export const OUT: readonly OptionSpec[] = [
  { flags: "--out <file>", about: "where to write the document; - for stdout", required: true },
  { flags: "--force", about: "replace the file if it exists" },
];
export const NETWORK: OptionSpec = {
  flags: "--network <network>",
  about: "which signer of this home; needed when it holds several",
};
/** Of every command that writes what must not be forgotten: the book is asked before its next line. */
export const LOGBOOK_OPTION: OptionSpec = {
  flags: "--logbook <head>",
  about: "the last journal head in the logbook kept apart from this machine",
};
/** Options of every command that uses wallet keys. Several seeds of different passphrases are opened at a terminal. */
export const SEED_PASSPHRASE_OPTIONS: readonly OptionSpec[] = [
  {
    flags: "--seed-passphrase-file <file>",
    about: "read the seed's own passphrase from a file (its first line)",
  },
  {
    flags: "--seed-passphrase-fd <number>",
    about: "read the seed's own passphrase from an open file descriptor",
  },
];
