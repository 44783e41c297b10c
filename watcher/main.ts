import type { Io } from "../src/terminal/io.ts";
import { runProgram } from "../src/terminal/program.ts";
import { WATCHER_PROGRAM } from "./program.ts";

/** Runs `custody-watcher`. @returns the exit code */
export function main(io: Io): Promise<number> {
  return runProgram(WATCHER_PROGRAM, io);
}
