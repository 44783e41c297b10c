import { CHAIN_OPTION } from "../chain-flag.ts";
import type { Noun } from "../../terminal/command.ts";
import { WALLET_EXPORT_OPTIONS } from "../../terminal/wallet-export-options.ts";

const NAME = { name: "<name>", about: "the wallet" };

export const wallet: Noun = {
  name: "wallet",
  about: "wallets by their output descriptors, and the addresses given out",
  verbs: [
    {
      name: "add",
      about: "register a wallet; it pays only once the policy names it",
      arguments: [NAME],
      options: [
        {
          flags: "--descriptor <descriptor>",
          about: "output descriptor with checksum (BIP-380), or that of an account",
          required: true,
        },
        CHAIN_OPTION,
      ],
      changes: true,
      load: () => import("./add.ts"),
    },
    { name: "list", about: "list the wallets", load: () => import("./list.ts") },
    {
      name: "show",
      about: "show a wallet with its first addresses",
      arguments: [NAME],
      load: () => import("./show.ts"),
    },
    {
      name: "export",
      about: "write a wallet for other makers' software, as text, file or QR codes",
      arguments: [NAME],
      options: WALLET_EXPORT_OPTIONS,
      examples: [
        "custody wallet export vault --as descriptor",
        "custody wallet export vault --as coldcard --out vault.txt",
        "custody wallet export ether --as address --qr",
      ],
      load: () => import("./export.ts"),
    },
    {
      name: "address",
      about: "give out the next receive address, to a customer if one is named",
      arguments: [NAME],
      options: [{ flags: "--customer <ref>", about: "deposits to it are credited to this customer" }],
      changes: true,
      load: () => import("./address.ts"),
    },
  ],
};
