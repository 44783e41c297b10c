import type { Noun } from "../../terminal/command.ts";
import { NODE_OPTIONS } from "../../home/node-options.ts";
import { FROM_HEIGHT, PAGE_OPTIONS, WARRANT_OPTIONS } from "../options.ts";

export const ledger: Noun = {
  name: "ledger",
  about: "double entry: what is held for whom",
  verbs: [
    {
      name: "balances",
      about: "list balances",
      options: [{ flags: "--account <prefix>", about: "accounts that begin like this" }],
      load: () => import("./balances.ts"),
    },
    {
      name: "entries",
      about: "list postings in order",
      options: [{ flags: "--account <account>", about: "of one account" }, ...PAGE_OPTIONS.slice(0, 1)],
      load: () => import("./entries.ts"),
    },
    {
      name: "verify",
      about: "recount every balance and hold from the entries",
      load: () => import("./verify.ts"),
    },
    {
      name: "reconcile",
      about: "compare ledger, coins on the chain and attempts",
      options: [...NODE_OPTIONS, FROM_HEIGHT],
      changes: true,
      load: () => import("./reconcile.ts"),
    },
    {
      name: "book-loss",
      about: "book coins that somebody else's transaction took; two admins sign the warrant",
      arguments: [{ name: "<transaction>", about: "the one that took them, as custody status names it" }],
      options: [{ flags: "--wallet <name>", about: "where it took from several" }, ...WARRANT_OPTIONS],
      changes: true,
      load: () => import("./book-loss.ts"),
    },
  ],
};
