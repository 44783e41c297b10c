import type { ProgramSpec } from "../src/terminal/command.ts";
import { NODE_OPTIONS } from "../src/home/node-options.ts";

const PASS_OPTIONS = [
  ...NODE_OPTIONS,
  { flags: "--from-height <height>", about: "first block to read for deposits, the first time" },
];

export const WATCHER_PROGRAM: ProgramSpec = {
  name: "custody-watcher",
  about: "Broadcasts signed transactions, follows them to finality, credits deposits.",
  homeName: "custody",
  homeVariable: "CUSTODY_HOME",
  commands: [
    {
      name: "once",
      about: "one pass over everything, then end",
      options: PASS_OPTIONS,
      load: () => import("./commands/once.ts"),
    },
    {
      name: "run",
      about: "pass after pass until stopped; one JSON object a line with --json",
      options: [
        ...PASS_OPTIONS,
        { flags: "--interval <seconds>", about: "pause between passes (15)" },
        {
          flags: "--metrics-port <port>",
          about: "serve /metrics and /health on 127.0.0.1; 0 takes a free port",
        },
      ],
      load: () => import("./commands/run.ts"),
    },
    {
      name: "status",
      about: "what is being sent and followed, and the nodes as they are now",
      options: NODE_OPTIONS,
      load: () => import("./commands/status.ts"),
    },
  ],
};
