import { PASSPHRASE_OPTIONS } from "../../terminal/passphrase.ts";
import { CARRIED_ABOUT } from "../../terminal/carry-options.ts";
import type { Noun } from "../../terminal/command.ts";
import { HAND_OVER_OPTIONS } from "../options.ts";
import { SECURITY_KEY_OPTIONS } from "./options.ts";

export const desk: Noun = {
  name: "desk",
  about: "a person's own desk: decide and sign, in a home without a database",
  verbs: [
    {
      name: "init",
      about: "pin the policy that this desk judges by, or the one after it",
      options: [
        { flags: "--policy <file>", about: `the fully signed policy: ${CARRIED_ABOUT}`, required: true },
        {
          flags: "--admin <name=fingerprint...>",
          about: "an admin's full fingerprint, from the admin's card; otherwise it is asked for",
        },
        {
          flags: "--release <file...>",
          about: "of a policy that a recovery quorum made: the signed release",
        },
        { flags: "--confirm <digest>", about: "in scripts: the full digest of the policy that follows" },
      ],
      changes: true,
      load: () => import("./init.ts"),
    },
    {
      name: "review",
      about: "decode a document against the pinned policy: what it says, who has signed, what is missing",
      arguments: [
        {
          name: "<file>",
          about: `a bundle, receipt, policy, beneficiary, delegation, dead, halt, resume, build, rates or warrant: ${CARRIED_ABOUT}`,
        },
      ],
      load: () => import("./review.ts"),
    },
    {
      name: "sign",
      about: "show what a document says and sign a decision on it",
      arguments: [
        {
          name: "[files...]",
          about: `the document, ${CARRIED_ABOUT}; several bundles to clear them; none for a new halt`,
        },
      ],
      options: [
        {
          flags: "--as <decision>",
          about:
            "approve, release, reject, clear, beneficiary, delegate, dead, halt, resume, policy, build, rates or warrant",
        },
        { flags: "--identity <key>", about: "your sealed identity key" },
        {
          flags: "--confirm <digest...>",
          about: "in scripts: the full digest of each file, as review prints it; of a new halt its scope",
        },
        { flags: "--tier <tier>", about: "clear: the customers' tier" },
        { flags: "--refuse <code>", about: "clear: refuse instead, for this reason" },
        { flags: "--scope <scope>", about: "a new halt: everything, chain:ID or wallet:NAME" },
        { flags: "--code <code>", about: "a new halt: the reason" },
        ...SECURITY_KEY_OPTIONS,
        ...HAND_OVER_OPTIONS,
        ...PASSPHRASE_OPTIONS,
      ],
      examples: [
        "custody desk sign bundle.json --as approve --identity ann.key --out approval.json",
        "custody desk sign a.json b.json --as clear --tier retail --identity cleo.key --out clearance.json",
        "custody desk sign --as halt --scope everything --code theft --identity ann.key --out halt.json",
      ],
      changes: true,
      load: () => import("./sign.ts"),
    },
    {
      name: "heads",
      about: "remember the signers' journal heads that receipts show; without files, show them",
      arguments: [{ name: "[receipts...]", about: `signed receipts, in any order, each ${CARRIED_ABOUT}` }],
      changes: true,
      load: () => import("./heads.ts"),
    },
  ],
};
