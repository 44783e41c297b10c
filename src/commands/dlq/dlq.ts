import { WARRANT_OPTIONS } from "../options.ts";
import type { Noun } from "../../terminal/command.ts";

const LETTER = [{ name: "<letter>", about: "the dead letter's id" }];

export const dlq: Noun = {
  name: "dlq",
  about: "dead letters: what was given up after too many failures, until two persons decide",
  verbs: [
    {
      name: "list",
      about: "what stands still, why, and since when",
      options: [
        { flags: "--state <state>", about: "OPEN (default), REQUEUED, DROPPED or ALL" },
        { flags: "--limit <count>", about: "rows (50)" },
        { flags: "--after <letter>", about: "continue after this one" },
      ],
      load: () => import("./list.ts"),
    },
    {
      name: "show",
      about: "one dead letter",
      arguments: LETTER,
      load: () => import("./show.ts"),
    },
    {
      name: "requeue",
      about: "have it tried again: --out drafts the warrant, --warrant does it",
      arguments: LETTER,
      options: WARRANT_OPTIONS,
      changes: true,
      load: () => import("./requeue.ts"),
    },
    {
      name: "drop",
      about: "put it away unsolved: --out drafts the warrant, --warrant does it",
      arguments: LETTER,
      options: WARRANT_OPTIONS,
      changes: true,
      load: () => import("./drop.ts"),
    },
  ],
};
