import { PASSPHRASE_OPTIONS } from "../../terminal/passphrase.ts";
import type { Noun } from "../../terminal/command.ts";
import { OUT_OPTIONS } from "../options.ts";

export const desk: Noun = {
  name: "desk",
  about: "a person's own desk: decide and sign, in a home without a database",
  verbs: [
    {
      name: "init",
      about: "pin the policy that this desk judges by",
      options: [
        { flags: "--policy <file>", about: "the fully signed policy", required: true },
        {
          flags: "--admin <name=fingerprint>",
          about: "an admin's full fingerprint, from the admin's card; otherwise it is asked for",
        },
      ],
      changes: true,
      load: () => import("./init.ts"),
    },
    {
      name: "review",
      about: "decode a bundle or draft and show what it says",
      arguments: [{ name: "<file>", about: "a bundle, beneficiary, delegation or policy" }],
      load: () => import("./review.ts"),
    },
    {
      name: "sign",
      about: "sign a decision on what the file says",
      arguments: [{ name: "<file>", about: "a bundle, beneficiary, delegation or policy" }],
      options: [
        {
          flags: "--as <decision>",
          about: "approve, reject, beneficiary, delegate or policy",
          required: true,
        },
        { flags: "--identity <key>", about: "your sealed identity key", required: true },
        {
          flags: "--confirm <digest>",
          about: "in scripts: the full digest of what is signed, as review prints it",
        },
        ...OUT_OPTIONS,
        ...PASSPHRASE_OPTIONS,
      ],
      examples: ["custody desk sign review.json --as approve --identity ann.key --out approval.json"],
      changes: true,
      load: () => import("./sign.ts"),
    },
  ],
};
