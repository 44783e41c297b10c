import type { Noun } from "../../terminal/command.ts";

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
  ],
};
