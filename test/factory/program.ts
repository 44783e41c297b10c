import type { Call, Outcome, ProgramSpec } from "../../src/terminal/command.ts";

/** A small program with every shape of command. `onCall` sees each call that reaches a command. */
export function sampleProgram(onCall: (call: Call) => Outcome | void = () => undefined): ProgramSpec {
  const load = async () => ({
    run: async (call: Call): Promise<Outcome> => onCall(call) ?? { data: { ran: true }, text: "ran" },
  });
  return {
    name: "sample",
    about: "A program for tests.",
    homeName: "sample-home",
    homeVariable: "SAMPLE_HOME",
    commands: [
      {
        name: "withdraw",
        about: "payments to customers",
        verbs: [
          {
            name: "request",
            about: "ask for a payment",
            changes: true,
            options: [
              { flags: "--amount <decimal>", about: "how much", required: true },
              { flags: "--approval <file...>", about: "signed approvals" },
              { flags: "--force", about: 'it\'s -- "forced" [really]' },
            ],
            examples: ["sample withdraw request --amount 0.25"],
            load,
          },
          { name: "show", about: "one payment", arguments: [{ name: "<id>", about: "its id" }], load },
          {
            name: "import",
            about: "signed documents",
            arguments: [{ name: "<file...>", about: "the files" }],
            changes: true,
            load,
          },
        ],
      },
      { name: "status", about: "what is stuck and why", load },
    ],
  };
}
