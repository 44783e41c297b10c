import { CARRIED_ABOUT, CARRY_OPTIONS } from "../../terminal/carry-options.ts";
import type { Noun } from "../../terminal/command.ts";

export const echo: Noun = {
  name: "echo",
  about: "rehearse the way across the gap: a harmless file goes out, an answer comes back; needs no home",
  verbs: [
    {
      name: "send",
      about: "make a test file of a given size",
      options: [
        { flags: "--size <bytes>", about: "how large the file shall be (20000)" },
        { flags: "--network <network>", about: "which network it says (regtest)" },
        { flags: "--out <file>", about: "where to write it; - for stdout", required: true },
        { flags: "--force", about: "replace the file if it exists" },
        ...CARRY_OPTIONS,
      ],
      examples: ["custody echo send --size 20000 --out test.json --ur"],
      load: () => import("./send.ts"),
    },
    {
      name: "check",
      about: "compare a signer's answer with what was sent",
      options: [
        { flags: "--in <file>", about: `the answer: ${CARRIED_ABOUT}`, required: true },
        { flags: "--sent <file>", about: "the test file or request that went out", required: true },
      ],
      examples: ["custody echo check --in answer.json --sent test.json"],
      load: () => import("./check.ts"),
    },
  ],
};
