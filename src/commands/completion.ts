import { declareError } from "../core/errors.ts";
import { completionScript, isShell } from "../terminal/completion.ts";
import type { Run } from "../terminal/command.ts";

export const SHELL_UNKNOWN = declareError(
  "SHELL_UNKNOWN",
  "usage",
  "Completion is not made for a shell of this name.",
);

export const run: Run = async ({ args, program }) => {
  const shell = args[0] ?? "";
  if (!isShell(shell))
    throw SHELL_UNKNOWN(`there is no completion for ${JSON.stringify(shell)}`, {
      field: "shell",
      hint: "bash, zsh or fish",
    });
  return { data: { shell }, text: completionScript(program, shell) };
};
