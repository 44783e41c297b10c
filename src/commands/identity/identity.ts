import { PASSPHRASE_OPTIONS } from "../../terminal/passphrase.ts";
import type { Noun } from "../../terminal/command.ts";
import { SECURITY_KEY_OPTIONS } from "../desk/options.ts";
import { HAND_OVER_OPTIONS } from "../options.ts";

export const identity: Noun = {
  name: "identity",
  about: "people's signing keys, each made on its owner's own machine",
  verbs: [
    {
      name: "new",
      about: "make an identity key (sealed) and its public card beside it",
      arguments: [{ name: "<name>", about: "short name: a-z, 0-9, -" }],
      options: [
        { flags: "--network <network>", about: "mainnet, testnet or regtest", required: true },
        { flags: "--person <name>", about: "the human being who holds it", required: true },
        ...HAND_OVER_OPTIONS,
        ...PASSPHRASE_OPTIONS,
      ],
      examples: ['custody identity new alice --network regtest --person "A. N. Other" --out alice.key'],
      changes: true,
      load: () => import("./new.ts"),
    },
    {
      name: "card",
      about: "the card of a FIDO2 security key, in two steps: what to sign, then the signed card",
      arguments: [{ name: "[name]", about: "short name: a-z, 0-9, -" }],
      options: [
        { flags: "--network <network>", about: "mainnet, testnet or regtest" },
        { flags: "--person <name>", about: "the human being who holds it" },
        ...SECURITY_KEY_OPTIONS,
        ...HAND_OVER_OPTIONS,
      ],
      examples: [
        'custody identity card alice --network regtest --person "A. N. Other" --security-key alice.pub --to-sign alice.bytes --out alice.draft.json',
        "custody identity card --draft alice.draft.json --signature alice.bytes.sig --out alice.card.json",
      ],
      changes: true,
      load: () => import("./card.ts"),
    },
  ],
};
