/** How commands that export a wallet describe it; what writes the formats is loaded only when it runs. */
import { CARRY_OPTIONS } from "./carry-options.ts";
import type { OptionSpec } from "./command.ts";

export const WALLET_EXPORT_OPTIONS: readonly OptionSpec[] = [
  {
    flags: "--as <format>",
    about:
      "descriptor, coldcard, bsms, crypto-output or crypto-account; of an account address or hdkey, of a Safe address or safe",
    required: true,
  },
  {
    flags: "--branch <name>",
    about: "receive or change alone, for software that does not know <0;1>; descriptor and crypto-output",
  },
  {
    flags: "--called <name>",
    about: "what the other device's screen shall call the wallet (coldcard, hdkey)",
  },
  { flags: "--qr", about: "draw the address as a QR code of its ethereum: URI (address)" },
  { flags: "--out <file>", about: "where to write it (stdout)" },
  { flags: "--force", about: "replace the file if it exists" },
  ...CARRY_OPTIONS,
];
