import { CARRIED_ABOUT } from "../../terminal/carry-options.ts";
import type { Noun } from "../../terminal/command.ts";
import { NODE_OPTIONS } from "../../home/node-options.ts";
import { CHAIN_OPTION } from "../chain-flag.ts";
import { HAND_OVER_OPTIONS, PAGE_OPTIONS } from "../options.ts";

export const beneficiary: Noun = {
  name: "beneficiary",
  about: "where customers may be paid: destinations as signed documents",
  verbs: [
    {
      name: "add",
      about: "write a destination for the beneficiary quorum to sign",
      options: [
        { flags: "--customer <ref>", about: "whose destination it is", required: true },
        { flags: "--to <address>", about: "the customer's own address", required: true },
        CHAIN_OPTION,
        {
          flags: "--contract",
          about: "it is a contract: its code, as the nodes have it now, is signed as well",
        },
        {
          flags: "--gas-limit <gas>",
          about: "the most gas that a payment to the contract may have (100000)",
        },
        { flags: "--days <days>", about: "life of the destination (365)" },
        { flags: "--customer-key <key>", about: "the customer's own key, which must sign it too" },
        ...HAND_OVER_OPTIONS,
        ...NODE_OPTIONS,
      ],
      changes: true,
      load: () => import("./add.ts"),
    },
    {
      name: "import",
      about: "import signed destinations",
      arguments: [{ name: "<files...>", about: `signed beneficiaries, each ${CARRIED_ABOUT}` }],
      changes: true,
      load: () => import("./import.ts"),
    },
    {
      name: "list",
      about: "list the destinations, and what those not in force wait for",
      options: [{ flags: "--customer <ref>", about: "of one customer" }, ...PAGE_OPTIONS],
      load: () => import("./list.ts"),
    },
    {
      name: "show",
      about: "show one destination with who has signed it",
      arguments: [{ name: "<digest>", about: "its digest, as list shows it" }],
      load: () => import("./show.ts"),
    },
  ],
};
