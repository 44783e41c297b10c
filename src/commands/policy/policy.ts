import type { Noun } from "../../terminal/command.ts";
import { OUT_OPTIONS } from "../options.ts";

export const policy: Noun = {
  name: "policy",
  about: "who may do what: drafted here, signed at desks and signers, pinned by each signer",
  verbs: [
    {
      name: "draft",
      about: "write a simple policy from people's cards and a signer's card",
      options: [
        { flags: "--admin <card>", about: "identity card of the admin", required: true },
        {
          flags: "--operator <card>",
          about: "identity card of the operator, who also requests",
          required: true,
        },
        {
          flags: "--approver <card>",
          about: "identity card of the approver, who also signs beneficiaries",
          required: true,
        },
        {
          flags: "--officer <card>",
          about: "identity card of the security officer at the signer",
          required: true,
        },
        { flags: "--signer <card>", about: "the signer's card, with its wallet keys", required: true },
        { flags: "--wallet <name>", about: "name of the wallet", required: true },
        { flags: "--up-to <amount>", about: "largest withdrawal, in BTC", required: true },
        { flags: "--confirmations <blocks>", about: "depth at which a payment is final (regtest 1, else 6)" },
        { flags: "--fee-max <amount>", about: "largest fee of one transaction, in BTC (0.001)" },
        { flags: "--fee-rate-max <sat/vB>", about: "largest fee rate (200)" },
        { flags: "--fee-share-max <permille>", about: "largest fee as thousandths of what is paid (100)" },
        { flags: "--days <days>", about: "life of the policy (365)" },
        ...OUT_OPTIONS,
      ],
      examples: [
        "custody policy draft --admin ada.card.json --operator otto.card.json --approver ann.card.json \\\n    --officer olga.card.json --signer vault-1.card.json --wallet vault --up-to 1 --out policy.json",
      ],
      changes: true,
      load: () => import("./draft.ts"),
    },
    {
      name: "import",
      about: "collect signatures on a policy that desks and signers sent back",
      arguments: [{ name: "<files...>", about: "signed copies of one policy" }],
      changes: true,
      load: () => import("./import.ts"),
    },
    {
      name: "activate",
      about: "make the fully signed policy the one in force here",
      changes: true,
      load: () => import("./activate.ts"),
    },
    {
      name: "show",
      about: "show the active policy",
      options: [
        { flags: "--out <file>", about: "also write it, with its signatures, for signers and desks" },
        { flags: "--force", about: "replace the file if it exists" },
      ],
      load: () => import("./show.ts"),
    },
  ],
};
