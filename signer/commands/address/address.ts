import type { Noun } from "../../../src/terminal/command.ts";
import { NETWORK } from "../options.ts";

export const address: Noun = {
  name: "address",
  about: "addresses of the pinned policy's wallets, proven on this machine",
  verbs: [
    {
      name: "verify",
      about: "prove that a receive address is ours by deriving it; exit 7 when it is not",
      arguments: [
        { name: "[address]", about: "the address, or the bitcoin: or ethereum: URI that a wallet shows" },
      ],
      options: [
        {
          flags: "--in <file>",
          about: "read it from a text file or the picture of one QR code; scan for a line from a scanner",
        },
        { flags: "--wallet <name>", about: "whose it should be (any wallet of the policy)" },
        { flags: "--index <number>", about: "where it should be, as the online host says" },
        {
          flags: "--within <number>",
          about: "search so far (the index gap above the highest index that this signer has signed for)",
        },
        { flags: "--change", about: "prove a change address, which nobody is given to pay to" },
        { flags: "--qr", about: "draw the proven address as a QR code" },
        NETWORK,
      ],
      examples: [
        "custody-signer address verify bcrt1q… --wallet vault --index 12",
        "custody-signer address verify --in scan",
      ],
      load: () => import("./verify.ts"),
    },
  ],
};
