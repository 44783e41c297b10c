import type { OptionSpec } from "../../src/terminal/command.ts";

export const IN: OptionSpec = {
  flags: "--in <file>",
  about: "the file to read; - for stdin",
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
