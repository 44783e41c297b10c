import type { Verb } from "../../terminal/command.ts";

export const setup: Verb = {
  name: "setup",
  about:
    "found a custody: asks who the people are and how much may move; cards, errands, then the policy draft",
  arguments: [{ name: "[dir]", about: "the folder that is carried between the machines (this one)" }],
  options: [
    { flags: "--answers <file>", about: "take the answers from a file instead of asking" },
    { flags: "--continue", about: "take in the cards that are there, and say who is missing" },
    { flags: "--force", about: "replace what an earlier set-up wrote; signatures begin anew" },
  ],
  examples: [
    "custody setup founding",
    "custody setup founding --continue",
    "custody setup founding --answers founding/answers.json --force",
  ],
  changes: true,
  load: () => import("./run.ts"),
};
