import { CARRY_OPTIONS } from "../../terminal/carry-options.ts";
import type { Noun } from "../../terminal/command.ts";

export const emergency: Noun = {
  name: "emergency",
  about: "stop and go: who halts, what is halted, how it ends",
  verbs: [
    {
      name: "halt",
      about: "stop this host now (--now), or say how one person stops the signers too",
      options: [
        { flags: "--scope <scope>", about: "everything (default), chain:ID or wallet:NAME" },
        { flags: "--now", about: "raise a flag: this host builds, exports and first sends nothing more" },
        { flags: "--code <code>", about: "the reason (operator)" },
      ],
      examples: ["custody emergency halt --now --code theft", "custody emergency halt --scope wallet:vault"],
      changes: true,
      load: () => import("./halt.ts"),
    },
    {
      name: "resume",
      about: "draft what ends a halt, or end a flag by a warrant of two persons",
      options: [
        { flags: "--halt <digest>", about: "which halt, where there are several" },
        { flags: "--flag <id>", about: "which flag of this host" },
        { flags: "--warrant <file>", about: "ends the flag: the warrant that two persons have signed" },
        { flags: "--out <file>", about: "where to write the document; - for stdout" },
        { flags: "--force", about: "replace the file if it exists" },
        ...CARRY_OPTIONS,
      ],
      examples: [
        "custody emergency resume --out resume.json",
        "custody emergency resume --flag 9f86d081884c7d659a2feaa0c55ad015 --out warrant.json",
      ],
      changes: true,
      load: () => import("./resume.ts"),
    },
  ],
};
