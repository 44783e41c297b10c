import type { Noun } from "../../terminal/command.ts";
import { OUT_OPTIONS } from "../options.ts";

export const evidence: Noun = {
  name: "evidence",
  about: "one withdrawal for an auditor: everything signed, sent and recorded, in one file",
  verbs: [
    {
      name: "export",
      about: "write everything about a withdrawal, with proofs of its audit rows",
      arguments: [{ name: "<id>", about: "the withdrawal" }],
      options: OUT_OPTIONS,
      load: () => import("./export.ts"),
    },
    {
      name: "verify",
      about: "judge a file of evidence claim by claim; needs no home and no network",
      arguments: [{ name: "<file>", about: "the evidence; - for stdin" }],
      options: [
        {
          flags: "--policy-digest <digest>",
          about: "the custody id that you have from elsewhere: the digest of policy number 1",
        },
      ],
      load: () => import("./verify.ts"),
    },
  ],
};
