import type { Noun } from "../../../src/terminal/command.ts";
import { NETWORK } from "../options.ts";

export const journal: Noun = {
  name: "journal",
  about: "what this signer has done, as a chain of signed entries",
  verbs: [
    {
      name: "show",
      about: "list the entries with their heads",
      options: [NETWORK],
      load: () => import("./show.ts"),
    },
    {
      name: "verify",
      about: "verify every entry, signature and receipt",
      options: [NETWORK],
      load: () => import("./verify.ts"),
    },
  ],
};
