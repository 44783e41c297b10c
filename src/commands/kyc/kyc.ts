import type { Noun, OptionSpec } from "../../terminal/command.ts";

const CUSTOMER: OptionSpec = {
  flags: "--customer <ref>",
  about: "your reference for the customer",
  required: true,
};
const REASON: OptionSpec = {
  flags: "--reason <code>",
  about: "why, as a short code: documents-checked",
  required: true,
};

export const kyc: Noun = {
  name: "kyc",
  about: "who may be paid out: reviews of customers, as codes without personal data",
  verbs: [
    {
      name: "submit",
      about: "put a customer up for review; an acceptance in force ends",
      options: [CUSTOMER],
      changes: true,
      load: () => import("./submit.ts"),
    },
    {
      name: "review",
      about: "accept or reject a customer who was submitted or suspended",
      options: [
        CUSTOMER,
        { flags: "--decision <decision>", about: "accept or reject", required: true },
        { flags: "--tier <tier>", about: "of an acceptance: a short code, for example basic" },
        { flags: "--days <days>", about: "life of an acceptance (365)" },
        REASON,
      ],
      examples: [
        "custody kyc review --customer c-1001 --decision accept --tier basic --days 365 --reason documents-checked",
      ],
      changes: true,
      load: () => import("./review.ts"),
    },
    {
      name: "suspend",
      about: "take an acceptance back until another review",
      options: [CUSTOMER, REASON],
      changes: true,
      load: () => import("./suspend.ts"),
    },
    {
      name: "import",
      about: "import reviews made elsewhere: JSON lines of ref, decision, tier, expires, reason",
      arguments: [{ name: "<file>", about: "the list; - for stdin" }],
      changes: true,
      load: () => import("./import.ts"),
    },
    {
      name: "show",
      about: "show where a customer stands, and every decision",
      options: [CUSTOMER],
      load: () => import("./show.ts"),
    },
  ],
};
