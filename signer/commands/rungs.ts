import { LIMITS } from "../../src/core/limits.ts";
import { FLAG_MALFORMED, optionalFlag, type Flags } from "../../src/terminal/command.ts";
import type { RungRange } from "../gates/g12-sign.ts";

/** `--rungs 1-2`: places from 1, as reviews count them; undefined without the flag. @throws FLAG_MALFORMED */
export function rungsFlag(flags: Flags): RungRange | undefined {
  const text = optionalFlag(flags, "rungs");
  if (text === undefined) return undefined;
  const match = /^([1-9])(?:-([1-9]))?$/.exec(text);
  const from = Number.parseInt(match?.[1] ?? "0", 10);
  const to = Number.parseInt(match?.[2] ?? match?.[1] ?? "0", 10);
  if (match !== null && from <= to && to <= LIMITS.rungsPerPlanMax) return { from: from - 1, to: to - 1 };
  throw FLAG_MALFORMED(`--rungs ${JSON.stringify(text)} is not a range from 1 to ${LIMITS.rungsPerPlanMax}`, {
    field: "--rungs",
    hint: "for example --rungs 1-2",
  });
}
