import { CARRY_OPTIONS } from "../../../src/terminal/carry-options.ts";
import type { Noun } from "../../../src/terminal/command.ts";
import { PASSPHRASE_OPTIONS } from "../../../src/terminal/passphrase.ts";
import { IN, LOGBOOK_OPTION, NETWORK, OUT, SEED_PASSPHRASE_OPTIONS } from "../options.ts";

export const policy: Noun = {
  name: "policy",
  about: "the root of trust: proven possession, pinned once every admin's key was compared in full",
  verbs: [
    {
      name: "prove",
      about: "sign a draft that names this signer: proof that it holds its key",
      options: [IN, ...OUT, ...CARRY_OPTIONS, ...PASSPHRASE_OPTIONS, NETWORK],
      examples: ["custody-signer policy prove --in policy.json --out policy.vault-1.json"],
      changes: true,
      load: () => import("./prove.ts"),
    },
    {
      name: "pin",
      about: "believe this policy from now on",
      options: [
        {
          flags: "--in <file...>",
          about: "the policy to pin; several, in order, where policies between are missing here",
          required: true,
        },
        {
          flags: "--release <file...>",
          about: "the release of a recovery, signed after its delay",
        },
        {
          flags: "--admin <name=fingerprint...>",
          about: "an admin's full fingerprint as it stands on the admin's own card",
        },
        LOGBOOK_OPTION,
        {
          flags: "--confirm <digest>",
          about: "the last policy's digest instead of comparing; on regtest only",
        },
        ...PASSPHRASE_OPTIONS,
        ...SEED_PASSPHRASE_OPTIONS,
        NETWORK,
      ],
      examples: [
        "custody-signer policy pin --in policy.json",
        "custody-signer policy pin --in policy-2.json --in policy-3.json",
      ],
      changes: true,
      load: () => import("./pin.ts"),
    },
    { name: "show", about: "show the pinned policy", options: [NETWORK], load: () => import("./show.ts") },
  ],
};
