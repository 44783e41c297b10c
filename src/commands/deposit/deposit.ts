import type { Noun } from "../../terminal/command.ts";
import { WARRANT_OPTIONS } from "../options.ts";

export const deposit: Noun = {
  name: "deposit",
  about: "payments to customers' addresses, credited by the watcher once they are deep enough",
  verbs: [
    {
      name: "list",
      about: "list a customer's deposits",
      options: [{ flags: "--customer <ref>", about: "whose deposits", required: true }],
      load: () => import("./list.ts"),
    },
    {
      name: "unclaimed",
      about: "list coins at receive addresses that nobody was given",
      load: () => import("./unclaimed.ts"),
    },
    {
      name: "credit",
      about: "credit a coin at an address that nobody was given; two admins sign the warrant",
      arguments: [{ name: "<coin>", about: "as custody deposit unclaimed names it" }],
      options: [{ flags: "--customer <ref>", about: "whose it is", required: true }, ...WARRANT_OPTIONS],
      changes: true,
      load: () => import("./credit.ts"),
    },
    {
      name: "uncredit",
      about: "take back what has left the chain; two admins sign the warrant",
      arguments: [{ name: "<coin>", about: "as custody status or deposit list name it" }],
      options: WARRANT_OPTIONS,
      changes: true,
      load: () => import("./uncredit.ts"),
    },
  ],
};
