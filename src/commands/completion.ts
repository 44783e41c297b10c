import { completionScript, parseShell } from "../terminal/completion.ts";
import type { Run } from "../terminal/command.ts";

export const run: Run = async ({ args, program }) => {
  const shell = parseShell(args[0] ?? "");
  return { data: { shell }, text: completionScript(program, shell) };
};
