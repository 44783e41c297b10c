import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { requiredFlag, switchedOn, type Call } from "../../src/terminal/command.ts";
import { BINARY_TO_TERMINAL, FILE_EXISTS, writeOutput } from "../../src/terminal/files.ts";
import { USAGE } from "../../src/terminal/program.ts";

/**
 * Finds out that the answer could not be written before anything is signed, so that an officer's work is not lost.
 * @throws FILE_EXISTS, BINARY_TO_TERMINAL, USAGE
 */
export function assertOutFree({ io, flags, json }: Call): void {
  const out = requiredFlag(flags, "out");
  if (out === "-") {
    if (json) throw USAGE("--json and --out - both want stdout", { field: "--out", hint: "give --out FILE" });
    if (io.stdout.isTTY) {
      throw BINARY_TO_TERMINAL("a document is not written to the terminal", {
        field: "--out",
        hint: "give --out FILE",
      });
    }
    return;
  }
  if (existsSync(resolve(io.cwd, out)) && !switchedOn(flags, "force")) {
    throw FILE_EXISTS(`${out} already exists`, {
      field: "--out",
      hint: "choose another --out, or add --force to replace it",
    });
  }
}

/** Writes a document whose journal entry is on disk already. */
export function writeAnswer({ io, flags }: Call, bytes: Uint8Array): void {
  writeOutput(io, requiredFlag(flags, "out"), bytes, { force: switchedOn(flags, "force") });
}
