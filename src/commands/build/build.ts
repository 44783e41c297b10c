import type { Noun } from "../../terminal/command.ts";
import { HAND_OVER_OPTIONS } from "../options.ts";

export const build: Noun = {
  name: "build",
  about: "releases of the signer's program, which admins vouch for",
  verbs: [
    {
      name: "draft",
      about: "at a desk: say which signer file and which node a release is, for the admins to sign",
      options: [
        { flags: "--file <program>", about: "custody-signer.cjs, as you built it", required: true },
        { flags: "--program <version>", about: "its version (that of this program)" },
        {
          flags: "--node <platform@version=file...>",
          about: "a node that may run it, such as linux-x64@20.20.2=/usr/bin/node (the one that runs this)",
        },
        {
          flags: "--executable <platform=file...>",
          about: "the signer as a single executable for a platform, where you use one",
        },
        { flags: "--keystore <version>", about: "lowest version of keystore files that it opens (1)" },
        ...HAND_OVER_OPTIONS,
      ],
      examples: ["custody build draft --file release/signer/custody-signer.cjs --out build.json"],
      load: () => import("./draft.ts"),
    },
  ],
};
