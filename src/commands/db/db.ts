import { WARRANT_OPTIONS } from "../options.ts";
import { NODE_OPTIONS } from "../../home/node-options.ts";
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
    {
      name: "restore",
      about: "put a backup where the database was; it is in quarantine then",
      arguments: [{ name: "<file>", about: "the backup" }],
      changes: true,
      examples: ["custody db restore backups/custody-regtest-20261122T091500Z-1234.db"],
      load: () => import("./restore.ts"),
    },
    {
      name: "reconcile",
      about: "compare with the chain, and end a quarantine by a warrant of two admins",
      options: [
        ...WARRANT_OPTIONS,
        {
          flags: "--addresses <count>",
          about: "receive addresses of each wallet to pass over after a loss (its gap less one)",
        },
        ...NODE_OPTIONS,
      ],
      changes: true,
      examples: [
        "custody db reconcile",
        "custody db reconcile --out warrant.json",
        "custody db reconcile --warrant warrant.signed.json",
      ],
      load: () => import("./reconcile.ts"),
    },
  ],
};
