import { CARRIED_ABOUT } from "../../../src/terminal/carry-options.ts";
import type { Noun } from "../../../src/terminal/command.ts";
import { NETWORK } from "../options.ts";

const IN = { flags: "--in <file>", about: `the signed build, ${CARRIED_ABOUT}`, required: true };

export const build: Noun = {
  name: "build",
  about: "releases of this program: what people signed of them, compared before and after an upgrade",
  verbs: [
    {
      name: "check",
      about: "compare a new program with its signed build, before it takes the place of this one",
      options: [
        IN,
        { flags: "--file <program>", about: "the new program", required: true },
        { flags: "--node <file>", about: "the node that will run it, when it is not the one that runs this" },
        NETWORK,
      ],
      examples: ["custody-signer build check --in build.json --file new/custody-signer.cjs"],
      load: () => import("./check.ts"),
    },
    {
      name: "pin",
      about: "keep the signed build of the program that runs: doctor compares with it from now on",
      options: [IN, NETWORK],
      examples: ["custody-signer build pin --in build.json"],
      changes: true,
      load: () => import("./pin.ts"),
    },
  ],
};
