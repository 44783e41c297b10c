import type { Noun } from "../../terminal/command.ts";

export const db: Noun = {
  name: "db",
  about: "the database file",
  verbs: [
    {
      name: "backup",
      about: "write a verified copy while everything goes on",
      options: [{ flags: "--out <file>", about: "where to write it; never replaced", required: true }],
      load: () => import("./backup.ts"),
    },
    {
      name: "check",
      about: "check pages, references, triggers, ledger and audit tree",
      load: () => import("./check.ts"),
    },
  ],
};
