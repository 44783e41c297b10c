import type { Noun } from "../../terminal/command.ts";

export const message: Noun = {
  name: "message",
  about: "messages that an account's key has signed",
  verbs: [
    {
      name: "verify",
      about:
        "whether an EVM account signed this text (EIP-191, or with --chain EIP-712); needs no home and no network",
      options: [
        { flags: "--address <address>", about: "the account that is said to have signed", required: true },
        { flags: "--message <text>", about: "the text, exactly" },
        { flags: "--in <file>", about: "the text in a file, byte by byte; - for stdin" },
        { flags: "--signature <hex>", about: "65 bytes: r, s, v", required: true },
        {
          flags: "--chain <id>",
          about:
            "what a custody's account has said by an intent of type attest, on this chain: typed data (EIP-712)",
        },
      ],
      examples: ['custody message verify --address 0x… --message "I am customer 1001" --signature 0x…'],
      load: () => import("./verify.ts"),
    },
  ],
};
