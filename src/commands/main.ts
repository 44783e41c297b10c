import { runProgram } from "../terminal/program.ts";
import type { Io } from "../terminal/io.ts";
import { CUSTODY } from "./program.ts";

/** Runs `custody`. @returns the exit code */
export function main(io: Io): Promise<number> {
  return runProgram(CUSTODY, io);
}
