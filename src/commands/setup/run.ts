import { declareError } from "../../core/errors.ts";
import { shellWord } from "../../core/shell-word.ts";
import { optionalFlag, switchedOn, type Run } from "../../terminal/command.ts";
import { begin } from "./begin.ts";
import { goOn } from "./continue.ts";

export const SETUP_UNCLEAR = declareError(
  "SETUP_UNCLEAR",
  "usage",
  "A set-up cannot be begun and continued by one command.",
);

/** Begins a set-up, or takes it further with what people and signers have sent. */
export const run: Run = async (call) => {
  const dir = call.args[0] ?? ".";
  if (!switchedOn(call.flags, "continue")) return begin(call, dir);
  if (optionalFlag(call.flags, "answers") === undefined) return goOn(call, dir);
  throw SETUP_UNCLEAR("--answers begins a set-up, --continue goes on with one", {
    field: "--answers",
    hint: `custody setup ${shellWord(dir)} --continue   (it has its answers in ${shellWord(dir)})`,
  });
};
