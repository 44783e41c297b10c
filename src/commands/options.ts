/** Options that many commands share; kept apart from code that is only loaded when a command runs. */
import { CARRY_OPTIONS } from "../terminal/carry-options.ts";
import type { OptionSpec } from "../terminal/command.ts";

/** Of every command that writes a document. */
export const OUT_OPTIONS: readonly OptionSpec[] = [
  { flags: "--out <file>", about: "where to write the document; - for stdout", required: true },
  { flags: "--force", about: "replace the file if it exists" },
];

/** Of every command that writes what goes to a desk or a signer, which may have no wire to this machine. */
export const HAND_OVER_OPTIONS: readonly OptionSpec[] = [...OUT_OPTIONS, ...CARRY_OPTIONS];

/** Of every command that lists. */
export const PAGE_OPTIONS: readonly OptionSpec[] = [
  { flags: "--limit <rows>", about: "rows of a page (50)" },
  { flags: "--after <id>", about: "continue after the row with this id" },
];

/** Of commands that may be the first to read blocks. */
export const FROM_HEIGHT: OptionSpec = {
  flags: "--from-height <height>",
  about: "first block to read, the first time",
};

/** Options of a verb that takes a warrant. */
export const WARRANT_OPTIONS: readonly OptionSpec[] = [
  { flags: "--warrant <file>", about: "the warrant that two persons have signed" },
  { flags: "--out <file>", about: "draft the warrant here, for two persons to sign" },
  { flags: "--force", about: "replace the file if it exists" },
  ...CARRY_OPTIONS,
];

/** Read by `named-coins.ts`, which loads a chain: a list of commands does not need to. */
export const COIN_OPTION = {
  flags: "--coin <coin...>",
  about: "spend these coins of the wallet, whatever else: TXID:VOUT",
};
