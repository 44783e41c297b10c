import type { Noun } from "../../../src/terminal/command.ts";
import { PASSPHRASE_OPTIONS } from "../../../src/terminal/passphrase.ts";
import { NETWORK } from "../options.ts";

const NAME = { flags: "--name <name>", about: "what the seed is called here", required: true } as const;
const WORDS_FILE = {
  flags: "--words-file <file>",
  about: "read the words from a file; on regtest only",
} as const;

export const keys: Noun = {
  name: "keys",
  about: "wallet seeds: made, restored and proven on this machine alone",
  verbs: [
    {
      name: "new",
      about: "make a seed of 24 words and show them once",
      options: [
        NAME,
        { flags: "--dice", about: "mix in dice rolls that a person types" },
        { flags: "--words-out <file>", about: "write the words to a file instead; on regtest only" },
        ...PASSPHRASE_OPTIONS,
        NETWORK,
      ],
      examples: ["custody-signer keys new --name vault"],
      changes: true,
      load: () => import("./new.ts"),
    },
    {
      name: "restore",
      about: "put a seed back from its 24 words",
      options: [NAME, WORDS_FILE, ...PASSPHRASE_OPTIONS, NETWORK],
      changes: true,
      load: () => import("./restore.ts"),
    },
    {
      name: "verify",
      about: "prove that written words restore a seed, without changing anything",
      options: [NAME, WORDS_FILE, NETWORK],
      load: () => import("./verify.ts"),
    },
    {
      name: "export",
      about: "write this signer's card: identity, epoch, start head, wallet public keys",
      options: [
        { flags: "--out <file>", about: "where to write the card (stdout)" },
        { flags: "--force", about: "replace the file if it exists" },
        ...PASSPHRASE_OPTIONS,
        NETWORK,
      ],
      load: () => import("./export.ts"),
    },
    {
      name: "list",
      about: "list the seeds by name and fingerprint",
      options: [NETWORK],
      load: () => import("./list.ts"),
    },
  ],
};
