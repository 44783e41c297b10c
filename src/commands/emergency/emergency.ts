import { CARRY_OPTIONS } from "../../terminal/carry-options.ts";
import type { Noun } from "../../terminal/command.ts";

const SCOPE = [{ flags: "--wallet <name>", about: "over this wallet alone" }];

export const emergency: Noun = {
  name: "emergency",
  about: "stop and go: who halts, what is halted, how a quorum resumes",
  verbs: [
    {
      name: "halt",
      about: "say how one person stops building, signing and sending",
      options: SCOPE,
      load: () => import("./halt.ts"),
    },
    {
      name: "resume",
      about: "draft what a quorum signs to end a halt",
      options: [
        { flags: "--halt <digest>", about: "which halt, where there are several" },
        { flags: "--out <file>", about: "where to write the document; - for stdout" },
        { flags: "--force", about: "replace the file if it exists" },
        ...CARRY_OPTIONS,
      ],
      load: () => import("./resume.ts"),
    },
  ],
};
