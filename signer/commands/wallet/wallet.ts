import type { Noun } from "../../../src/terminal/command.ts";
import { WALLET_EXPORT_OPTIONS } from "../../../src/terminal/wallet-export-options.ts";
import { NETWORK } from "../options.ts";

export const wallet: Noun = {
  name: "wallet",
  about: "wallets of the pinned policy, for other makers' software",
  verbs: [
    {
      name: "export",
      about:
        "write a pinned wallet for other makers: what their signers must know to find change, or whom they watch",
      arguments: [{ name: "<name>", about: "the wallet" }],
      options: [...WALLET_EXPORT_OPTIONS, NETWORK],
      examples: [
        "custody-signer wallet export vault --as coldcard --out vault.txt",
        "custody-signer wallet export vault --as crypto-output --ur",
        "custody-signer wallet export ether --as hdkey --ur",
      ],
      load: () => import("./export.ts"),
    },
  ],
};
