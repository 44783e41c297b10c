import type { Noun } from "../../terminal/command.ts";
import { PAGE_OPTIONS } from "../options.ts";

export const customer: Noun = {
  name: "customer",
  about: "customers, known outside this host by a random pseudonym only",
  verbs: [
    {
      name: "add",
      about: "add a customer",
      options: [
        { flags: "--ref <ref>", about: "your own reference; it never leaves this host", required: true },
      ],
      examples: ["custody customer add --ref c-1001"],
      changes: true,
      load: () => import("./add.ts"),
    },
    { name: "list", about: "list the customers", options: PAGE_OPTIONS, load: () => import("./list.ts") },
    {
      name: "show",
      about: "show a customer's KYC, balances and addresses",
      arguments: [{ name: "<ref>", about: "the reference" }],
      load: () => import("./show.ts"),
    },
  ],
};
