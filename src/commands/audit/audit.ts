import type { Noun } from "../../terminal/command.ts";
import { OUT_OPTIONS, PAGE_OPTIONS } from "../options.ts";

export const audit: Noun = {
  name: "audit",
  about: "the audit tree: every change of state, in one Merkle tree (RFC 6962)",
  verbs: [
    { name: "verify", about: "recompute every leaf and every root", load: () => import("./verify.ts") },
    {
      name: "show",
      about: "list audit rows",
      options: [
        { flags: "--operation <id>", about: "of one operation" },
        { flags: "--from <row>", about: "begin after this row number" },
        ...PAGE_OPTIONS.slice(0, 1),
      ],
      load: () => import("./show.ts"),
    },
    {
      name: "export",
      about: "write all rows with their leaves as JSON lines",
      options: OUT_OPTIONS,
      load: () => import("./export.ts"),
    },
  ],
};
