import { CARRIED_ABOUT } from "../../terminal/carry-options.ts";
import type { Noun } from "../../terminal/command.ts";
import { HAND_OVER_OPTIONS } from "../options.ts";

export const rates: Noun = {
  name: "rates",
  about: "what assets are worth in the reference currency, as compliance or an admin has signed it",
  verbs: [
    {
      name: "new",
      about: "write rates as an unsigned document",
      options: [
        {
          flags: "--rate <asset=price...>",
          about: "price of one whole asset in the currency: btc=58123.45",
          required: true,
        },
        { flags: "--hours <hours>", about: "how long they are in force (24)" },
        ...HAND_OVER_OPTIONS,
      ],
      examples: ["custody rates new --rate btc=58123.45 --out rates.json"],
      load: () => import("./new.ts"),
    },
    {
      name: "import",
      about: "take signed rates over: from now on payments are valued by them",
      arguments: [{ name: "<file>", about: `signed rates: ${CARRIED_ABOUT}` }],
      examples: ["custody rates import rates.signed.json"],
      changes: true,
      load: () => import("./import.ts"),
    },
    {
      name: "show",
      about: "show the newest rates, whether they are in force, and those before them",
      options: [{ flags: "--limit <rows>", about: "how many earlier ones to list (10)" }],
      load: () => import("./show.ts"),
    },
  ],
};
