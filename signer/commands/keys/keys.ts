import { CARRY_OPTIONS } from "../../../src/terminal/carry-options.ts";
import type { Noun, OptionSpec } from "../../../src/terminal/command.ts";
import { PASSPHRASE_OPTIONS } from "../../../src/terminal/passphrase.ts";
import { NETWORK, SEED_PASSPHRASE_OPTIONS } from "../options.ts";

const NAME = { flags: "--name <name>", about: "what the seed is called here", required: true } as const;
const WORDS_FILE = {
  flags: "--words-file <file>",
  about: "read the words from a file, or shares one a line; on regtest only",
} as const;
const WORDS_OUT = {
  flags: "--words-out <file>",
  about: "write the words to a file instead, or shares one a line; on regtest only",
} as const;
const GROUPS_NEEDED = {
  flags: "--groups-needed <number>",
  about: "how many of several groups restore the seed",
} as const;
const SEED_PASSPHRASE: readonly OptionSpec[] = [
  {
    flags: "--seed-passphrase",
    about: "the seed has a passphrase of its own, which is kept nowhere: ask for it",
  },
  ...SEED_PASSPHRASE_OPTIONS,
];

export const keys: Noun = {
  name: "keys",
  about: "wallet seeds: made, restored and proven on this machine alone",
  verbs: [
    {
      name: "new",
      about: "make a seed from this machine's generator and dice, and show its words or shares once",
      options: [
        NAME,
        { flags: "--words <count>", about: "BIP-39 words: 12 or 24 (24)" },
        {
          flags: "--slip39 <groups>",
          about: "SLIP-39 shares instead of words, for example 2of3, or 2of3,3of5",
        },
        GROUPS_NEEDED,
        { flags: "--dice", about: "mix in 99 dice rolls (so it is done outside regtest)" },
        { flags: "--coins", about: "mix in 256 coin flips instead" },
        {
          flags: "--show-system-bytes",
          about: "show the generator's own bytes once, to repeat the mixing on another offline machine",
        },
        ...SEED_PASSPHRASE,
        WORDS_OUT,
        ...PASSPHRASE_OPTIONS,
        NETWORK,
      ],
      examples: [
        "custody-signer keys new --name vault",
        "custody-signer keys new --name vault --slip39 2of3 --coins",
      ],
      changes: true,
      load: () => import("./new.ts"),
    },
    {
      name: "restore",
      about: "put a seed back from its words or shares, typed one by one",
      options: [
        NAME,
        { flags: "--slip39", about: "from SLIP-39 shares" },
        { flags: "--fingerprint <hex>", about: "refuse every seed but the one of this fingerprint" },
        ...SEED_PASSPHRASE,
        WORDS_FILE,
        ...PASSPHRASE_OPTIONS,
        NETWORK,
      ],
      examples: ["custody-signer keys restore --name vault --fingerprint 5436d724"],
      changes: true,
      load: () => import("./restore.ts"),
    },
    {
      name: "backup",
      about: "show SLIP-39 shares of a seed that is here, one sheet after the other",
      options: [
        NAME,
        {
          flags: "--slip39 <groups>",
          about: "how the shares are dealt, for example 2of3, or 2of3,3of5",
          required: true,
        },
        GROUPS_NEEDED,
        WORDS_OUT,
        ...PASSPHRASE_OPTIONS,
        ...SEED_PASSPHRASE_OPTIONS,
        NETWORK,
      ],
      examples: ["custody-signer keys backup --name vault --slip39 2of3"],
      load: () => import("./backup.ts"),
    },
    {
      name: "verify",
      about: "prove that written words or shares restore a seed, without changing anything",
      options: [
        NAME,
        { flags: "--slip39", about: "prove SLIP-39 shares of a seed of words" },
        ...SEED_PASSPHRASE,
        WORDS_FILE,
        NETWORK,
      ],
      load: () => import("./verify.ts"),
    },
    {
      name: "export",
      about: "write this signer's card: identity, epoch, start head, wallet public keys",
      options: [
        {
          flags: "--kind <kind...>",
          about:
            "kinds of wallets whose keys the card shows: p2wpkh, p2sh-p2wpkh, p2tr; of several keys p2wsh-sortedmulti, p2sh-p2wsh-sortedmulti, p2tr-sortedmulti; eoa for an account on EVM chains (p2wpkh p2wsh-sortedmulti)",
        },
        {
          flags: "--as <format>",
          about:
            "crypto-account: the public keys alone, as a UR for other makers' coordinators; crypto-hdkey: the account of EVM chains, for wallets that watch",
        },
        { flags: "--fingerprint <hex>", about: "whose keys, where several seeds are here (with --as)" },
        { flags: "--out <file>", about: "where to write the card (stdout)" },
        { flags: "--force", about: "replace the file if it exists" },
        ...CARRY_OPTIONS,
        ...PASSPHRASE_OPTIONS,
        ...SEED_PASSPHRASE_OPTIONS,
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
